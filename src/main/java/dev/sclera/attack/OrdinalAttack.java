package dev.sclera.attack;

import java.util.List;

/**
 * Lowers quadratic-weighted kappa, the figure by which graders of an ordinal scale are judged, by its own slope: see
 * {@link OrdinalKappa}. Ours.
 *
 * <p>Kappa is 0 wherever a model answers everything alike, and where it does so by one grade it gives way far more
 * easily than by another. So the run first tries each grade for a short while, and goes on from the one at which kappa
 * was lowest: see {@link OrdinalRun}.
 */
final class OrdinalAttack implements Attack {

    @Override
    public String name() {
        return "ordinal";
    }

    @Override
    public String summary() {
        return "Gradient ascent on the loss of quadratic-weighted kappa itself (Sclera's own)";
    }

    @Override
    public Access access() {
        return Access.WHITE_BOX;
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public Options options() {
        return Options.of(
                new Options.Number("search", "the share of the budget that tries each grade first", 0.3, 0, 0.9),
                new Options.Choice(
                        "objective",
                        "what is climbed: each image's expected cost, or its logarithm",
                        "log-cost",
                        List.of("log-cost", "cost")));
    }

    @Override
    public boolean takesTarget() {
        return false;
    }

    @Override
    public int defaultBatch() {
        // many steps on few images each went further than few steps on many, at the same budget
        return 8;
    }

    @Override
    public double defaultStep() {
        return 0.1;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        return new OrdinalRun(problem, oracle, images);
    }
}
