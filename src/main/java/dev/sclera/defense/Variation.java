package dev.sclera.defense;

/**
 * How a perturbation is varied for one image.
 *
 * @param factor that it is multiplied by, −1 to 1
 * @param down by how many rows the image's are further down in the perturbation
 * @param across the same of columns; what leaves on one side comes back on the other
 */
record Variation(double factor, int down, int across) {

    /** Is told which value of a perturbation is added to which of an image. */
    @FunctionalInterface
    interface Pairs {
        void of(int inDelta, int inImage);
    }

    /** Goes through the values of an image of {@code [h,w,3]}. */
    void pairs(int height, int width, Pairs pairs) {
        for (int y = 0; y < height; y++) {
            int line = Math.floorMod(y + down, height) * width;
            for (int x = 0; x < width; x++) {
                int from = (line + Math.floorMod(x + across, width)) * 3;
                int to = (y * width + x) * 3;
                for (int channel = 0; channel < 3; channel++) {
                    pairs.of(from + channel, to + channel);
                }
            }
        }
    }
}
