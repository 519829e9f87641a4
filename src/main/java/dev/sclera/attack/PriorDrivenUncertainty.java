package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import dev.sclera.dataset.Images;
import dev.sclera.gradient.FeatureLoss;
import dev.sclera.gradient.Layers;
import dev.sclera.model.Feature;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A universal perturbation from the model alone: it makes the model uncertain of its features, and itself a texture,
 * for it is by textures that convolutional networks go. Liu et al. 2019, <i>Universal Adversarial Perturbation via
 * Prior Driven Uncertainty Approximation</i>: Monte-Carlo dropout over all layers, whose remaining activations are to
 * be large; a prior, that δ has the style (the Gram matrix of a middle layer) of a texture; and a Laplacian pyramid
 * that evens out the frequencies of the slope. As in the authors' code a tenth of the activations is kept, there are 10
 * samples, the pyramid splits off two octaves, and δ is halved as {@link GeneralizableDataFree} does; the share of the
 * texture, 0.001 beside logarithms that are four times ours, is the default of 0.00025.
 *
 * <p>After the paper's abstract and what its authors' program sets. Where it differs: the style is that of the attacked
 * model's own middle convolution, not of another network; the texture is drawn ({@link Rings}) and shown at the bound
 * on the model's mean pixel; δ starts from it, where their program starts from noise ({@code start=noise}); Adam
 * climbs, not a bounded one; the budget ends the run; and as in {@code gd-uap} δ may be shown on noise of the pixels'
 * range.
 */
final class PriorDrivenUncertainty implements Attack {

    private static final int OCTAVES = 2;

    /** Multipliers of a fixed random number: so many leave its fraction fine enough. */
    private static final int MULTIPLIERS = 1024;

    @Override
    public String name() {
        return "pd-ua";
    }

    @Override
    public String summary() {
        return "Data-free: raises the uncertainty of all layers, with a texture as prior (PD-UA, Liu et al. 2019)";
    }

    @Override
    public Access access() {
        return Access.DATA_FREE;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Options options() {
        return Options.of(
                FeatureRun.LAYERS,
                Substitutes.PRIOR,
                new Options.Number("samples", "how many samples of dropout per step", 10, 1, 100),
                new Options.Number("kept", "the share of the activations that each sample leaves", 0.1, 0.001, 1),
                new Options.Number("texture", "the weight of the texture, 0 for none", 0.00025, 0, 1000),
                new Options.Choice(
                        "frequencies",
                        "whether those of the slope are evened out",
                        "even",
                        List.of("even", "as-they-are")),
                new Options.Choice("start", "what δ starts from", "texture", List.of("texture", "noise")));
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
        float[] texture = Rings.draw(problem.height(), problem.width(), problem.seed());
        problem.ball().extend(texture);
        problem.ball().project(texture);
        boolean textured = problem.options().choice("start").equals("texture");
        return new FeatureRun(
                problem,
                oracle,
                new UncertaintySearch(problem, oracle, texture),
                textured ? texture.clone() : UniformNoise.within(problem));
    }

    private static final class UncertaintySearch implements FeatureRun.Search {

        private final Problem problem;
        private final Substitutes substitutes;
        private final int samples;
        private final boolean even;
        private final List<FeatureLoss> losses;

        UncertaintySearch(Problem problem, Oracle oracle, float[] texture) {
            this.problem = problem;
            this.substitutes = Substitutes.of(problem, oracle);
            this.samples = problem.options().whole("samples");
            this.even = problem.options().choice("frequencies").equals("even");
            float[] shown = texture.clone();
            double[] mean = substitutes.mean();
            for (int i = 0; i < shown.length; i++) {
                shown[i] += (float) mean[i % 3];
            }
            this.losses = IntStream.range(0, oracle.members())
                    .mapToObj(model -> loss(oracle.feature(model, new Layers.ActivatedAt(0.5), shown)))
                    .toList();
        }

        private FeatureLoss loss(Feature feature) {
            float[] gram = feature.gram();
            // where the texture excites nothing, there is nothing to be like
            double weight = Ball.euclidean(gram) > 0 ? problem.options().number("texture") : 0;
            return new FeatureLoss.Uncertainty(
                    samples, problem.options().number("kept"), new FeatureLoss.Texture(feature.tensor(), gram, weight));
        }

        @Override
        public FeatureLoss loss(int model) {
            return losses.get(model);
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
        public float[][] vectors(long index, int images) {
            SplittableRandom random = Shuffle.generator(problem.seed(), index, 15);
            float[][] draws = new float[images][2 * samples];
            for (float[] ofImage : draws) {
                for (int sample = 0; sample < samples; sample++) {
                    ofImage[2 * sample] = 1 + random.nextInt(MULTIPLIERS);
                    ofImage[2 * sample + 1] = (float) random.nextDouble();
                }
            }
            return draws;
        }

        @Override
        public float[] followed(float[] slope) {
            return even ? new LaplacianPyramid(OCTAVES).of(slope, problem.height(), problem.width()) : slope;
        }

        @Override
        public boolean compresses(long index, double saturation, double gained) {
            return GeneralizableDataFree.stalls(saturation, gained);
        }
    }
}
