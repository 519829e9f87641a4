package dev.sclera.ascent;

import java.util.Locale;

/** The norm in which a perturbation is bounded, over all pixels and channels; 1 is the full pixel range. */
public enum Norm {
    /** The largest magnitude. */
    LINF,
    /** The Euclidean norm. */
    L2,
    /** The sum of magnitudes. */
    L1;

    /** The norm that records name so: {@code linf}, {@code l2} or {@code l1}. */
    public static Norm of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
