package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import dev.sclera.gradient.Loss;
import dev.sclera.model.ImageGradients;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Simple iterative universal perturbations: Hirano and Takemoto 2020, <i>Simple Iterative Method for Generating
 * Targeted Universal Adversarial Perturbations</i>; Hirano, Minagi and Takemoto 2021, <i>Universal Adversarial Attacks
 * on Deep Neural Networks for Medical Image Classification</i>, untargeted too. Image after image that δ does not fool
 * yet, or not into the target, δ takes one step of the fast gradient method: along the slope of the cross-entropy of
 * the model's own clean answer, or of the target. The paper keeps a step only where that one step fools the image
 * ({@code keep=fooling}), and then goes back into the ball.
 *
 * <p>With {@code keep=all} and batches of one it is the rule without that condition. Ours: several images may share a
 * step, which follows the sum of their slopes and is kept where it fools any of them; and δ itself is never cut where
 * one image's pixels end, as ART's loop does with the image at hand.
 */
final class IterativeFastGradient implements Attack {

    @Override
    public String name() {
        return "ifgsm-uap";
    }

    @Override
    public String summary() {
        return "Fast gradient steps on the images not fooled yet, one after the other (Hirano & Takemoto 2020)";
    }

    @Override
    public Access access() {
        return Access.WHITE_BOX;
    }

    @Override
    public boolean batchesSpeakForAll() {
        return true;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Options options() {
        return Options.of(
                new Options.Choice(
                        "keep",
                        "Which steps are kept: all, or those that fool an image at once, as in the paper",
                        "all",
                        List.of("all", "fooling")),
                new Options.Number("last-step", "What the last step is of the first", 0.1, 0, 1));
    }

    @Override
    public int defaultBatch() {
        return 4;
    }

    @Override
    public double defaultStep() {
        return 0.1;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        return new FastGradientRun(problem, oracle, images);
    }

    private static final class FastGradientRun implements Run {

        private final Problem problem;
        private final Oracle oracle;
        private final CraftingImages images;
        private final Ball ball;
        private final boolean keepAll;
        private final float[] delta;

        FastGradientRun(Problem problem, Oracle oracle, CraftingImages images) {
            this.problem = problem;
            this.oracle = oracle;
            this.images = images;
            this.ball = problem.ball();
            this.keepAll = problem.options().choice("keep").equals("all");
            this.delta = new float[problem.size()];
        }

        /** The images of a batch that a model is not fooled on, and what was asked of it. */
        private record Missed(int model, Batch batch) {}

        @Override
        public float[] delta() {
            return delta;
        }

        @Override
        public Turn turn(long index) {
            Batch batch = oracle.within(images.batch(index));
            double progress = oracle.progress();
            float[] slope = new float[delta.length];
            List<Missed> missed = new ArrayList<>();
            double loss = 0;
            double changed = 0;
            for (int model = 0; model < oracle.members(); model++) {
                ImageGradients.EachResult answer = oracle.each(model, question(batch), batch, delta);
                float[] own = new float[delta.length];
                int[] left = missed(model, batch, answer.grades());
                for (int i : left) {
                    add(own, answer.gradients()[i]);
                }
                oracle.add(slope, own);
                if (left.length > 0) {
                    missed.add(new Missed(model, batch.only(left)));
                }
                loss += Arrays.stream(answer.losses()).sum() / oracle.members();
                changed += images.changed(model, batch, answer.grades()) / (double) oracle.members();
            }
            if (!missed.isEmpty()) {
                step(slope, progress, missed);
            }
            return new Turn(batch.size(), loss, changed);
        }

        private void step(float[] slope, double progress, List<Missed> missed) {
            if (problem.target() != null) {
                Ball.scale(slope, -1);
            }
            double last = problem.options().number("last-step");
            float[] moved = delta.clone();
            ball.climb(moved, slope, problem.step() * problem.epsilon() * (1 - (1 - last) * progress));
            if (keepAll || foolsAny(missed, moved)) {
                ball.project(moved);
                System.arraycopy(moved, 0, delta, 0, delta.length);
            }
        }

        private boolean foolsAny(List<Missed> missed, float[] moved) {
            boolean any = false;
            for (Missed of : missed) {
                if (of.batch.size() > oracle.left()) {
                    return any;
                }
                int[] grades = oracle.each(of.model, question(of.batch), of.batch, moved)
                        .grades();
                any |= missed(of.model, of.batch, grades).length < of.batch.size();
            }
            return any;
        }

        private Question question(Batch batch) {
            if (problem.target() == null) {
                return new Question(new Loss.CrossEntropy(), model -> images.cleanGrades(model, batch), null);
            }
            return new Question(new Loss.CrossEntropy(), batch.all(problem.target()));
        }

        private int[] missed(int model, Batch batch, int[] grades) {
            int[] clean = images.cleanGrades(model, batch);
            return IntStream.range(0, batch.size())
                    .filter(i -> problem.target() == null ? grades[i] == clean[i] : grades[i] != problem.target())
                    .toArray();
        }

        private static void add(float[] sum, float[] addend) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += addend[i];
            }
        }

        @Override
        public float[] save() {
            return delta.clone();
        }

        @Override
        public void restore(float[] saved) {
            System.arraycopy(saved, 0, delta, 0, delta.length);
        }
    }
}
