package dev.sclera.dataset.synthetic;

/**
 * How a vessel divides at the least cost of pumping and of blood (Murray 1926, <i>The physiological principle of
 * minimum work</i>): the cube of the radius is preserved, and the angles follow from the radii.
 *
 * @param larger radius of the wider daughter
 * @param smaller radius of the narrower
 * @param largerTurn by which angle the wider turns off its parent's way, radians
 * @param smallerTurn by which angle the narrower turns off, to the other side
 */
record Murray(double larger, double smaller, double largerTurn, double smallerTurn) {

    /**
     * A division.
     *
     * @param parent the parent's radius
     * @param ratio the narrower daughter's radius over the wider's, above 0 to 1
     */
    static Murray divide(double parent, double ratio) {
        double larger = parent / StrictMath.cbrt(1 + ratio * ratio * ratio);
        double smaller = ratio * larger;
        return new Murray(larger, smaller, turn(parent, larger, smaller), turn(parent, smaller, larger));
    }

    private static double turn(double parent, double own, double other) {
        double cosine = (power4(parent) + power4(own) - power4(other)) / (2 * parent * parent * own * own);
        return StrictMath.acos(Math.max(-1, Math.min(1, cosine)));
    }

    private static double power4(double x) {
        return x * x * x * x;
    }
}
