package dev.sclera.dataset;

import dev.sclera.dataset.image.Picture;
import java.util.Arrays;

/**
 * Brings pictures to the one size of a dataset: cropped to the fundus where asked for, padded with black to a square,
 * so that nothing is distorted, and resized. A picture that has the size already keeps its pixels bit for bit.
 *
 * @param size rows and columns of the canonical images
 * @param crop whether to crop to the bounding circle of the fundus first
 */
record Canonical(int size, boolean crop) {

    Picture of(Picture picture) {
        return resized(padded(crop ? FundusCrop.of(picture) : picture), size);
    }

    /** The picture in the middle of a black square; an odd row or column of padding goes below or to the right. */
    static Picture padded(Picture picture) {
        int side = Math.max(picture.height(), picture.width());
        if (picture.height() == picture.width()) {
            return picture;
        }
        byte[] square = new byte[3 * side * side];
        int top = (side - picture.height()) / 2;
        int left = (side - picture.width()) / 2;
        for (int y = 0; y < picture.height(); y++) {
            System.arraycopy(
                    picture.rgb(), 3 * y * picture.width(), square, 3 * ((top + y) * side + left), 3 * picture.width());
        }
        return new Picture(side, side, square);
    }

    private static Picture resized(Picture picture, int size) {
        if (picture.height() == size && picture.width() == size) {
            return picture;
        }
        float[] narrow = narrowed(picture, size);
        byte[] rgb = new byte[3 * size * size];
        float[] row = new float[3 * size];
        for (int y = 0; y < size; y++) {
            ResizeWeights.Window window = ResizeWeights.window(picture.height(), size, y);
            Arrays.fill(row, 0);
            for (int k = 0; k < window.weights().length; k++) {
                float weight = (float) window.weights()[k];
                int from = (window.start() + k) * row.length;
                for (int i = 0; i < row.length; i++) {
                    row[i] += weight * narrow[from + i];
                }
            }
            for (int i = 0; i < row.length; i++) {
                rgb[y * row.length + i] = (byte) Math.max(0, Math.min(255, Math.round(row[i])));
            }
        }
        return new Picture(size, size, rgb);
    }

    private static float[] narrowed(Picture picture, int size) {
        byte[] rgb = picture.rgb();
        float[] narrow = new float[3 * picture.height() * size];
        for (int x = 0; x < size; x++) {
            ResizeWeights.Window window = ResizeWeights.window(picture.width(), size, x);
            double[] weights = window.weights();
            for (int y = 0; y < picture.height(); y++) {
                int from = 3 * (y * picture.width() + window.start());
                float red = 0;
                float green = 0;
                float blue = 0;
                for (double weight : weights) {
                    red += (float) weight * (rgb[from] & 0xff);
                    green += (float) weight * (rgb[from + 1] & 0xff);
                    blue += (float) weight * (rgb[from + 2] & 0xff);
                    from += 3;
                }
                int to = 3 * (y * size + x);
                narrow[to] = red;
                narrow[to + 1] = green;
                narrow[to + 2] = blue;
            }
        }
        return narrow;
    }
}
