package dev.sclera.report;

import dev.sclera.evaluation.Evaluation;
import dev.sclera.report.Report.Access;
import dev.sclera.report.Report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The confusion matrices of one model, clean and attacked side by side, as the page shows them.
 *
 * @param model its heading
 * @param grades the names of the grades
 * @param matrices the matrices
 */
record PageConfusion(String model, List<String> grades, List<Matrix> matrices) {

    /** One matrix. */
    record Matrix(String caption, List<Line> rows) {}

    /** The images of one true grade. */
    record Line(String grade, List<Cell> cells) {}

    /**
     * How many images got one grade.
     *
     * @param count images
     * @param share of the row, which the shade shows
     * @param style {@code right} on the diagonal
     */
    record Cell(String count, String share, String style) {}

    static List<PageConfusion> of(ReportContent content, List<ModelRows> models) {
        Map<String, Evaluation> evaluations = content.findings().stream()
                .map(Finding::evaluation)
                .collect(Collectors.toMap(Evaluation::id, Function.identity(), (first, second) -> first));
        int grades = content.dataset().grades();
        List<String> names = IntStream.range(0, grades)
                .mapToObj(grade -> Wording.grade(grade, grades))
                .toList();
        return models.stream()
                .map(rows -> {
                    List<Row> shown = new ArrayList<>(List.of(rows.clean()));
                    rows.strongestOwn()
                            .or(() -> rows.strongest(Access.TRANSFER))
                            .ifPresent(shown::add);
                    return new PageConfusion(
                            rows.model(),
                            names,
                            shown.stream()
                                    .map(row -> matrix(row, evaluations.get(row.evaluation()), names))
                                    .toList());
                })
                .toList();
    }

    private static Matrix matrix(Row row, Evaluation evaluation, List<String> names) {
        String caption = row.access() == Access.CLEAN
                ? "Clean"
                : "Under " + Wording.variant(row) + ", " + Wording.access(row.access());
        return new Matrix(
                caption,
                IntStream.range(0, evaluation.confusion().size())
                        .mapToObj(truth -> line(truth, evaluation.confusion().get(truth), names))
                        .toList());
    }

    private static Line line(int truth, List<Long> counts, List<String> names) {
        long total = counts.stream().mapToLong(Long::longValue).sum();
        return new Line(
                names.get(truth),
                IntStream.range(0, counts.size())
                        .mapToObj(grade -> {
                            double share = total == 0 ? 0 : (double) counts.get(grade) / total;
                            return new Cell(
                                    Wording.count(counts.get(grade)),
                                    String.format(Locale.ROOT, "%.3f", share),
                                    grade == truth ? "right" : "");
                        })
                        .toList());
    }
}
