package dev.sclera.attack;

import dev.sclera.ascent.Norm;
import dev.sclera.dataset.Images;
import dev.sclera.gradient.FeatureLoss;
import dev.sclera.gradient.Layers;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The run of an attack that has no images and excites a model's features. δ is compressed when the attack says so, to
 * be able to move on where it has run into the bound; what the run gives is always stretched to the whole bound, so
 * that one that ends after a compression loses nothing.
 */
final class FeatureRun implements Attack.Run {

    /** The option that says which activations are excited. */
    static final Options.Choice LAYERS = new Options.Choice(
            "layers",
            "which activations: those behind every convolution (of a transformer, of every block), or the last map alone",
            "all",
            List.of("all", "last"));

    private final Problem problem;
    private final Oracle oracle;
    private final Search search;
    private final Layers layers;
    private final List<FeatureLoss> losses;
    private final AdamAscent ascent;
    private float saturation;

    /** A run from uniform noise. */
    FeatureRun(Problem problem, Oracle oracle, Search search) {
        this(problem, oracle, search, UniformNoise.within(problem));
    }

    /** @param start where δ starts, within the ball; becomes δ */
    FeatureRun(Problem problem, Oracle oracle, Search search, float[] start) {
        this.problem = problem;
        this.oracle = oracle;
        this.search = search;
        this.layers = problem.options().choice("layers").equals("all") ? new Layers.Hidden() : new Layers.LastMap();
        this.losses =
                IntStream.range(0, oracle.members()).mapToObj(search::loss).toList();
        this.ascent = new AdamAscent(problem, 1, start);
    }

    /** What differs from attack to attack. */
    interface Search {

        /** What the features of a model are to reach. */
        FeatureLoss loss(int model);

        /** Whether an attack raises it. */
        boolean raised();

        /**
         * What δ is added to.
         *
         * @param most how many images at most
         */
        Images shown(long index, int most);

        /** What else the losses want of each image; nothing as a rule. */
        default float[][] vectors(long index, int images) {
            return new float[0][];
        }

        /** What δ follows in place of the slope; the slope itself as a rule. */
        default float[] followed(float[] slope) {
            return slope;
        }

        /**
         * Whether δ is to be compressed.
         *
         * @param saturation how much of δ is at the bound, 0 to 1
         * @param gained by how much that grew by the last step
         */
        boolean compresses(long index, double saturation, double gained);
    }

    @Override
    public float[] delta() {
        float[] whole = ascent.delta().clone();
        problem.ball().extend(whole);
        return whole;
    }

    @Override
    public Attack.Turn turn(long index) {
        int most = (int) Math.max(1, Math.min(problem.batch(), oracle.left() / oracle.members()));
        Images shown = search.shown(index, most);
        Oracle.Slope slope = oracle.features(
                layers, losses, search.raised(), shown, search.vectors(index, shown.count()), ascent.delta());
        ascent.step(search.followed(slope.gradient()), oracle.progress());
        float before = saturation;
        saturation = saturation();
        if (search.compresses(index, saturation, (double) saturation - before)) {
            ascent.shrink(0.5);
            saturation = saturation();
        }
        return new Attack.Turn(shown.count(), slope.loss(), slope.fooled());
    }

    /** In L∞ the share of the values at the bound; else the norm, relative to the bound. */
    private float saturation() {
        float[] delta = ascent.delta();
        if (problem.norm() != Norm.LINF) {
            return (float) (problem.ball().norm(delta) / problem.epsilon());
        }
        float bound = (float) problem.epsilon();
        int there = 0;
        for (float value : delta) {
            there += Math.abs(value) >= bound ? 1 : 0;
        }
        return (float) there / delta.length;
    }

    @Override
    public float[] save() {
        return Saved.join(ascent.save(), new float[] {saturation});
    }

    @Override
    public void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 2);
        ascent.restore(parts[0]);
        saturation = parts[1][0];
    }
}
