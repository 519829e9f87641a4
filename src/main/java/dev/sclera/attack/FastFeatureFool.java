package dev.sclera.attack;

import dev.sclera.dataset.Images;
import dev.sclera.gradient.FeatureLoss;

/**
 * A universal perturbation from the model alone: it raises the mean activation of every layer, and so leads features
 * astray that images of every kind share. Mopuri et al. 2017, <i>Fast Feature Fool: A data independent approach to
 * universal adversarial perturbations</i> (−Σ log of the mean activations; Adam with a step of a hundredth of the
 * bound, a uniformly random start, δ halved every 300 steps).
 *
 * <p>Where it differs: δ is projected in L2 and L1 too; it is stretched to the bound at the end; the budget ends it,
 * not saturation; the paper's nets have ReLU, and of other activations the positive part counts. δ is added to the
 * model's mean pixel, as a mean-free input has it, rounded to 8 bits. Transformers: see
 * {@link dev.sclera.gradient.Layers.Hidden}.
 */
final class FastFeatureFool implements Attack {

    private static final int BETWEEN_COMPRESSIONS = 300;

    @Override
    public String name() {
        return "fff";
    }

    @Override
    public String summary() {
        return "Data-free: raises the mean activation of every layer (Fast Feature Fool, Mopuri et al. 2017)";
    }

    @Override
    public Access access() {
        return Access.DATA_FREE;
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public Options options() {
        return Options.of(FeatureRun.LAYERS);
    }

    @Override
    public boolean takesTarget() {
        return false;
    }

    @Override
    public int defaultBatch() {
        return 1;
    }

    @Override
    public double defaultStep() {
        return 0.01;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        Images grey = Substitutes.of(problem, oracle).grey();
        return new FeatureRun(problem, oracle, new FeatureRun.Search() {
            @Override
            public FeatureLoss loss(int model) {
                return new FeatureLoss.LogMeans();
            }

            @Override
            public boolean raised() {
                return false;
            }

            @Override
            public Images shown(long index, int most) {
                return grey;
            }

            @Override
            public boolean compresses(long index, double saturation, double gained) {
                return (index + 1) % BETWEEN_COMPRESSIONS == 0;
            }
        });
    }
}
