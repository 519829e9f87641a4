package dev.sclera.dataset.image;

/** Turns and mirrors pictures as EXIF's orientation asks for (EXIF 2.3, tag 274). */
final class Orientation {

    private Orientation() {}

    /**
     * The picture as it is to be seen.
     *
     * @param stored as it is in the file
     * @param orientation where the stored first row and first column are seen: 1 top left, 2 top right, 3 bottom right,
     *     4 bottom left, 5 left top, 6 right top, 7 right bottom, 8 left bottom
     */
    static Picture upright(Picture stored, int orientation) {
        if (orientation == 1) {
            return stored;
        }
        boolean swapped = orientation >= 5;
        int height = swapped ? stored.width() : stored.height();
        int width = swapped ? stored.height() : stored.width();
        boolean rowsFromBottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
        boolean columnsFromRight = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
        byte[] rgb = new byte[stored.rgb().length];
        int to = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int down = rowsFromBottom ? height - 1 - y : y;
                int along = columnsFromRight ? width - 1 - x : x;
                int from = 3 * (swapped ? along * stored.width() + down : down * stored.width() + along);
                rgb[to++] = stored.rgb()[from];
                rgb[to++] = stored.rgb()[from + 1];
                rgb[to++] = stored.rgb()[from + 2];
            }
        }
        return new Picture(height, width, rgb);
    }
}
