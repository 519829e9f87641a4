package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Stochastic gradient aggregation: Liu, Zhong, Zhang, Qin and Deng 2023, <i>Enhancing Generalization of Universal
 * Adversarial Perturbation through Gradient Aggregation</i>. Within each large batch an inner δ goes ahead by steps on
 * small random batches; their slopes, summed up, make one step of the outer δ. Small batches find the way out of poor
 * maxima, and the sum keeps their noise from δ.
 *
 * <p>After the paper alone, and so are the step of 1/255 at ε = 10/255, which is 0.1 ε, and the loss: cross-entropy,
 * clamped at 9. Ours: small batches of 8 and 4 inner steps by default, which share a large batch as big as other
 * attacks', where the paper takes 10 and 10 ({@code small} and {@code inner}, with a batch of 100 or more); small
 * batches are drawn without replacement, so that an outer step takes no more of them than its large batch has; and the
 * outer step shrinks linearly to a tenth unless {@code last-step} is 1. Norms other than L∞, in which the paper works,
 * by their own steepest step.
 */
final class GradientAggregation implements Attack {

    @Override
    public String name() {
        return "sga";
    }

    @Override
    public String summary() {
        return "Stochastic gradient aggregation: small batches look ahead, their summed slope takes one step (Liu et al. 2023)";
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
    public Options options() {
        return Options.of(
                new Options.Number("small", "Images of an inner step", 8, 1, 4096),
                new Options.Number("inner", "Inner steps per outer step", 4, 1, 1000),
                new Options.Number("last-step", "What the last step is of the first", 0.1, 0, 1));
    }

    @Override
    public double defaultStep() {
        return 0.1;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        return new AggregationRun(problem, oracle, images);
    }

    private static final class AggregationRun implements Run {

        private final Problem problem;
        private final Oracle oracle;
        private final CraftingImages images;
        private final Ball ball;
        private final MomentumAscent outer;

        AggregationRun(Problem problem, Oracle oracle, CraftingImages images) {
            this.problem = problem;
            this.oracle = oracle;
            this.images = images;
            this.ball = problem.ball();
            this.outer = new MomentumAscent(problem, 0, problem.options().number("last-step"));
        }

        @Override
        public float[] delta() {
            return outer.delta();
        }

        @Override
        public Turn turn(long index) {
            Batch large = images.batch(index);
            double progress = oracle.progress();
            float[] inner = outer.delta().clone();
            float[] sum = new float[inner.length];
            int seen = 0;
            double loss = 0;
            double fooled = 0;
            for (Batch piece : pieces(large, index)) {
                if (oracle.left() == 0) {
                    break;
                }
                Batch batch = oracle.within(piece);
                Oracle.Slope slope = oracle.slope(ProjectedGradient.question(problem, batch), batch, inner);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += slope.gradient()[i];
                }
                ball.climb(inner, slope.gradient(), problem.step() * problem.epsilon());
                ball.project(inner);
                seen += batch.size();
                loss += slope.loss();
                fooled += slope.fooled();
            }
            outer.step(sum, progress);
            return new Turn(seen, loss, fooled);
        }

        /** The large batch in a random order, in pieces. */
        private List<Batch> pieces(Batch large, long turn) {
            int[] order = Shuffle.of(large.size(), problem.seed(), Math.toIntExact(-3 - turn), 0);
            int small = problem.options().whole("small");
            List<Batch> pieces = new ArrayList<>();
            for (int start = 0;
                    start < order.length && pieces.size() < problem.options().whole("inner");
                    start += small) {
                pieces.add(large.only(Arrays.copyOfRange(order, start, Math.min(order.length, start + small))));
            }
            return pieces;
        }

        @Override
        public float[] save() {
            return outer.save();
        }

        @Override
        public void restore(float[] saved) {
            outer.restore(saved);
        }
    }
}
