package dev.sclera.report;

import dev.sclera.metrics.Equivalence;
import dev.sclera.report.RepairOutcome.GradesGiven;
import dev.sclera.report.RepairOutcome.Kind;
import dev.sclera.report.RepairOutcome.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether graders meet what was asked of them. A figure that is not defined does not meet it.
 *
 * @param passed whether of every model the original or its repaired ensemble passes
 * @param thresholds what was asked
 * @param candidates the graders that could be let through: each model as it is, and, where it was repaired, the
 *     ensemble
 */
public record Verdict(boolean passed, Thresholds thresholds, List<Candidate> candidates) {

    public Verdict {
        candidates = List.copyOf(candidates);
    }

    /**
     * One grader.
     *
     * @param model the original's name
     * @param grader the name of what could be let through: the original, or an ensemble made of its repairs
     * @param passed whether it meets every criterion
     * @param criteria each with its figure
     */
    public record Candidate(String model, String grader, boolean passed, List<Criterion> criteria) {

        public Candidate {
            criteria = List.copyOf(criteria);
        }

        static Candidate of(String model, String grader, List<Criterion> criteria) {
            return new Candidate(
                    model, grader, !criteria.isEmpty() && criteria.stream().allMatch(Criterion::met), criteria);
        }
    }

    /**
     * One of the things asked.
     *
     * @param what in words
     * @param value the figure; null where it is not defined
     * @param asked the threshold in words
     * @param met whether the figure meets it
     */
    public record Criterion(String what, @Nullable Double value, String asked, boolean met) {}

    static Verdict of(Thresholds thresholds, List<ModelRows> models, List<RepairOutcome> repairs) {
        List<Candidate> candidates = new ArrayList<>();
        boolean passed = !models.isEmpty();
        for (ModelRows rows : models) {
            List<Candidate> ofModel = new ArrayList<>();
            ofModel.add(original(thresholds, rows));
            repairs.stream()
                    .filter(outcome -> outcome.model().equals(rows.model()))
                    .flatMap(outcome -> repaired(thresholds, outcome).stream())
                    .forEach(ofModel::add);
            passed &= ofModel.stream().anyMatch(Candidate::passed);
            candidates.addAll(ofModel);
        }
        return new Verdict(passed, thresholds, candidates);
    }

    private static Candidate original(Thresholds thresholds, ModelRows rows) {
        List<Criterion> criteria = new ArrayList<>();
        List<Report.Row> own =
                rows.perturbed().stream().filter(row -> row.access().own()).toList();
        if (own.isEmpty()) {
            criteria.add(new Criterion("attacks crafted against this grader", 0.0, "at least 1", false));
            return Candidate.of(rows.model(), rows.model(), criteria);
        }
        // undefined counts as the worst
        boolean defined = own.stream().allMatch(row -> row.quadraticKappa() != null);
        Double kappa = defined
                ? own.stream()
                        .map(Report.Row::quadraticKappa)
                        .min(Double::compare)
                        .orElse(null)
                : null;
        criteria.add(least(
                "quadratic kappa under the strongest attack crafted against it", kappa, thresholds.attackedKappa()));
        Double fooled = own.stream()
                .map(Report.Row::foolingRate)
                .filter(rate -> rate != null)
                .max(Double::compare)
                .orElse(null);
        criteria.add(new Criterion(
                "the most grades changed by one attack",
                fooled,
                "at most " + Wording.figure(thresholds.foolingRate(), 2),
                fooled != null && fooled <= thresholds.foolingRate()));
        return Candidate.of(rows.model(), rows.model(), criteria);
    }

    private static Optional<Candidate> repaired(Thresholds thresholds, RepairOutcome outcome) {
        Optional<Subject> ensemble = outcome.subjects().stream()
                .filter(subject -> subject.kind() == Kind.ENSEMBLE)
                .findFirst();
        if (ensemble.isEmpty()) {
            return Optional.empty();
        }
        Subject subject = ensemble.get();
        List<Criterion> criteria = new ArrayList<>();
        outcome.subjects().stream()
                .filter(each -> each.kind() == Kind.LEAVE_ONE_OUT && each.unseenQuadraticKappa() != null)
                .findFirst()
                .ifPresent(each -> criteria.add(least(
                        "mean gain in quadratic kappa on unseen attacks, leaving one out",
                        each.unseenQuadraticKappa().mean().estimate().value(),
                        thresholds.unseenGain())));
        if (!subject.adaptive().isEmpty()) {
            criteria.add(least(
                    "quadratic kappa under the strongest attack crafted anew against it",
                    subject.worstAdaptive(),
                    thresholds.attackedKappa()));
        }
        if (subject.clean() != null) {
            Equivalence equivalence = subject.clean().equivalence();
            criteria.add(new Criterion(
                    "change of the quadratic kappa of clean images",
                    subject.clean().quadraticKappaChange().estimate().value(),
                    "shown to be within ±" + Wording.figure(thresholds.cleanMargin(), 2),
                    equivalence.verdict() == Equivalence.Verdict.EQUIVALENT));
            GradesGiven grades = subject.clean().grades();
            if (grades != null) {
                criteria.add(new Criterion(
                        "grades given to clean images",
                        (double) grades.after(),
                        "at least the %d that the original gives".formatted(grades.before()),
                        grades.after() >= grades.before()));
            }
        }
        return Optional.of(Candidate.of(outcome.model(), subject.name(), criteria));
    }

    private static Criterion least(String what, @Nullable Double value, double threshold) {
        return new Criterion(
                what, value, "at least " + Wording.figure(threshold, 2), value != null && value >= threshold);
    }
}
