package dev.sclera.attack;

import dev.sclera.gradient.Loss;
import dev.sclera.problem.InvalidValueException;
import java.util.stream.IntStream;

/**
 * Hides disease: lowers the log-odds that an eye is referable (grade 2 or above) on the eyes that are. A patient who is
 * not referred is the harm that matters most, and overall figures show it badly. Ours; the way up is that of
 * {@link ProjectedGradient}.
 */
final class ClinicalAttack implements Attack {

    /** The least grade that is referred to a specialist (ICDR scale). */
    static final int REFERABLE = 2;

    /** By how much, in log-odds, an eye is to be taken for healthy until it is let be. */
    static final double CONFIDENCE = 2;

    /**
     * Whether there are eyes whose disease can be hidden.
     *
     * @param grades how many images there are of each grade
     */
    static boolean somethingToHide(int[] grades) {
        return IntStream.range(REFERABLE, grades.length).anyMatch(grade -> grades[grade] > 0);
    }

    @Override
    public String name() {
        return "clinical";
    }

    @Override
    public String summary() {
        return "Gradient descent on the log-odds of referable disease on diseased eyes, which it hides (Sclera's own)";
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
        return Options.of(new Options.Number(
                "confidence",
                "by how much, in log-odds, an eye is to be taken for healthy until it is let be",
                CONFIDENCE,
                0,
                100));
    }

    @Override
    public boolean takesTarget() {
        return false;
    }

    @Override
    public int defaultBatch() {
        // many steps on few images each went further than few steps on many, at the same budget
        return 8;
    }

    @Override
    public double defaultStep() {
        return 0.1;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        if (!somethingToHide(images.grades())) {
            throw new InvalidValueException(
                    "dataset",
                    "no eye of grade 2 or above",
                    "a dataset with diseased eyes, for \"clinical\" hides them");
        }
        Loss loss = new Loss.LogOdds(REFERABLE, problem.options().number("confidence"));
        return new MiniBatchRun(
                oracle,
                images,
                new MiniBatchRun.Objective() {
                    @Override
                    public Batch chosen(Batch batch) {
                        return batch.where(truth -> truth >= REFERABLE);
                    }

                    @Override
                    public Question of(Batch batch, double progress) {
                        return new Question(loss, batch.truths());
                    }
                },
                new MomentumAscent(problem));
    }
}
