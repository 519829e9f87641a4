package dev.sclera.report;

import dev.sclera.dataset.Perturbation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A perturbation's learning curve as two small panels side by side, loss and fooling rate by pass, laid out for the SVG
 * template; lengths are in the drawing's units.
 *
 * @param title what is drawn
 * @param width of the drawing
 * @param height of the drawing
 * @param panels the two curves
 */
record CurveChart(String title, int width, int height, List<Panel> panels) {

    private static final int PANEL_WIDTH = 150;
    private static final int GAP = 20;
    private static final int TOP = 26;
    private static final int PLOT = 56;
    private static final int INSET = 5;
    private static final int MOST_DOTS = 24;

    /**
     * One curve.
     *
     * @param name of the figure
     * @param x where the panel starts
     * @param right where it ends
     * @param top of the plot
     * @param bottom of the plot
     * @param first its first figure
     * @param last its last figure
     * @param line the points of the curve, as SVG has them
     * @param dots one per point, where there are not too many
     * @param passes what stands beneath
     */
    record Panel(
            String name,
            int x,
            int right,
            int top,
            int bottom,
            String first,
            String last,
            String line,
            List<Dot> dots,
            String passes) {}

    /** A point of a curve. */
    record Dot(String x, String y) {}

    /** The learning curve of a perturbation that has one. */
    static CurveChart of(Perturbation perturbation) {
        List<Perturbation.Point> curve = perturbation.curve();
        double lowest =
                curve.stream().mapToDouble(Perturbation.Point::loss).min().orElse(0);
        double highest =
                curve.stream().mapToDouble(Perturbation.Point::loss).max().orElse(1);
        List<Panel> panels = new ArrayList<>();
        panels.add(panel("loss", 0, curve, Perturbation.Point::loss, lowest, highest, false));
        // an attack without images knows no fooling rate
        if (curve.stream().allMatch(point -> point.foolingRate() != null)) {
            panels.add(panel(
                    "fooling rate",
                    PANEL_WIDTH + GAP,
                    curve,
                    point -> Objects.requireNonNull(point.foolingRate(), "foolingRate is null"),
                    0,
                    1,
                    true));
        }
        return new CurveChart(
                "Learning curve of " + perturbation.attack(), 2 * PANEL_WIDTH + GAP, TOP + PLOT + 18, panels);
    }

    private static Panel panel(
            String name,
            int x,
            List<Perturbation.Point> curve,
            ToDoubleFunction<Perturbation.Point> figure,
            double lowest,
            double highest,
            boolean share) {
        int first = curve.get(0).pass();
        int last = curve.get(curve.size() - 1).pass();
        List<Dot> dots = curve.stream()
                .map(point -> new Dot(
                        number(x + INSET + (PANEL_WIDTH - 2 * INSET) * part(point.pass(), first, last)),
                        number(TOP
                                + PLOT
                                - INSET
                                - (PLOT - 2 * INSET) * part(figure.applyAsDouble(point), lowest, highest))))
                .toList();
        return new Panel(
                name,
                x,
                x + PANEL_WIDTH,
                TOP,
                TOP + PLOT,
                text(figure.applyAsDouble(curve.get(0)), share),
                text(figure.applyAsDouble(curve.get(curve.size() - 1)), share),
                dots.stream().map(dot -> dot.x() + "," + dot.y()).collect(Collectors.joining(" ")),
                dots.size() <= MOST_DOTS ? dots : List.of(),
                first == last ? "1 pass" : last - first + 1 + " passes");
    }

    private static String text(double value, boolean share) {
        return share ? Wording.percent(value, 0) : Wording.figure(value, 2);
    }

    private static double part(double value, double lowest, double highest) {
        return highest > lowest ? (value - lowest) / (highest - lowest) : 0.5;
    }

    private static String number(double length) {
        return String.format(Locale.ROOT, "%.1f", length);
    }
}
