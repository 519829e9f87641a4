package dev.sclera.dataset;

import dev.sclera.dataset.image.Picture;

/**
 * Crops a fundus photograph to the square around the bounding circle of the fundus, without its black border.
 *
 * <p>A pixel is lit where its brightest channel is above {@value #DARKEST} plus a tenth of the picture's mean of that
 * channel. The fundus reaches from the first to the last row and column of which at least one part in {@value #SHARE}
 * is lit, so that specks, a date stamp's dots or sensor noise in the border do not count. The square is centred on that
 * box with its longer side, which is the circle's diameter also where the camera cut it off above and below; where it
 * reaches beyond the picture, black is added. A box below a sixteenth of the picture is no fundus: the picture is then
 * left as it is.
 */
final class FundusCrop {

    private static final int DARKEST = 12;
    private static final int SHARE = 50;

    private FundusCrop() {}

    static Picture of(Picture picture) {
        int height = picture.height();
        int width = picture.width();
        int[] litInRow = new int[height];
        int[] litInColumn = new int[width];
        double threshold = DARKEST + mean(picture) / 10;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (brightness(picture, y * width + x) > threshold) {
                    litInRow[y]++;
                    litInColumn[x]++;
                }
            }
        }
        int least = Math.max(1, Math.min(height, width) / SHARE);
        int top = first(litInRow, least);
        int bottom = last(litInRow, least);
        int left = first(litInColumn, least);
        int right = last(litInColumn, least);
        long area = (long) Math.max(0, bottom - top + 1) * Math.max(0, right - left + 1);
        boolean whole = top == 0 && left == 0 && bottom == height - 1 && right == width - 1;
        if (whole || area * 16 < (long) height * width) {
            return picture;
        }
        int side = Math.max(bottom - top, right - left) + 1;
        return cut(picture, (top + bottom + 1 - side) / 2, (left + right + 1 - side) / 2, side);
    }

    private static Picture cut(Picture picture, int top, int left, int side) {
        byte[] rgb = new byte[3 * side * side];
        int start = Math.max(0, left);
        int end = Math.min(picture.width(), left + side);
        for (int y = Math.max(0, top); y < Math.min(picture.height(), top + side); y++) {
            System.arraycopy(
                    picture.rgb(),
                    3 * (y * picture.width() + start),
                    rgb,
                    3 * ((y - top) * side + start - left),
                    3 * (end - start));
        }
        return new Picture(side, side, rgb);
    }

    private static double mean(Picture picture) {
        long sum = 0;
        int pixels = picture.height() * picture.width();
        for (int i = 0; i < pixels; i++) {
            sum += brightness(picture, i);
        }
        return (double) sum / pixels;
    }

    private static int brightness(Picture picture, int pixel) {
        byte[] rgb = picture.rgb();
        return Math.max(rgb[3 * pixel] & 0xff, Math.max(rgb[3 * pixel + 1] & 0xff, rgb[3 * pixel + 2] & 0xff));
    }

    private static int first(int[] lit, int least) {
        int i = 0;
        while (i < lit.length && lit[i] < least) {
            i++;
        }
        return i;
    }

    private static int last(int[] lit, int least) {
        int i = lit.length - 1;
        while (i >= 0 && lit[i] < least) {
            i--;
        }
        return i;
    }
}
