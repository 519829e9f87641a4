package dev.sclera.local.demo;

import java.util.List;

/**
 * How much a demo does.
 *
 * @param label what datasets and models of this size are called by
 * @param pixels rows and columns of the photographs
 * @param perGrade how many photographs of each grade: 60 percent to train on, 15 to choose by, 25 to test on
 * @param epochs how often training uses each photograph
 * @param passes evaluations per photograph and grader in the crafting of one perturbation
 * @param repairEpochs how often fine-tuning uses each photograph
 * @param attacks the attacks' names; the first is crafted anew against every repaired grader
 */
public record DemoSize(
        String label, int pixels, int perGrade, int epochs, int passes, int repairEpochs, List<String> attacks) {

    /** Enough for graders that know their job: a few minutes on two cores. */
    public static final DemoSize USUAL =
            new DemoSize("demo", 96, 160, 10, 4, 6, List.of("pgd", "ordinal", "df-uap", "random"));

    /** Enough to see that all of it works, and for nothing else: its graders guess. */
    public static final DemoSize QUICK = new DemoSize("quick", 32, 8, 2, 1, 1, List.of("pgd", "df-uap", "random"));

    public DemoSize {
        attacks = List.copyOf(attacks);
    }
}
