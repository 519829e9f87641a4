package dev.sclera.attack;

import java.util.Arrays;

/** Several arrays kept in one: lengths first, whose bits stand in place of floats. */
final class Saved {

    private Saved() {}

    static float[] join(float[]... parts) {
        int length = parts.length
                + Arrays.stream(parts).mapToInt(part -> part.length).sum();
        float[] joined = new float[length];
        int position = parts.length;
        for (int i = 0; i < parts.length; i++) {
            joined[i] = Float.intBitsToFloat(parts[i].length);
            System.arraycopy(parts[i], 0, joined, position, parts[i].length);
            position += parts[i].length;
        }
        return joined;
    }

    /**
     * @param count how many arrays were joined
     * @throws IllegalArgumentException where it were others
     */
    static float[][] split(float[] joined, int count) {
        float[][] parts = new float[count][];
        int position = count;
        for (int i = 0; i < count; i++) {
            int length = joined.length < count ? -1 : Float.floatToRawIntBits(joined[i]);
            if (length < 0 || length > joined.length - position) {
                throw new IllegalArgumentException(
                        "a saved state of %d values does not hold %d arrays".formatted(joined.length, count));
            }
            parts[i] = Arrays.copyOfRange(joined, position, position + length);
            position += length;
        }
        return parts;
    }

    /** Doubles, bit for bit, in two floats each. */
    static float[] doubles(double... values) {
        return longs(
                Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray());
    }

    static double[] doubles(float[] saved) {
        return Arrays.stream(longs(saved)).mapToDouble(Double::longBitsToDouble).toArray();
    }

    /** Whole numbers, bit for bit, in two floats each. */
    static float[] longs(long... values) {
        float[] saved = new float[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            saved[2 * i] = Float.intBitsToFloat((int) (values[i] >>> 32));
            saved[2 * i + 1] = Float.intBitsToFloat((int) values[i]);
        }
        return saved;
    }

    static long[] longs(float[] saved) {
        long[] values = new long[saved.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((long) Float.floatToRawIntBits(saved[2 * i]) << 32)
                    | (Float.floatToRawIntBits(saved[2 * i + 1]) & 0xffff_ffffL);
        }
        return values;
    }
}
