package dev.sclera.report;

import java.util.List;

/**
 * The verdict, as the page shows it.
 *
 * @param passed whether it is a pass
 * @param words in a sentence
 * @param lines one per grader and criterion
 */
record PageVerdict(boolean passed, String words, List<Line> lines) {

    /**
     * One criterion of one grader.
     *
     * @param grader its name, empty where the line before has the same
     * @param what was asked about
     * @param value the figure
     * @param asked the threshold
     * @param met whether the figure meets it
     */
    record Line(String grader, String what, String value, String asked, boolean met) {}

    static PageVerdict of(Verdict verdict) {
        List<String> failed = verdict.candidates().stream()
                .map(Verdict.Candidate::model)
                .distinct()
                .filter(model -> verdict.candidates().stream()
                        .noneMatch(each -> each.model().equals(model) && each.passed()))
                .toList();
        String words = verdict.passed()
                ? "Every model, as it is or repaired, meets what was asked."
                : "Neither as it is nor repaired does this meet what was asked: %s."
                        .formatted(String.join(", ", failed));
        return new PageVerdict(
                verdict.passed(),
                words,
                verdict.candidates().stream()
                        .flatMap(candidate -> candidate.criteria().stream()
                                .map(criterion -> new Line(
                                        criterion == candidate.criteria().get(0) ? candidate.grader() : "",
                                        criterion.what(),
                                        Wording.figure(criterion.value(), 3),
                                        criterion.asked(),
                                        criterion.met())))
                        .toList());
    }
}
