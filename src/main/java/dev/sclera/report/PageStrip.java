package dev.sclera.report;

import dev.sclera.evaluation.Prediction;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Photographs as one model sees them, as the page shows them.
 *
 * @param heading the model and the perturbation
 * @param photos the photographs
 */
record PageStrip(String heading, List<Photo> photos) {

    /**
     * One photograph, clean and attacked.
     *
     * @param name its name in the dataset
     * @param truth its true grade
     * @param clean the clean picture, a {@code data:} URI
     * @param cleanAlt what it shows
     * @param before its grade when clean, and whether that is right
     * @param beforeRemark how sure the model is
     * @param attacked the attacked picture, a {@code data:} URI
     * @param attackedAlt what it shows
     * @param after its grade when attacked, whether that is another one, and whether it is right
     * @param afterRemark how sure the model is
     * @param style {@code changed} or nothing
     */
    record Photo(
            String name,
            String truth,
            String clean,
            String cleanAlt,
            String before,
            String beforeRemark,
            String attacked,
            String attackedAlt,
            String after,
            String afterRemark,
            String style) {}

    static PageStrip of(ReportContent.Strip strip, int grades) {
        Report.Row row = strip.row();
        return new PageStrip(
                row.model() + " under " + Wording.variant(row) + ", "
                        + Wording.bound(
                                Objects.requireNonNull(row.norm(), "norm is null"),
                                Objects.requireNonNull(row.epsilon(), "epsilon is null")),
                IntStream.range(0, strip.clean().count())
                        .mapToObj(i -> photo(strip, i, grades))
                        .toList());
    }

    private static Photo photo(ReportContent.Strip strip, int i, int grades) {
        Prediction before = strip.before().get(i);
        Prediction after = strip.after().get(i);
        String clean = Wording.grade(before.grade(), grades);
        String attacked = Wording.grade(after.grade(), grades);
        boolean changed = before.grade() != after.grade();
        return new Photo(
                before.image(),
                Wording.grade(before.truth(), grades),
                Pictures.photograph(strip.clean(), i),
                "Photograph " + before.image() + ", clean, graded " + clean,
                clean + mark(before),
                "clean · " + probability(before),
                Pictures.photograph(strip.attacked(), i),
                "Photograph " + before.image() + ", attacked, graded " + attacked,
                (changed ? "→ " : "") + attacked + mark(after),
                "attacked · " + probability(after),
                changed ? "changed" : "");
    }

    private static String mark(Prediction prediction) {
        return prediction.grade() == prediction.truth() ? " ✓" : " ✗";
    }

    private static String probability(Prediction prediction) {
        return Wording.percent(prediction.probabilities().get(prediction.grade()), 0);
    }
}
