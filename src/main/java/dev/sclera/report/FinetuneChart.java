package dev.sclera.report;

import dev.sclera.report.RepairStudy.Epoch;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A fine-tuning's course on the validation images: quadratic kappa by epoch, clean and under attack, laid out for the
 * SVG template; lengths are in the drawing's units.
 *
 * @param title what is drawn
 * @param width of the drawing
 * @param height of the drawing
 * @param top of the plot, kappa 1
 * @param bottom of the plot, kappa 0 or the lowest figure
 * @param right of the plot
 * @param clean the points of the clean curve, as SVG has them
 * @param attacked those of the attacked one
 * @param keptX where the kept epoch is
 * @param keptY its attacked figure
 * @param first what stands beneath the left end
 * @param last what stands beneath the right end
 * @param cleanText the clean figures in words
 * @param attackedText the attacked ones
 */
record FinetuneChart(
        String title,
        int width,
        int height,
        int top,
        int bottom,
        int right,
        String clean,
        String attacked,
        String keptX,
        String keptY,
        String first,
        String last,
        String cleanText,
        String attackedText) {

    private static final int WIDTH = 320;
    private static final int TOP = 42;
    private static final int PLOT = 90;
    private static final int INSET = 6;

    static FinetuneChart of(RepairOutcome.Subject subject) {
        List<Epoch> epochs = subject.epochs();
        double lowest = Math.min(
                0,
                epochs.stream()
                        .mapToDouble(epoch -> Math.min(epoch.cleanQuadraticKappa(), epoch.attackedQuadraticKappa()))
                        .min()
                        .orElse(0));
        Epoch kept = epochs.stream().filter(Epoch::kept).findFirst().orElse(epochs.get(epochs.size() - 1));
        int last = epochs.get(epochs.size() - 1).epoch();
        return new FinetuneChart(
                "Fine-tuning of " + subject.name(),
                WIDTH,
                TOP + PLOT + 20,
                TOP,
                TOP + PLOT,
                WIDTH,
                points(epochs, last, lowest, Epoch::cleanQuadraticKappa),
                points(epochs, last, lowest, Epoch::attackedQuadraticKappa),
                x(kept.epoch(), last),
                y(kept.attackedQuadraticKappa(), lowest),
                "original",
                "%d epochs, kept: %d".formatted(last, kept.epoch()),
                "clean %s → %s"
                        .formatted(
                                Wording.figure(epochs.get(0).cleanQuadraticKappa(), 2),
                                Wording.figure(kept.cleanQuadraticKappa(), 2)),
                "attacked %s → %s"
                        .formatted(
                                Wording.figure(epochs.get(0).attackedQuadraticKappa(), 2),
                                Wording.figure(kept.attackedQuadraticKappa(), 2)));
    }

    private static String points(List<Epoch> epochs, int last, double lowest, ToDoubleFunction<Epoch> figure) {
        return epochs.stream()
                .map(epoch -> x(epoch.epoch(), last) + "," + y(figure.applyAsDouble(epoch), lowest))
                .collect(Collectors.joining(" "));
    }

    private static String x(int epoch, int last) {
        return number(INSET + (WIDTH - 2.0 * INSET) * epoch / Math.max(1, last));
    }

    private static String y(double kappa, double lowest) {
        return number(TOP + INSET + (PLOT - 2.0 * INSET) * (1 - kappa) / (1 - lowest));
    }

    private static String number(double length) {
        return String.format(Locale.ROOT, "%.1f", length);
    }
}
