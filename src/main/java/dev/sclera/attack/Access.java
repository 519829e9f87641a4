package dev.sclera.attack;

import java.util.Locale;

/** What an attack has to have to craft a perturbation. */
public enum Access {
    /** Nothing: noise of the same norm, which attacks are compared with. */
    CONTROL,
    /** The model with its gradients, and images. */
    WHITE_BOX,
    /** The model with its gradients, and no image. */
    DATA_FREE,
    /** The model's answers to images, and nothing of its inside. */
    BLACK_BOX;

    boolean looksAtImages() {
        return this == WHITE_BOX || this == BLACK_BOX;
    }

    /** The word for it in records and tables, for example {@code white-box}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
