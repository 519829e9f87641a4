package dev.sclera.attack;

/**
 * The figure to quote: a fixed portfolio with restarts, and the strongest δ that it found is the result. Nothing is to
 * be set, as AutoAttack has it for perturbations of single images (Croce and Hein 2020, <i>Reliable Evaluation of
 * Adversarial Robustness with an Ensemble of Diverse Parameter-free Attacks</i>); ours in what is tried, see
 * {@link AutoRun}: every aim is tried for a while; one way goes on to the aim that was nearest, another up the slope of
 * kappa as long as that leads somewhere, and the stronger end is taken; where no aim is near, one way goes to an aim
 * that is far or another up the slope of cross-entropy.
 *
 * <p>Strongest means: the lowest quadratic-weighted kappa on the crafting images, as far as those tell that were asked
 * about on the way and in a trial at the end; where a target is aimed at, the most images that are graded as it.
 */
final class AutoAttack implements Attack {

    @Override
    public String name() {
        return "auto";
    }

    @Override
    public String summary() {
        return "The strongest of a fixed portfolio of attacks, found within one budget; nothing to set (Sclera's own,"
                + " after Croce & Hein 2020)";
    }

    @Override
    public Access access() {
        return Access.WHITE_BOX;
    }

    @Override
    public int version() {
        return 11;
    }

    @Override
    public int defaultBatch() {
        // many steps on few images each go further than few steps on many, at the same budget
        return 4;
    }

    @Override
    public double defaultStep() {
        return 0.1;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        return new AutoRun(problem, oracle, images);
    }
}
