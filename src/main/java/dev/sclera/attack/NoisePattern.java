package dev.sclera.attack;

/** A family of grey patterns with a few parameters. */
interface NoisePattern {

    /** How many parameters there are. */
    int parameters();

    /**
     * Draws the pattern of some parameters.
     *
     * @param point per parameter where it is in its range, 0 to 1
     * @return {@code [h,w]}, about 0
     */
    float[] draw(float[] point, int height, int width);

    /** A value between two, evenly on a scale of logarithms. */
    static double between(double least, double most, float share) {
        return least * Math.pow(most / least, share);
    }

    /** One of 1 … most. */
    static int oneOf(int most, float share) {
        return Math.min(most, 1 + (int) (share * most));
    }
}
