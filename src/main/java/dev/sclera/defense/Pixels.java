package dev.sclera.defense;

import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import java.util.SplittableRandom;

/** How the pixels of a training image are made: turned and mirrored, perturbed, rounded to 8 bits as a user sees it. */
final class Pixels {

    private final int height;
    private final int width;
    private final Augmentation augmentation;
    private final Mix mix;

    Pixels(int height, int width, Augmentation augmentation, Mix mix) {
        this.height = height;
        this.width = width;
        this.augmentation = augmentation;
        this.mix = mix;
    }

    /**
     * Augments an image.
     *
     * @param row of the image
     * @param random says how
     * @param levels to write it to, {@code [h,w,3]}, 0 to 255
     */
    void augment(Images images, int row, SplittableRandom random, float[] levels) {
        boolean mirrored = random.nextBoolean() && augmentation.horizontalFlip();
        boolean upsideDown = random.nextBoolean() && augmentation.verticalFlip();
        double angle = Math.toRadians(augmentation.rotation() * (2 * random.nextDouble() - 1));
        byte[] pixels = images.pixels();
        int start = row * images.stride();
        double cosine = Math.cos(angle);
        double sine = Math.sin(angle);
        double middleY = (height - 1) / 2.0;
        double middleX = (width - 1) / 2.0;
        for (int y = 0; y < height; y++) {
            int fromY = upsideDown ? height - 1 - y : y;
            for (int x = 0; x < width; x++) {
                int fromX = mirrored ? width - 1 - x : x;
                int to = (y * width + x) * 3;
                if (angle == 0) {
                    int from = start + (fromY * width + fromX) * 3;
                    for (int channel = 0; channel < 3; channel++) {
                        levels[to + channel] = pixels[from + channel] & 0xff;
                    }
                } else {
                    double dy = fromY - middleY;
                    double dx = fromX - middleX;
                    between(
                            pixels,
                            start,
                            middleY + cosine * dy + sine * dx,
                            middleX - sine * dy + cosine * dx,
                            levels,
                            to);
                }
            }
        }
    }

    /** Bilinear between the four pixels around a point; beyond the edge, the edge's. */
    private void between(byte[] pixels, int start, double y, double x, float[] levels, int to) {
        double insideY = Math.max(0, Math.min(height - 1, y));
        double insideX = Math.max(0, Math.min(width - 1, x));
        int top = (int) insideY;
        int left = (int) insideX;
        int bottom = Math.min(height - 1, top + 1);
        int right = Math.min(width - 1, left + 1);
        double down = insideY - top;
        double across = insideX - left;
        for (int channel = 0; channel < 3; channel++) {
            double above = (1 - across) * level(pixels, start, top, left, channel)
                    + across * level(pixels, start, top, right, channel);
            double below = (1 - across) * level(pixels, start, bottom, left, channel)
                    + across * level(pixels, start, bottom, right, channel);
            levels[to + channel] = (float) ((1 - down) * above + down * below);
        }
    }

    private int level(byte[] pixels, int start, int y, int x, int channel) {
        return pixels[start + (y * width + x) * 3 + channel] & 0xff;
    }

    /** Draws how a perturbation is varied for one image, as the mix has it. */
    Variation variation(SplittableRandom random) {
        double sign = random.nextBoolean() && mix.randomSign() ? -1 : 1;
        double scale = mix.leastScale() + (1 - mix.leastScale()) * random.nextDouble();
        int down = random.nextInt(2 * mix.shift() + 1) - mix.shift();
        int across = random.nextInt(2 * mix.shift() + 1) - mix.shift();
        return new Variation(sign * scale, down, across);
    }

    /**
     * Adds a perturbation, varied.
     *
     * @param levels {@code [h,w,3]}, 0 to 255, to add it to
     */
    void perturb(Delta delta, Variation variation, float[] levels) {
        float factor = (float) (255 * variation.factor());
        float[] values = delta.values();
        variation.pairs(height, width, (inDelta, inImage) -> levels[inImage] += factor * values[inDelta]);
    }

    /** Rounds levels to 8 bits, and brings them to {@code [0,1]}. */
    static void finish(float[] levels) {
        for (int i = 0; i < levels.length; i++) {
            levels[i] = Math.round(Math.max(0f, Math.min(255f, levels[i]))) / 255f;
        }
    }
}
