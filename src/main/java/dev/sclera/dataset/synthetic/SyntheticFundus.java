package dev.sclera.dataset.synthetic;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws fundus photographs of one size. What is drawn follows from the seed, the grade and the side alone, to the bit
 * on every machine; at another size it is the same eye.
 */
public final class SyntheticFundus {

    /** The version of the procedure: a change of what a seed becomes needs a new one. */
    public static final String VERSION = "synthetic-fundus/1";

    /** Pictures are drawn at least so large, and reduced. */
    private static final int LEAST_SIDE = 384;

    private final int size;

    /**
     * Draws pictures of one size.
     *
     * @param size rows and columns, 16 to 1024
     */
    public SyntheticFundus(int size) {
        if (size < 16 || size > 1024) {
            throw new IllegalArgumentException("a size of " + size + " is not between 16 and 1024");
        }
        this.size = size;
    }

    /**
     * A photograph.
     *
     * @param grade 0 to 4
     */
    public FundusPhotograph photograph(long seed, int grade, Side side) {
        // eyes of different grades share nothing, lest a grader learn a seed
        Chance chance = new Chance(new SplittableRandom(seed * 31 + grade * 7L + side.ordinal()));
        Anatomy eye = Anatomy.draw(side, chance.apart());
        Camera camera = Camera.draw(chance.apart());
        LesionPlan plan = LesionPlan.of(grade, chance.apart());
        Canvas canvas = new Canvas(size * Math.max(2, (LEAST_SIDE + size - 1) / size));
        Sites sites = new Sites(eye, camera, chance.apart());
        VesselLesions vascular = new VesselLesions(eye, canvas, sites, chance.apart());
        List<Vessel> vessels = VesselTree.grow(eye, chance.apart());
        Set<Quadrant> beaded = vascular.draw(vessels, plan.beading());
        if (plan.discVessels()) {
            vascular.atDisc();
        }
        for (int i = 0; i < plan.vesselsElsewhere(); i++) {
            vascular.elsewhere();
        }
        plan.irmaBeside(beaded).forEach(vascular::irma);
        new BloodLesions(eye, canvas, sites, chance.apart()).draw(plan);
        new PaleLesions(eye, canvas, sites, chance.apart()).draw(plan);
        Retina retina = new Retina(eye, chance.apart());
        return new FundusPhotograph(
                seed,
                grade,
                eye,
                new Exposure(camera, retina, canvas).take(size, chance.apart()),
                new LesionMap(size, canvas.labels(size)),
                sites.taken());
    }
}
