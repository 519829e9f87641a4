package dev.sclera.attack;

import java.util.SplittableRandom;

/**
 * A texture: the plane tiled with concentric rings, black and white in turn; how the tiles lie is random. It stands in
 * for the picture of circles that came with an attack's paper, and takes no file.
 */
final class Rings {

    private static final int TILES = 5;
    private static final int RINGS_PER_TILE = 3;

    private Rings() {}

    /**
     * Draws it.
     *
     * @return {@code [h,w,3]}, the same in all channels, −1 or 1
     */
    static float[] draw(int height, int width, long seed) {
        SplittableRandom random = Shuffle.generator(seed, 0, 14);
        double tile = Math.max(4, Math.min(height, width) / (double) TILES);
        double down = tile * random.nextDouble();
        double across = tile * random.nextDouble();
        float[] texture = new float[height * width * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double radius = Math.hypot(fromCentre(y + down, tile), fromCentre(x + across, tile));
                boolean white = (int) (2 * RINGS_PER_TILE * radius / tile) % 2 == 0;
                for (int channel = 0; channel < 3; channel++) {
                    texture[(y * width + x) * 3 + channel] = white ? 1 : -1;
                }
            }
        }
        return texture;
    }

    private static double fromCentre(double place, double tile) {
        return place % tile - tile / 2;
    }
}
