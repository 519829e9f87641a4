package dev.sclera.report;

import dev.sclera.metrics.BootstrapInterval;
import dev.sclera.metrics.Equivalence;
import dev.sclera.metrics.Gains;
import dev.sclera.report.RepairOutcome.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What repairs came to, and the verdict, as plain text for terminals. */
public final class RepairText {

    private static final String FORMAT = "%-44s %20s %8s %20s %8s %8s %22s %7s %s%n";

    private RepairText() {}

    /** Nothing where nothing was repaired and nothing asked. */
    public static String of(Report report) {
        StringBuilder text = new StringBuilder();
        if (!report.repairs().isEmpty()) {
            text.append('\n')
                    .append(String.format(
                            Locale.ROOT,
                            FORMAT,
                            "gains in points (kappa x 100)",
                            "unseen mean [95 %]",
                            "largest",
                            "quadratic mean",
                            "largest",
                            "anew",
                            "clean quadratic",
                            "p Holm",
                            "equivalent"));
            for (RepairOutcome outcome : report.repairs()) {
                outcome.subjects().forEach(subject -> text.append(line(outcome.model(), subject)));
            }
        }
        if (report.verdict() != null) {
            text.append('\n').append(verdict(report.verdict()));
        }
        return text.toString();
    }

    private static String line(String model, Subject subject) {
        RepairOutcome.Clean clean = subject.clean();
        List<Object> cells = new ArrayList<>();
        cells.add(model + " " + PageRepair.name(subject));
        gains(cells, subject.unseenKappa());
        gains(cells, subject.unseenQuadraticKappa());
        cells.add(subject.adaptive().stream()
                .map(gain -> gain.quadraticKappaGain().estimate().value())
                .filter(value -> value != null)
                .min(Double::compare)
                .map(value -> String.format(Locale.ROOT, "%.1f", 100 * value))
                .orElse("-"));
        cells.add(clean == null ? "-" : interval(clean.quadraticKappaChange()));
        cells.add(clean == null ? "-" : PageRepair.p(clean.corrected()));
        cells.add(
                clean == null
                        ? "-"
                        : clean.equivalence().verdict() == Equivalence.Verdict.EQUIVALENT ? "shown" : "not shown");
        return String.format(Locale.ROOT, FORMAT, cells.toArray());
    }

    private static void gains(List<Object> cells, @Nullable Gains gains) {
        cells.add(gains == null ? "-" : interval(gains.mean()));
        cells.add(gains == null ? "-" : points(gains.largest().estimate().value()));
    }

    private static String interval(BootstrapInterval interval) {
        return interval.bounded()
                ? "%s [%s, %s]"
                        .formatted(
                                points(interval.estimate().value()), points(interval.lower()), points(interval.upper()))
                : points(interval.estimate().value());
    }

    private static String points(@Nullable Double value) {
        return value == null ? "n/a" : String.format(Locale.ROOT, "%.1f", 100 * value);
    }

    private static String verdict(Verdict verdict) {
        StringBuilder text = new StringBuilder("verdict: ")
                .append(verdict.passed() ? "PASS" : "FAIL")
                .append('\n');
        for (Verdict.Candidate candidate : verdict.candidates()) {
            for (Verdict.Criterion criterion : candidate.criteria()) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %-4s %s: %s is %s, asked: %s%n",
                        criterion.met() ? "ok" : "FAIL",
                        candidate.grader(),
                        criterion.what(),
                        criterion.value() == null
                                ? "not defined"
                                : String.format(Locale.ROOT, "%.3f", criterion.value()),
                        criterion.asked()));
            }
        }
        return text.toString();
    }
}
