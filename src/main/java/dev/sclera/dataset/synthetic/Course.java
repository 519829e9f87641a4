package dev.sclera.dataset.synthetic;

/** Where a vessel strives to; places in disc diameters from the disc, x towards the temple and y down. */
sealed interface Course {

    /** The heading, in radians, that it would like to have. */
    double heading(double x, double y);

    /** How readily it turns there, per disc diameter. */
    double readiness();

    /** Whether it ends here. */
    boolean ends(double x, double y);

    /**
     * A temporal arcade: around the macula.
     *
     * @param centre how far temporal the arc's middle is
     * @param level how far below the disc that is
     * @param radius of the arc at the disc, where it is stretched by {@code squash} downwards
     * @param opening by which share the radius grows around the arc
     * @param squash its height over its width
     * @param up whether it is the superior one
     */
    record Arcade(double centre, double level, double radius, double opening, double squash, boolean up)
            implements Course {

        @Override
        public double heading(double x, double y) {
            double px = x - centre;
            double py = (y - level) / squash;
            double distance = Math.sqrt(px * px + py * py) + 1e-6;
            double around = StrictMath.atan2(Math.abs(py), -px) / Math.PI;
            double pull = 0.9 * (radius * (1 + opening * around) - distance);
            int turn = up ? 1 : -1;
            return StrictMath.atan2(turn * px * squash + pull * py, -turn * py + pull * px);
        }

        @Override
        public double readiness() {
            return 2.2;
        }

        @Override
        public boolean ends(double x, double y) {
            // where the two arcades would meet, temporal of the macula
            return x > centre + 0.7 && Math.abs(y - level) < 0.35;
        }
    }

    /** Straight on, more or less. */
    record Onward(double bearing) implements Course {

        @Override
        public double heading(double x, double y) {
            return bearing;
        }

        @Override
        public double readiness() {
            return 0.8;
        }

        @Override
        public boolean ends(double x, double y) {
            return false;
        }
    }

    /**
     * Towards the fovea, but never into the zone around it that has no vessels.
     *
     * @param x of the fovea
     * @param y of the fovea
     * @param nearest how near it comes
     */
    record Macular(double x, double y, double nearest) implements Course {

        @Override
        public double heading(double fromX, double fromY) {
            return StrictMath.atan2(y - fromY, x - fromX);
        }

        @Override
        public double readiness() {
            return 1.1;
        }

        @Override
        public boolean ends(double fromX, double fromY) {
            return (x - fromX) * (x - fromX) + (y - fromY) * (y - fromY) < nearest * nearest;
        }
    }
}
