package dev.sclera.attack;

import dev.sclera.dataset.Images;
import dev.sclera.gradient.FeatureLoss;

/**
 * A universal perturbation from the model alone: it raises the norms of the activations of all layers. Mopuri et al.
 * 2018, <i>Generalizable Data-free Objective for Crafting Universal Adversarial Perturbations</i> (−Σ log of the L2
 * norms of the activations, without a prior of the data or with that of their range; Adam with a step of a hundredth of
 * the bound; δ is halved once its saturation grows by less than 10⁻⁵).
 *
 * <p>Prior {@code none} shows the model δ alone, on its mean pixel; prior {@code range} shows it on Gaussian noise
 * about the mean pixel, 99.9 % of it within the range of pixels, anew in each step. The paper's third prior, samples of
 * the data, would be no attack without data.
 *
 * <p>Where it differs: δ is halved only when at least half of it is at the bound, lest it be in the first steps; the
 * paper stops by the fooling rate on a substitute set, here the budget ends the run; δ is stretched to the bound at the
 * end. From the paper alone. Transformers: see {@link dev.sclera.gradient.Layers.Hidden}.
 */
final class GeneralizableDataFree implements Attack {

    private static final double LEAST_GAIN = 1e-5;
    private static final double SATURATED = 0.5;

    @Override
    public String name() {
        return "gd-uap";
    }

    @Override
    public String summary() {
        return "Data-free: raises the norms of the activations of all layers (GD-UAP, Mopuri et al. 2018)";
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
        return Options.of(FeatureRun.LAYERS, Substitutes.PRIOR);
    }

    @Override
    public boolean takesTarget() {
        return false;
    }

    @Override
    public int defaultBatch() {
        return 4;
    }

    @Override
    public double defaultStep() {
        return 0.01;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        Substitutes substitutes = Substitutes.of(problem, oracle);
        return new FeatureRun(problem, oracle, new FeatureRun.Search() {
            @Override
            public FeatureLoss loss(int model) {
                return new FeatureLoss.LogNorms();
            }

            @Override
            public boolean raised() {
                return true;
            }

            @Override
            public Images shown(long index, int most) {
                return substitutes.shown(most, index);
            }

            @Override
            public boolean compresses(long index, double saturation, double gained) {
                return stalls(saturation, gained);
            }
        });
    }

    /** Whether δ is to be halved, see {@link FeatureRun.Search#compresses}. */
    static boolean stalls(double saturation, double gained) {
        return saturation >= SATURATED && gained < LEAST_GAIN;
    }
}
