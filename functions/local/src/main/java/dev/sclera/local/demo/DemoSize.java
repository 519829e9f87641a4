package dev.sclera.local.demo;

/**
 * How much a demo does.
 *
 * @param label what datasets and models of this size are called by
 * @param pixels rows and columns of the photographs
 * @param perGrade how many photographs of each grade: 60 percent to train on, 15 to choose by, 25 to test on
 * @param epochs how often training uses each photograph
 * @param passes evaluations per photograph and grader in the crafting of one perturbation
 * @param repairEpochs how often fine-tuning uses each photograph
 */
public record DemoSize(String label, int pixels, int perGrade, int epochs, int passes, int repairEpochs) {

    /** Enough for graders that know their job: a few minutes on two cores. */
    public static final DemoSize USUAL = new DemoSize("demo", 96, 160, 10, 4, 3);

    /** Enough to see that all of it works, and for nothing else: its graders guess. */
    public static final DemoSize QUICK = new DemoSize("quick", 32, 20, 2, 1, 1);
}
