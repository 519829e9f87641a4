package dev.sclera.report;

import dev.sclera.metrics.BootstrapInterval;
import dev.sclera.metrics.Equivalence;
import dev.sclera.metrics.Gains;
import dev.sclera.metrics.Measure;
import dev.sclera.report.RepairOutcome.AdaptiveGain;
import dev.sclera.report.RepairOutcome.Clean;
import dev.sclera.report.RepairOutcome.Kind;
import dev.sclera.report.RepairOutcome.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The repair of one model, as the page shows it.
 *
 * @param model the original's name
 * @param tables the matrix before and after, the gains, and the tests on clean images
 * @param curves of the fine-tunings
 */
record PageRepair(String model, List<Table> tables, List<Page.Drawing> curves) {

    /**
     * A table.
     *
     * @param caption what it shows
     * @param headings one per column
     * @param lines one per row, as many cells as columns
     */
    record Table(String caption, List<String> headings, List<Line> lines) {}

    /** A row with its name. */
    record Line(String name, String remark, List<Cell> cells) {}

    /** A figure, with what stands beneath and the class of that. */
    record Cell(String value, String beneath, String style) {}

    private static final String NONE = "–";

    static List<PageRepair> of(List<RepairOutcome> outcomes, Drawings drawings) {
        return outcomes.stream()
                .map(outcome -> new PageRepair(
                        outcome.model(),
                        List.of(matrix(outcome), gains(outcome), tests(outcome)),
                        outcome.subjects().stream()
                                .filter(subject -> subject.epochs().size() > 1)
                                .map(subject -> new Page.Drawing(name(subject), drawings.finetuning(subject)))
                                .toList()))
                .toList();
    }

    /** What a subject is called where its original is known. */
    static String name(Subject subject) {
        return switch (subject.kind()) {
            case SINGLE -> "+ " + subject.seen();
            case ENSEMBLE -> "ensemble of all";
            case LEAVE_ONE_OUT -> "leave-one-out ensembles";
        };
    }

    /** Quadratic kappa under every attack, of the original and of all that was made of it. */
    private static Table matrix(RepairOutcome outcome) {
        List<String> headings = new ArrayList<>(List.of("Images", "Original"));
        outcome.subjects().forEach(subject -> headings.add(name(subject)));
        List<Line> lines = new ArrayList<>();
        // the first subject is a single repair, which was evaluated under everything
        for (RepairOutcome.Cell variant : outcome.subjects().get(0).cells()) {
            List<Cell> cells = new ArrayList<>();
            Double before = variant.before().quadraticKappa().value();
            cells.add(new Cell(Wording.figure(before, 3), "", ""));
            for (Subject subject : outcome.subjects()) {
                cells.add(subject.cells().stream()
                        .filter(cell -> Objects.equals(cell.perturbation(), variant.perturbation()))
                        .findFirst()
                        .map(cell ->
                                changed(before, cell.after().quadraticKappa().value(), cell.seen() ? "seen, " : ""))
                        .orElse(new Cell(NONE, "", "")));
            }
            lines.add(new Line(variant.variant(), "", cells));
        }
        List<String> anew = outcome.subjects().stream()
                .flatMap(subject -> subject.adaptive().stream())
                .map(AdaptiveGain::attack)
                .distinct()
                .toList();
        for (String attack : anew) {
            List<Cell> cells = new ArrayList<>();
            cells.add(new Cell(NONE, "", ""));
            for (Subject subject : outcome.subjects()) {
                cells.add(subject.adaptive().stream()
                        .filter(gain -> gain.attack().equals(attack))
                        .findFirst()
                        .map(gain -> changed(
                                gain.before().quadraticKappa().value(),
                                gain.after().quadraticKappa().value(),
                                ""))
                        .orElse(new Cell(NONE, "", "")));
            }
            lines.add(new Line(attack + " anew", "crafted against what the column names", cells));
        }
        return new Table("Quadratic kappa, before and after", headings, lines);
    }

    private static Cell changed(@Nullable Double before, @Nullable Double after, String remark) {
        String style = "";
        if (before != null && after != null && Math.abs(after - before) >= 0.05) {
            style = after < before ? "worse" : "better";
        }
        return new Cell(Wording.figure(after, 3), remark + Wording.change(before, after, 3), style);
    }

    /** Gains in points: kappa times 100. */
    private static Table gains(RepairOutcome outcome) {
        List<Line> lines = new ArrayList<>();
        for (Subject subject : outcome.subjects()) {
            List<Cell> cells = new ArrayList<>();
            gains(cells, subject.unseenKappa());
            gains(cells, subject.unseenQuadraticKappa());
            AdaptiveGain worst = subject.adaptive().stream()
                    .filter(gain -> gain.after().quadraticKappa().defined())
                    .min((one, other) -> Double.compare(
                            one.after().quadraticKappa().orElseThrow(),
                            other.after().quadraticKappa().orElseThrow()))
                    .orElse(null);
            cells.add(worst == null ? new Cell(NONE, "", "") : points(worst.kappaGain(), worst.attack()));
            cells.add(worst == null ? new Cell(NONE, "", "") : points(worst.quadraticKappaGain(), worst.attack()));
            lines.add(new Line(name(subject), subject.kind() == Kind.ENSEMBLE ? "has seen every attack" : "", cells));
        }
        return new Table(
                "Gains in points (kappa × 100)",
                List.of(
                        "Repaired",
                        "Unseen, κ mean",
                        "Unseen, κ largest",
                        "Unseen, quadratic mean",
                        "Unseen, quadratic largest",
                        "Strongest anew, κ",
                        "Strongest anew, quadratic"),
                lines);
    }

    private static void gains(List<Cell> cells, @Nullable Gains gains) {
        cells.add(gains == null ? new Cell(NONE, "", "") : points(gains.mean(), ""));
        cells.add(
                gains == null
                        ? new Cell(NONE, "", "")
                        : points(gains.largest(), Objects.toString(gains.largestOn(), "")));
    }

    private static Cell points(BootstrapInterval interval, String remark) {
        String on = remark.isEmpty() ? "" : remark + ", ";
        return new Cell(
                Wording.figure(times100(interval.estimate().value()), 1),
                interval.bounded()
                        ? "%s%s to %s"
                                .formatted(
                                        on,
                                        Wording.figure(times100(interval.lower()), 1),
                                        Wording.figure(times100(interval.upper()), 1))
                        : on + Objects.toString(interval.estimate().reason(), "no interval"),
                "");
    }

    private static @Nullable Double times100(@Nullable Double value) {
        return value == null ? null : 100 * value;
    }

    /** What became of clean images. */
    private static Table tests(RepairOutcome outcome) {
        List<Line> lines = new ArrayList<>();
        for (Subject subject : outcome.subjects()) {
            Clean clean = subject.clean();
            if (clean != null) {
                lines.add(new Line(
                        name(subject),
                        "",
                        List.of(
                                points(clean.kappaChange(), ""),
                                points(clean.quadraticKappaChange(), ""),
                                new Cell(p(clean.test().p()), "Holm: " + p(clean.corrected()), ""),
                                new Cell(
                                        clean.equivalence().verdict() == Equivalence.Verdict.EQUIVALENT
                                                ? "shown"
                                                : "not shown",
                                        "p " + p(clean.equivalence().p()),
                                        ""),
                                new Cell(
                                        p(clean.lossTest().p()),
                                        "Wilcoxon: " + p(clean.lossRanks().p()),
                                        ""),
                                new Cell(
                                        p(clean.accuracy().p()),
                                        "%d better, %d worse"
                                                .formatted(
                                                        clean.accuracy().onlyFirst(),
                                                        clean.accuracy().onlySecond()),
                                        ""))));
            }
        }
        return new Table(
                "On clean images",
                List.of(
                        "Repaired",
                        "κ × 100, change",
                        "Quadratic, change",
                        "t-test of the quadratic, p",
                        "Equivalence",
                        "t-test of the loss, p",
                        "McNemar, p"),
                lines);
    }

    /** A p-value as people read it. */
    static String p(Measure p) {
        if (!p.defined()) {
            return "n/a";
        }
        double value = p.orElseThrow();
        return value < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", value);
    }
}
