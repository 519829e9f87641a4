package dev.sclera.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.sclera.dataset.Perturbation;
import dev.sclera.evaluation.Evaluation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A report's figures for spreadsheets and scripts: full precision, a cell left empty where a figure is not defined. */
final class CsvTables {

    private CsvTables() {}

    /** One line per row, UTF-8. */
    static byte[] rows(List<Report.Row> rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(
                "model",
                "access",
                "attack",
                "source",
                "perturbation",
                "norm",
                "epsilon",
                "target",
                "accuracy",
                "kappa",
                "quadratic_kappa",
                "fooling_rate",
                "targeted_success_rate",
                "evaluations",
                "gradient_evaluations",
                "notes",
                "evaluation"));
        for (Report.Row row : rows) {
            lines.add(List.of(
                    cell(row.model()),
                    row.access().name().toLowerCase(Locale.ROOT),
                    cell(row.attack()),
                    cell(row.source()),
                    cell(row.perturbation()),
                    cell(row.norm()),
                    cell(row.epsilon()),
                    cell(row.target()),
                    cell(row.accuracy()),
                    cell(row.kappa()),
                    cell(row.quadraticKappa()),
                    cell(row.foolingRate()),
                    cell(row.targetedSuccessRate()),
                    cell(row.cost() == null ? null : row.cost().evaluations()),
                    cell(row.cost() == null ? null : row.cost().gradientEvaluations()),
                    cell(String.join(" ", row.notes())),
                    cell(row.evaluation())));
        }
        return bytes(lines);
    }

    /**
     * One line per perturbation, UTF-8. The seconds stand here alone, so that {@link #rows} are the same bytes wherever
     * and whenever they were computed.
     */
    static byte[] perturbations(List<ReportContent.Crafted> perturbations) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(
                "perturbation",
                "attack",
                "access",
                "source",
                "norm",
                "epsilon",
                "target",
                "linf",
                "l2",
                "l1",
                "evaluations",
                "gradient_evaluations",
                "seconds",
                "energy_below_eighth",
                "energy_below_quarter",
                "energy_below_half"));
        for (ReportContent.Crafted crafted : perturbations) {
            Perturbation record = crafted.record();
            boolean known = !record.imported();
            lines.add(List.of(
                    record.id(),
                    cell(record.attack()),
                    record.access().replace('-', '_'),
                    cell(record.source().orElse(null)),
                    cell(record.norm()),
                    cell(record.epsilon()),
                    cell(record.target()),
                    cell(record.norms().linf()),
                    cell(record.norms().l2()),
                    cell(record.norms().l1()),
                    cell(known ? record.evaluations() : null),
                    cell(known ? record.gradientEvaluations() : null),
                    cell(known ? record.seconds() : null),
                    cell(record.spectrum().eighth()),
                    cell(record.spectrum().quarter()),
                    cell(record.spectrum().half())));
        }
        return bytes(lines);
    }

    /** One line per cell of every confusion matrix, UTF-8. */
    static byte[] confusion(List<Finding> findings) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("model", "access", "perturbation", "true_grade", "predicted_grade", "images", "evaluation"));
        for (Finding finding : findings) {
            Evaluation evaluation = finding.evaluation();
            for (int truth = 0; truth < evaluation.confusion().size(); truth++) {
                List<Long> counts = evaluation.confusion().get(truth);
                for (int grade = 0; grade < counts.size(); grade++) {
                    lines.add(List.of(
                            cell(evaluation.model()),
                            finding.row().access().name().toLowerCase(Locale.ROOT),
                            cell(evaluation.perturbation()),
                            Integer.toString(truth),
                            Integer.toString(grade),
                            counts.get(grade).toString(),
                            evaluation.id()));
                }
            }
        }
        return bytes(lines);
    }

    static byte[] bytes(List<List<String>> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(bytes)) {
            lines.forEach(csv::writeRecord);
        } catch (IOException e) {
            throw new UncheckedIOException("a table could not be written in memory", e);
        }
        return bytes.toByteArray();
    }

    // a spreadsheet would run what starts like a formula, and names are other people's
    static String cell(@Nullable Object value) {
        String text = Objects.toString(value, "");
        boolean formula = value instanceof String && !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
        return formula ? "'" + text : text;
    }
}
