package dev.sclera.report;

import dev.sclera.evaluation.Prediction;
import dev.sclera.metrics.Bootstrap;
import dev.sclera.metrics.CohenKappa;
import dev.sclera.metrics.ConfusionMatrix;
import dev.sclera.metrics.Equivalence;
import dev.sclera.metrics.Gains;
import dev.sclera.metrics.Holm;
import dev.sclera.metrics.ImageStatistic;
import dev.sclera.metrics.MatrixStatistic;
import dev.sclera.metrics.McNemar;
import dev.sclera.metrics.Measure;
import dev.sclera.metrics.PairedT;
import dev.sclera.metrics.Wilcoxon;
import dev.sclera.report.RepairOutcome.AdaptiveGain;
import dev.sclera.report.RepairOutcome.Cell;
import dev.sclera.report.RepairOutcome.Clean;
import dev.sclera.report.RepairOutcome.Kappas;
import dev.sclera.report.RepairOutcome.Kind;
import dev.sclera.report.RepairOutcome.Subject;
import dev.sclera.report.RepairStudy.Adaptive;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Works out what repairs came to, from the predictions of single images. */
final class RepairFigures {

    private static final double LEVEL = 0.95;

    private static final double SIGNIFICANCE = 0.05;

    /** Below this a probability is taken to be this: a loss must be finite to be averaged. */
    private static final double LEAST_PROBABILITY = 1e-12;

    private final Answers answers;
    private final Function<String, String> attackOf;
    private final Bootstrap bootstrap;
    private final int grades;
    private final double margin;

    /**
     * @param answers where predictions are
     * @param attackOf the name of the attack by the id of its perturbation
     * @param grades how many there are
     * @param margin of equivalence, in quadratic kappa
     */
    RepairFigures(Answers answers, Function<String, String> attackOf, Bootstrap bootstrap, int grades, double margin) {
        this.answers = answers;
        this.attackOf = attackOf;
        this.bootstrap = bootstrap;
        this.grades = grades;
        this.margin = margin;
    }

    /** Where predictions are, all of the same images in the same order. */
    @FunctionalInterface
    interface Answers {

        /** @param perturbation its id, null for clean images */
        List<Prediction> of(String model, @Nullable String perturbation);
    }

    /** What repairs came to, their tests on clean images corrected as one family. */
    List<RepairOutcome> of(List<RepairStudy> studies) {
        List<RepairOutcome> outcomes = studies.stream().map(this::of).toList();
        List<Holm.Test> family = new ArrayList<>();
        for (RepairOutcome outcome : outcomes) {
            for (Subject subject : outcome.subjects()) {
                if (subject.clean() != null) {
                    family.add(
                            new Holm.Test(subject.name(), subject.clean().test().p()));
                }
            }
        }
        Map<String, Measure> corrected = Holm.correct(family, SIGNIFICANCE).tests().stream()
                .collect(Collectors.toMap(Holm.Corrected::name, Holm.Corrected::corrected));
        return outcomes.stream()
                .map(outcome -> new RepairOutcome(
                        outcome.model(),
                        outcome.subjects().stream()
                                .map(subject -> corrected(subject, corrected))
                                .toList()))
                .toList();
    }

    private static Subject corrected(Subject subject, Map<String, Measure> corrected) {
        return subject.clean() == null
                ? subject
                : new Subject(
                        subject.name(),
                        subject.kind(),
                        subject.seen(),
                        subject.cells(),
                        subject.unseenKappa(),
                        subject.unseenQuadraticKappa(),
                        subject.clean().corrected(corrected.get(subject.name())),
                        subject.adaptive(),
                        subject.epochs());
    }

    private RepairOutcome of(RepairStudy study) {
        List<Subject> subjects = new ArrayList<>();
        for (RepairStudy.Repaired repaired : study.repaired()) {
            List<Cell> cells = cells(study, id -> repaired.name(), List.of(repaired.seen()));
            subjects.add(new Subject(
                    repaired.name(),
                    Kind.SINGLE,
                    attackOf.apply(repaired.seen()),
                    cells,
                    unseen(study, cells, CohenKappa.UNWEIGHTED),
                    unseen(study, cells, CohenKappa.QUADRATIC),
                    clean(study.model(), repaired.name()),
                    adaptive(study.model(), repaired.name(), repaired.adaptive()),
                    repaired.epochs()));
        }
        RepairStudy.Combined ensemble = study.ensemble();
        if (ensemble != null) {
            List<String> seen =
                    study.repaired().stream().map(RepairStudy.Repaired::seen).toList();
            subjects.add(new Subject(
                    ensemble.name(),
                    Kind.ENSEMBLE,
                    null,
                    cells(study, id -> ensemble.name(), seen),
                    null,
                    null,
                    clean(study.model(), ensemble.name()),
                    adaptive(study.model(), ensemble.name(), ensemble.adaptive()),
                    List.of()));
            if (!ensemble.without().isEmpty()) {
                List<Cell> cells = new ArrayList<>();
                ensemble.without()
                        .forEach((id, name) -> cells.add(cell(study.model(), id, attackOf.apply(id), name, false)));
                subjects.add(new Subject(
                        "leave-one-out ensembles of " + study.model(),
                        Kind.LEAVE_ONE_OUT,
                        null,
                        cells,
                        unseen(study, cells, CohenKappa.UNWEIGHTED),
                        unseen(study, cells, CohenKappa.QUADRATIC),
                        null,
                        List.of(),
                        List.of()));
            }
        }
        return new RepairOutcome(study.model(), subjects);
    }

    private List<Cell> cells(RepairStudy study, Function<String, String> name, List<String> seen) {
        List<Cell> cells = new ArrayList<>();
        cells.add(cell(study.model(), null, "clean", name.apply(""), false));
        for (String id : study.attacks()) {
            cells.add(cell(study.model(), id, attackOf.apply(id), name.apply(id), seen.contains(id)));
        }
        return cells;
    }

    private Cell cell(String original, @Nullable String perturbation, String variant, String repaired, boolean seen) {
        return new Cell(
                variant,
                perturbation,
                repaired,
                seen,
                kappas(answers.of(original, perturbation)),
                kappas(answers.of(repaired, perturbation)));
    }

    private Gains unseen(RepairStudy study, List<Cell> cells, MatrixStatistic kappa) {
        List<Gains.Variant> variants = cells.stream()
                .filter(cell -> cell.perturbation() != null && !cell.seen())
                .map(cell -> {
                    List<Prediction> before = answers.of(study.model(), cell.perturbation());
                    return Gains.Variant.of(
                            cell.variant(),
                            truths(before),
                            grades(before),
                            grades(answers.of(cell.model(), cell.perturbation())),
                            grades,
                            kappa);
                })
                .toList();
        return Gains.of(variants, bootstrap);
    }

    private Clean clean(String original, String repaired) {
        List<Prediction> before = answers.of(original, null);
        List<Prediction> after = answers.of(repaired, null);
        ImageStatistic kappaBefore = statistic(before, CohenKappa.UNWEIGHTED);
        ImageStatistic kappaAfter = statistic(after, CohenKappa.UNWEIGHTED);
        ImageStatistic quadraticBefore = statistic(before, CohenKappa.QUADRATIC);
        ImageStatistic quadraticAfter = statistic(after, CohenKappa.QUADRATIC);
        PairedT test = PairedT.overImages(quadraticAfter, quadraticBefore, LEVEL);
        return new Clean(
                kappas(before),
                kappas(after),
                bootstrap.interval(kappaAfter.minus(kappaBefore)),
                bootstrap.interval(quadraticAfter.minus(quadraticBefore)),
                PairedT.overImages(kappaAfter, kappaBefore, LEVEL),
                test,
                test.p(),
                Equivalence.overImages(quadraticAfter, quadraticBefore, margin, SIGNIFICANCE),
                PairedT.of(losses(after), losses(before), LEVEL),
                Wilcoxon.of(losses(after), losses(before)),
                McNemar.of(truths(before), grades(after), grades(before)),
                new RepairOutcome.GradesGiven(different(before), different(after)));
    }

    private static int different(List<Prediction> predictions) {
        return (int) Arrays.stream(grades(predictions)).distinct().count();
    }

    private List<AdaptiveGain> adaptive(String original, String repaired, List<Adaptive> attacks) {
        List<AdaptiveGain> gains = new ArrayList<>();
        for (Adaptive attack : attacks) {
            List<Prediction> before = answers.of(original, attack.before());
            List<Prediction> after = answers.of(repaired, attack.after());
            gains.add(new AdaptiveGain(
                    attackOf.apply(attack.after()),
                    attack.after(),
                    kappas(before),
                    kappas(after),
                    bootstrap.interval(
                            statistic(after, CohenKappa.UNWEIGHTED).minus(statistic(before, CohenKappa.UNWEIGHTED))),
                    bootstrap.interval(
                            statistic(after, CohenKappa.QUADRATIC).minus(statistic(before, CohenKappa.QUADRATIC)))));
        }
        return gains;
    }

    private Kappas kappas(List<Prediction> predictions) {
        ConfusionMatrix confusion = ConfusionMatrix.of(truths(predictions), grades(predictions), grades);
        return new Kappas(CohenKappa.UNWEIGHTED.of(confusion), CohenKappa.QUADRATIC.of(confusion));
    }

    private ImageStatistic statistic(List<Prediction> predictions, MatrixStatistic kappa) {
        return ImageStatistic.of(truths(predictions), grades(predictions), grades, kappa);
    }

    private static int[] truths(List<Prediction> predictions) {
        return predictions.stream().mapToInt(Prediction::truth).toArray();
    }

    private static int[] grades(List<Prediction> predictions) {
        return predictions.stream().mapToInt(Prediction::grade).toArray();
    }

    private static double[] losses(List<Prediction> predictions) {
        return predictions.stream()
                .mapToDouble(prediction -> -Math.log(
                        Math.max(LEAST_PROBABILITY, prediction.probabilities().get(prediction.truth()))))
                .toArray();
    }
}
