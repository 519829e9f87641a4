package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import dev.sclera.dataset.Images;
import dev.sclera.gradient.Layers;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Singular vectors: Khrulkov and Oseledets 2018, <i>Art of Singular Vectors and Universal Adversarial
 * Perturbations</i>. δ is what a hidden layer's Jacobians, of some 64 images together, lengthen most: the
 * (p,q)-singular vector, which maximises {@code Σ‖J(x)δ‖_q} under {@code ‖δ‖_p = ε}, found by the generalised power
 * method (Boyd 1974). p is the norm of the bound and q = 10, as in the paper. The paper finds early layers the
 * strongest; of the graders tried a middle one was, and so the default.
 *
 * <p>The paper leaves the sign of δ open, for J(−δ) is as long; here the one that fools more of the images is taken. In
 * L1, where the very steepest δ is one value alone, it is spread as {@link Ball#climb} does. No labels are needed, and
 * an iteration counts two evaluations per image, one for J and one for its transpose.
 */
final class SingularVector implements Attack {

    /** What the layer's response grows by, relatively, when it is taken to have converged. */
    private static final double LEAST_GROWTH = 1e-3;

    /** An iteration, and the look that decides on the sign: what is asked of each image at least. */
    private static final int LEAST_EVALUATIONS = 4;

    @Override
    public String name() {
        return "sv-uap";
    }

    @Override
    public String summary() {
        return "The singular vector of a hidden layer's Jacobian, by the power method (Khrulkov & Oseledets 2018)";
    }

    @Override
    public Access access() {
        return Access.WHITE_BOX;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public boolean takesTarget() {
        return false;
    }

    @Override
    public Options options() {
        return Options.of(
                new Options.Number("layer", "Which layer's activation: 0 the first, 1 the last", 0.4, 0, 1),
                new Options.Number("q", "The norm of the layer's response", 10, 1, 20),
                new Options.Number("images", "How many images", 64, 1, 100_000));
    }

    @Override
    public double defaultStep() {
        return 1;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        return new SingularRun(problem, oracle, images);
    }

    private static final class SingularRun implements Run {

        private final Problem problem;
        private final Oracle oracle;
        private final CraftingImages images;
        private final Batch sample;
        private final Layers layers;
        private final double power;
        private final float[] delta;
        private double response = Double.NaN;
        private boolean converged;
        private boolean signed;

        SingularRun(Problem problem, Oracle oracle, CraftingImages images) {
            this.problem = problem;
            this.oracle = oracle;
            this.images = images;
            this.layers = new Layers.ActivatedAt(problem.options().number("layer"));
            this.power = problem.options().number("q");
            long affordable = problem.allowance() / LEAST_EVALUATIONS / oracle.members();
            this.sample =
                    images.sample((int) Math.max(1, Math.min(problem.options().whole("images"), affordable)), 0);
            this.delta = new float[problem.size()];
            SplittableRandom random = new SplittableRandom(problem.seed());
            float[] start = new float[problem.size()];
            for (int i = 0; i < start.length; i++) {
                start[i] = (float) (random.nextDouble() - 0.5);
            }
            problem.ball().climb(delta, start, problem.epsilon());
        }

        @Override
        public float[] delta() {
            return delta;
        }

        @Override
        public Turn turn(long index) {
            long perModel = oracle.left() / oracle.members();
            if (converged || perModel < (long) LEAST_EVALUATIONS * sample.size()) {
                choose(sample.head((int) Math.max(1, perModel / 2)));
                signed = true;
                return new Turn(0, 0, 0);
            }
            return iterate();
        }

        private Turn iterate() {
            float[] direction = delta.clone();
            // powers of the response stay within what a float holds
            double scale = 1 / (response > 0 ? response : problem.epsilon());
            Ball.scale(direction, scale);
            Oracle.Slope slope = oracle.jacobianPower(layers, power, sample, direction);
            double longer = Math.pow(slope.loss() / sample.size(), 1 / power) / scale;
            converged = longer <= response * (1 + LEAST_GROWTH) || longer == 0;
            response = longer;
            Arrays.fill(delta, 0);
            problem.ball().climb(delta, slope.gradient(), problem.epsilon());
            return new Turn(sample.size(), longer * sample.size(), Double.NaN);
        }

        private void choose(Batch looked) {
            float[] opposite = delta.clone();
            Ball.scale(opposite, -1);
            Images seen = looked.gathered();
            if (images.changed(looked, oracle.grades(seen, opposite))
                    > images.changed(looked, oracle.grades(seen, delta))) {
                System.arraycopy(opposite, 0, delta, 0, delta.length);
            }
        }

        @Override
        public boolean done() {
            return signed;
        }

        @Override
        public float[] save() {
            float[] flags = {converged ? 1 : 0, signed ? 1 : 0};
            return Saved.join(delta, flags, Saved.doubles(response));
        }

        @Override
        public void restore(float[] saved) {
            float[][] parts = Saved.split(saved, 3);
            System.arraycopy(parts[0], 0, delta, 0, delta.length);
            converged = parts[1][0] > 0;
            signed = parts[1][1] > 0;
            response = Saved.doubles(parts[2])[0];
        }
    }
}
