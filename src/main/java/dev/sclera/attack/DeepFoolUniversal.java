package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Norm;
import dev.sclera.model.ImageGradients;
import java.util.List;

/**
 * The first universal perturbations: Moosavi-Dezfooli, Fawzi, Fawzi and Frossard 2017, <i>Universal Adversarial
 * Perturbations</i>, algorithm 1. Image after image that δ does not fool yet, δ grows by the least that takes the image
 * over the border of its grade, as {@linkplain DeepFool} finds it, and goes back into the ball. As in the authors' code
 * an image whose border is not reached within the iterations adds nothing, the overshoot is 0.02 and the iterations at
 * most 10.
 *
 * <p>Ours: {@code inner=same} measures "the least" in the norm of the bound (DeepFool for general norms), where the
 * authors always take the Euclidean one, {@code inner=l2}; what one image adds is no more than the step allows, which
 * at its default of 2 changes nothing in L∞; of several models each has its turn with an image. It goes image by image
 * whatever the batch, and its slopes are those of images as they are, whatever the augmentation.
 *
 * <p>A look at an image is one evaluation, and each iteration one per grade but the image's own.
 */
final class DeepFoolUniversal implements Attack {

    @Override
    public String name() {
        return "deepfool-uap";
    }

    @Override
    public String summary() {
        return "The least step over the border, image after image (Moosavi-Dezfooli et al. 2017, with DeepFool)";
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
                new Options.Number("overshoot", "How much further than the border", 0.02, 0, 10),
                new Options.Number("iterations", "DeepFool's iterations per image, at most", 10, 1, 1000),
                new Options.Choice(
                        "inner",
                        "The norm in which DeepFool's step is least: that of the bound, or as in the paper l2",
                        "same",
                        List.of("same", "l2")));
    }

    @Override
    public double defaultStep() {
        return 2;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        return new DeepFoolRun(problem, oracle, images);
    }

    private static final class DeepFoolRun implements Run {

        private final Oracle oracle;
        private final CraftingImages images;
        private final Ball ball;
        private final Ball step;
        private final DeepFool deepFool;
        private final float[] delta;
        private int number;
        private int position;

        DeepFoolRun(Problem problem, Oracle oracle, CraftingImages images) {
            this.oracle = oracle;
            this.images = images;
            this.ball = problem.ball();
            this.step = new Ball(problem.norm(), problem.step() * problem.epsilon());
            Options options = problem.options();
            Norm inner = options.choice("inner").equals("l2") ? Norm.L2 : problem.norm();
            this.deepFool = new DeepFool(oracle, inner, options.number("overshoot"), options.whole("iterations"));
            this.delta = new float[problem.size()];
        }

        @Override
        public float[] delta() {
            return delta;
        }

        @Override
        public Turn turn(long index) {
            Batch batch = images.batch(number);
            Batch image = batch.only(position);
            double margin = 0;
            double fooled = 0;
            for (int model = 0; model < oracle.members() && oracle.left() > 0; model++) {
                int clean = images.cleanGrades(model, image)[0];
                ImageGradients.EachResult look = deepFool.look(model, image, delta);
                margin += margin(look.logits()[0], clean) / oracle.members();
                if (look.grades()[0] == clean) {
                    grow(model, image, clean);
                } else {
                    fooled += 1.0 / oracle.members();
                }
            }
            position++;
            if (position == batch.size()) {
                position = 0;
                number++;
            }
            return new Turn(1, margin, fooled);
        }

        private void grow(int model, Batch image, int clean) {
            deepFool.least(model, image, clean, delta).ifPresent(least -> {
                step.project(least);
                for (int i = 0; i < delta.length; i++) {
                    delta[i] += least[i];
                }
                ball.project(delta);
            });
        }

        /** By how much the clean grade's logit exceeds the best other one. */
        private static double margin(float[] logits, int clean) {
            double best = Double.NEGATIVE_INFINITY;
            for (int grade = 0; grade < logits.length; grade++) {
                best = grade == clean ? best : Math.max(best, logits[grade]);
            }
            return logits[clean] - best;
        }

        @Override
        public float[] save() {
            return Saved.join(delta, Saved.longs(number, position));
        }

        @Override
        public void restore(float[] saved) {
            float[][] parts = Saved.split(saved, 2);
            System.arraycopy(parts[0], 0, delta, 0, delta.length);
            long[] place = Saved.longs(parts[1]);
            number = (int) place[0];
            position = (int) place[1];
        }
    }
}
