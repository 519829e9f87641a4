package dev.sclera.dataset.synthetic;

/**
 * What a JPEG file's compression does to a picture: the cosine transform of blocks of 8×8 is rounded, as ITU-T T.81 has
 * it, with the tables of its annex K. Blocks that the picture's edge would cut stay as they are.
 */
final class BlockCompression {

    private static final int SIDE = 8;
    private static final int[] LUMINANCE = {
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29,
        51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121,
        120, 101, 72, 92, 95, 98, 112, 100, 103, 99
    };
    private static final float[] BASIS = basis();
    private static final float[] INVERSE = transposed(BASIS);

    private BlockCompression() {}

    /**
     * Compresses and decompresses.
     *
     * @param rgb {@code [size,size,3]}, changed in place
     * @param strength by what the tables are multiplied, halved: 1 for a quality of 75
     */
    static void compress(byte[] rgb, int size, double strength) {
        float[] block = new float[SIDE * SIDE * 3];
        float[] plane = new float[SIDE * SIDE];
        float[] spare = new float[SIDE * SIDE];
        for (int top = 0; top + SIDE <= size; top += SIDE) {
            for (int left = 0; left + SIDE <= size; left += SIDE) {
                read(rgb, size, top, left, block);
                for (int channel = 0; channel < 3; channel++) {
                    for (int i = 0; i < plane.length; i++) {
                        plane[i] = block[3 * i + channel];
                    }
                    quantise(plane, spare, channel == 0, (float) strength / 2);
                    for (int i = 0; i < plane.length; i++) {
                        block[3 * i + channel] = plane[i];
                    }
                }
                write(rgb, size, top, left, block);
            }
        }
    }

    private static void quantise(float[] plane, float[] spare, boolean luminance, float strength) {
        transform(plane, spare, false);
        for (int i = 0; i < plane.length; i++) {
            int table = luminance ? LUMINANCE[i] : Math.min(99, 17 + 6 * (i / SIDE + i % SIDE) * (i / SIDE + i % SIDE));
            float step = Math.max(1, strength * table);
            plane[i] = step * Math.round(plane[i] / step);
        }
        transform(plane, spare, true);
    }

    /** The transform in two dimensions, or its inverse: the basis is orthonormal. */
    private static void transform(float[] plane, float[] spare, boolean inverse) {
        float[] basis = inverse ? INVERSE : BASIS;
        lines(plane, spare, basis);
        lines(spare, plane, basis);
    }

    /** Transforms the rows, and transposes. */
    private static void lines(float[] from, float[] to, float[] basis) {
        for (int line = 0; line < SIDE; line++) {
            for (int i = 0; i < SIDE; i++) {
                float sum = 0;
                for (int k = 0; k < SIDE; k++) {
                    sum += from[line * SIDE + k] * basis[i * SIDE + k];
                }
                to[i * SIDE + line] = sum;
            }
        }
    }

    private static float[] basis() {
        float[] basis = new float[SIDE * SIDE];
        for (int frequency = 0; frequency < SIDE; frequency++) {
            for (int i = 0; i < SIDE; i++) {
                double scale = frequency == 0 ? Math.sqrt(1.0 / SIDE) : Math.sqrt(2.0 / SIDE);
                basis[frequency * SIDE + i] =
                        (float) (scale * StrictMath.cos(Math.PI * (2 * i + 1) * frequency / (2 * SIDE)));
            }
        }
        return basis;
    }

    private static float[] transposed(float[] matrix) {
        float[] transposed = new float[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            transposed[i % SIDE * SIDE + i / SIDE] = matrix[i];
        }
        return transposed;
    }

    /** As luminance and two differences of colour. */
    private static void read(byte[] rgb, int size, int top, int left, float[] block) {
        for (int i = 0; i < SIDE * SIDE; i++) {
            int at = 3 * ((top + i / SIDE) * size + left + i % SIDE);
            float r = rgb[at] & 0xff;
            float g = rgb[at + 1] & 0xff;
            float b = rgb[at + 2] & 0xff;
            float y = 0.299f * r + 0.587f * g + 0.114f * b;
            block[3 * i] = y - 128;
            block[3 * i + 1] = 0.564f * (b - y);
            block[3 * i + 2] = 0.713f * (r - y);
        }
    }

    private static void write(byte[] rgb, int size, int top, int left, float[] block) {
        for (int i = 0; i < SIDE * SIDE; i++) {
            int at = 3 * ((top + i / SIDE) * size + left + i % SIDE);
            float y = block[3 * i] + 128;
            float cb = block[3 * i + 1];
            float cr = block[3 * i + 2];
            rgb[at] = clipped(y + 1.402f * cr);
            rgb[at + 1] = clipped(y - 0.344f * cb - 0.714f * cr);
            rgb[at + 2] = clipped(y + 1.772f * cb);
        }
    }

    private static byte clipped(float value) {
        return (byte) Math.round(Math.max(0, Math.min(255, value)));
    }
}
