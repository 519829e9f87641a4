package dev.sclera.dataset.synthetic;

/**
 * An eye's fundus, as it lies in the photograph; lengths in the units of {@link Point}.
 *
 * @param side which eye
 * @param disc the optic disc's middle
 * @param discDiameter its mean diameter
 * @param discAspect its height over its width
 * @param cup the cup's diameter over the disc's
 * @param fovea the fovea: about 2.5 disc diameters temporal of the disc and slightly below
 * @param pigment how dark the fundus is, 0 to 1
 * @param tessellation how much of the choroid's vessels shines through, 0 to 1
 * @param sheen how much the nerve fibre layer shines, as it does in the young, 0 to 1
 * @param crescent how strong the pale crescent at the disc's temporal edge is, 0 to 1
 * @param tortuosity how much vessels wind, about 1
 * @param calibre the widest veins' diameter over the disc's
 */
public record Anatomy(
        Side side,
        Point disc,
        double discDiameter,
        double discAspect,
        double cup,
        Point fovea,
        double pigment,
        double tessellation,
        double sheen,
        double crescent,
        double tortuosity,
        double calibre) {

    static Anatomy draw(Side side, Chance chance) {
        double diameter = chance.between(0.225, 0.29);
        double along = chance.between(2.35, 2.7) * diameter;
        double below = chance.between(0.1, 0.45) * diameter;
        // a photograph is centred on the macula, or between it and the disc
        double shift = chance.withProbability(0.65) ? chance.between(-0.08, 0.1) : chance.between(0.18, 0.4);
        Point fovea = new Point(side.temporal() * shift * along * 1.2, chance.between(-0.08, 0.1));
        Point disc = fovea.plus(-side.temporal() * along, -below);
        double pigment = chance.between(0, 1);
        double tessellation = Math.max(0, chance.between(-0.35, 1) - 0.45 * pigment);
        return new Anatomy(
                side,
                disc,
                diameter,
                chance.between(1.0, 1.18),
                chance.between(0.25, 0.6),
                fovea,
                pigment,
                tessellation,
                chance.withProbability(0.4) ? chance.between(0.3, 1) : 0,
                chance.withProbability(0.3) ? chance.between(0.3, 1) : 0,
                chance.between(0.55, 1.5),
                chance.between(0.108, 0.14));
    }

    /** How far a place is from the disc's middle, 1 being its edge. */
    double discDistance(double x, double y) {
        double dx = (x - disc.x()) * discAspect;
        double dy = y - disc.y();
        return Math.sqrt((dx * dx + dy * dy) / discAspect) * 2 / discDiameter;
    }
}
