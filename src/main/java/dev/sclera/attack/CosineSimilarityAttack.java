package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import dev.sclera.gradient.Loss;
import java.util.SplittableRandom;

/**
 * Universal perturbations that turn the logits away from those of the clean image: Zhang, Benz, Karjauv and Kweon 2021,
 * <i>Data-free Universal Adversarial Perturbation and Black-box Attack</i>: Adam lowers the cosine of the angle between
 * the logits of x and of x + δ. No labels are needed.
 *
 * <p>Ours: real crafting images in place of the paper's jigsaw images; the learning rate shrinks linearly to a tenth
 * unless {@code last-step} is 1; and δ starts from random signs of half a step, for at δ = 0 the cosine is at its
 * maximum and has no slope. Norms other than L∞, in which the paper works, by projection.
 *
 * <p>The clean logits of an image are asked when it first comes up, and count as one evaluation.
 */
final class CosineSimilarityAttack implements Attack {

    private static final double START = 0.5;

    @Override
    public String name() {
        return "cosine-uap";
    }

    @Override
    public String summary() {
        return "Adam on the cosine between the logits of clean and perturbed images (Zhang et al. 2021)";
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
    public boolean takesTarget() {
        return false;
    }

    @Override
    public Options options() {
        return Options.of(new Options.Number("last-step", "What the last learning rate is of the first", 0.1, 0, 1));
    }

    @Override
    public double defaultStep() {
        return 0.1275;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        return new CosineRun(
                oracle, images, new AdamAscent(problem, problem.options().number("last-step"), start(problem)));
    }

    private static float[] start(Problem problem) {
        SplittableRandom random = new SplittableRandom(problem.seed());
        float[] start = new float[problem.size()];
        for (int i = 0; i < start.length; i++) {
            start[i] = random.nextBoolean() ? 1 : -1;
        }
        Ball.scale(
                start,
                START * problem.step() * problem.epsilon() / problem.ball().norm(start));
        return start;
    }

    /** Remembers the clean logits of the images seen so far. */
    private static final class CosineRun implements Run {

        private final Oracle oracle;
        private final CraftingImages images;
        private final AdamAscent ascent;
        private final CleanLogits clean;

        CosineRun(Oracle oracle, CraftingImages images, AdamAscent ascent) {
            this.oracle = oracle;
            this.images = images;
            this.ascent = ascent;
            this.clean = new CleanLogits(oracle, images.count(), ascent.delta().length);
        }

        @Override
        public float[] delta() {
            return ascent.delta();
        }

        @Override
        public Turn turn(long index) {
            Batch batch = oracle.within(images.batch(index));
            double progress = oracle.progress();
            clean.ask(batch);
            if (oracle.left() == 0) {
                // the budget ends between the clean logits and what they are for
                return new Turn(0, 0, 0);
            }
            Batch asked = oracle.within(batch);
            Question question =
                    new Question(new Loss.CosineSimilarity(), new int[asked.size()], model -> clean.of(model, asked));
            Oracle.Slope slope = oracle.slope(question, asked, ascent.delta());
            ascent.step(slope.gradient(), progress);
            return new Turn(asked.size(), slope.loss(), slope.fooled());
        }

        @Override
        public float[] save() {
            return Saved.join(ascent.save(), clean.save());
        }

        @Override
        public void restore(float[] saved) {
            float[][] parts = Saved.split(saved, 2);
            ascent.restore(parts[0]);
            clean.restore(parts[1]);
        }
    }
}
