package dev.sclera.defense;

import java.util.Map;

/**
 * What is done to a training image before a perturbation is added; anew in every epoch.
 *
 * @param horizontalFlip whether it is mirrored left to right, by the toss of a coin
 * @param verticalFlip whether it is mirrored top to bottom, likewise
 * @param rotation by up to how many degrees it is turned either way about its middle, 0 to 180; bilinear, the edge's
 *     pixels going on beyond it
 */
public record Augmentation(boolean horizontalFlip, boolean verticalFlip, double rotation) {

    /** Flips both ways: an eye is as healthy in the mirror. */
    public static final Augmentation DEFAULT = new Augmentation(true, true, 0);

    /** Images as they are. */
    public static final Augmentation NONE = new Augmentation(false, false, 0);

    void check() {
        Allowed.range("augmentation.rotation", rotation, 0, 180);
    }

    Map<String, Object> parameters() {
        return Map.of("horizontalFlip", horizontalFlip, "verticalFlip", verticalFlip, "rotation", rotation);
    }
}
