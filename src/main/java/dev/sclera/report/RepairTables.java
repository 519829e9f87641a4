package dev.sclera.report;

import dev.sclera.metrics.BootstrapInterval;
import dev.sclera.metrics.Gains;
import dev.sclera.report.RepairOutcome.AdaptiveGain;
import dev.sclera.report.RepairOutcome.Cell;
import dev.sclera.report.RepairOutcome.Clean;
import dev.sclera.report.RepairOutcome.Kappas;
import dev.sclera.report.RepairOutcome.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What repairs came to, for spreadsheets and scripts; as {@link CsvTables}. */
final class RepairTables {

    private RepairTables() {}

    /** One line per repaired model and variant of the images, attacks made anew among them. */
    static byte[] cells(List<RepairOutcome> outcomes) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(
                "model",
                "repaired",
                "kind",
                "finetuned_on",
                "images",
                "perturbation_before",
                "perturbation_after",
                "evaluated",
                "role",
                "kappa_before",
                "kappa_after",
                "quadratic_kappa_before",
                "quadratic_kappa_after"));
        for (RepairOutcome outcome : outcomes) {
            for (Subject subject : outcome.subjects()) {
                for (Cell cell : subject.cells()) {
                    String role = cell.perturbation() == null ? "clean" : cell.seen() ? "seen" : "unseen";
                    lines.add(line(
                            outcome,
                            subject,
                            List.of(
                                    CsvTables.cell(cell.variant()),
                                    CsvTables.cell(cell.perturbation()),
                                    CsvTables.cell(cell.perturbation()),
                                    CsvTables.cell(cell.model()),
                                    role),
                            cell.before(),
                            cell.after()));
                }
                for (AdaptiveGain gain : subject.adaptive()) {
                    lines.add(line(
                            outcome,
                            subject,
                            List.of(
                                    CsvTables.cell(gain.attack()),
                                    "",
                                    CsvTables.cell(gain.perturbation()),
                                    CsvTables.cell(subject.name()),
                                    "anew"),
                            gain.before(),
                            gain.after()));
                }
            }
        }
        return CsvTables.bytes(lines);
    }

    private static List<String> line(
            RepairOutcome outcome, Subject subject, List<String> variant, Kappas before, Kappas after) {
        List<String> line = new ArrayList<>();
        line.add(CsvTables.cell(outcome.model()));
        line.add(CsvTables.cell(subject.name()));
        line.add(subject.kind().name().toLowerCase(Locale.ROOT));
        line.add(CsvTables.cell(subject.seen()));
        line.addAll(variant);
        line.add(CsvTables.cell(before.kappa().value()));
        line.add(CsvTables.cell(after.kappa().value()));
        line.add(CsvTables.cell(before.quadraticKappa().value()));
        line.add(CsvTables.cell(after.quadraticKappa().value()));
        return line;
    }

    /** One line per repaired model: gains on unseen attacks, and the tests on clean images. */
    static byte[] tests(List<RepairOutcome> outcomes) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(
                "model",
                "repaired",
                "kind",
                "finetuned_on",
                "unseen_kappa_mean",
                "unseen_kappa_mean_lower",
                "unseen_kappa_mean_upper",
                "unseen_kappa_largest",
                "unseen_kappa_largest_on",
                "unseen_quadratic_mean",
                "unseen_quadratic_mean_lower",
                "unseen_quadratic_mean_upper",
                "unseen_quadratic_largest",
                "unseen_quadratic_largest_on",
                "clean_kappa_change",
                "clean_kappa_lower",
                "clean_kappa_upper",
                "clean_quadratic_change",
                "clean_quadratic_lower",
                "clean_quadratic_upper",
                "t_test_p",
                "t_test_p_holm",
                "equivalence_p",
                "equivalence",
                "loss_t_test_p",
                "loss_wilcoxon_p",
                "mcnemar_p"));
        for (RepairOutcome outcome : outcomes) {
            for (Subject subject : outcome.subjects()) {
                List<String> line = new ArrayList<>();
                line.add(CsvTables.cell(outcome.model()));
                line.add(CsvTables.cell(subject.name()));
                line.add(subject.kind().name().toLowerCase(Locale.ROOT));
                line.add(CsvTables.cell(subject.seen()));
                gains(line, subject.unseenKappa());
                gains(line, subject.unseenQuadraticKappa());
                clean(line, subject.clean());
                lines.add(line);
            }
        }
        return CsvTables.bytes(lines);
    }

    private static void gains(List<String> line, @Nullable Gains gains) {
        interval(line, gains == null ? null : gains.mean());
        line.add(
                CsvTables.cell(gains == null ? null : gains.largest().estimate().value()));
        line.add(CsvTables.cell(gains == null ? null : gains.largestOn()));
    }

    private static void interval(List<String> line, @Nullable BootstrapInterval interval) {
        line.add(CsvTables.cell(interval == null ? null : interval.estimate().value()));
        line.add(CsvTables.cell(interval == null ? null : interval.lower()));
        line.add(CsvTables.cell(interval == null ? null : interval.upper()));
    }

    private static void clean(List<String> line, @Nullable Clean clean) {
        interval(line, clean == null ? null : clean.kappaChange());
        interval(line, clean == null ? null : clean.quadraticKappaChange());
        line.add(CsvTables.cell(clean == null ? null : clean.test().p().value()));
        line.add(CsvTables.cell(clean == null ? null : clean.corrected().value()));
        line.add(CsvTables.cell(clean == null ? null : clean.equivalence().p().value()));
        line.add(clean == null ? "" : clean.equivalence().verdict().name().toLowerCase(Locale.ROOT));
        line.add(CsvTables.cell(clean == null ? null : clean.lossTest().p().value()));
        line.add(CsvTables.cell(clean == null ? null : clean.lossRanks().p().value()));
        line.add(CsvTables.cell(clean == null ? null : clean.accuracy().p().value()));
    }
}
