package dev.sclera.report;

import dev.sclera.report.Report.Access;
import dev.sclera.report.Report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One figure of every row as horizontal bars, grouped by model, laid out for the SVG template; lengths are in the
 * drawing's units. Every bar carries its name and its figure as text.
 *
 * @param title what is drawn
 * @param width of the drawing
 * @param height of the drawing
 * @param span the length of the axis
 * @param zero where the bars start
 * @param bottom where the axis is
 * @param ticks of the axis
 * @param groups one per model
 */
record BarChart(
        String title, int width, int height, int span, String zero, int bottom, List<Tick> ticks, List<Group> groups) {

    private static final int WIDTH = 440;
    private static final int LEFT = 2;
    private static final int RIGHT = WIDTH - 2;
    private static final int GROUP = 26;
    private static final int BAR = 30;
    private static final int FOOT = 22;
    private static final int LABEL_CHARACTERS = 48;

    /**
     * A tick of the axis.
     *
     * @param anchor how its text is aligned to it
     */
    record Tick(String x, String text, String anchor) {}

    /** The bars of one model. */
    record Group(String model, int y, @Nullable String reference, List<Bar> bars) {}

    /**
     * One bar.
     *
     * @param style the class of its colour
     * @param label its name
     * @param value its figure
     * @param y where its text stands
     * @param barY where the bar itself is
     * @param x where it starts
     * @param length how long it is; 0 where the figure is not defined
     */
    record Bar(String style, String label, String value, int y, int barY, String x, String length) {}

    /** The quadratic kappa of every row, with a mark at the clean figure. */
    static BarChart quadraticKappa(List<ModelRows> models) {
        double lowest = models.stream()
                .flatMap(rows -> rows.all().stream())
                .map(Row::quadraticKappa)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(0);
        double from = Math.min(0, Math.floor(lowest * 5) / 5);
        return of(
                "Quadratic kappa",
                models.stream().map(ModelRows::all).toList(),
                Row::quadraticKappa,
                value -> Wording.figure(value, 2),
                from,
                0.2,
                value -> Wording.figure(value, 1));
    }

    /** The fooling rate of every perturbed row. */
    static BarChart foolingRate(List<ModelRows> models) {
        return of(
                "Fooling rate",
                models.stream().map(ModelRows::perturbed).toList(),
                Row::foolingRate,
                value -> Wording.percent(value, 1),
                0,
                0.25,
                value -> Wording.percent(value, 0));
    }

    private static BarChart of(
            String title,
            List<List<Row>> models,
            Function<Row, @Nullable Double> figure,
            Function<@Nullable Double, String> text,
            double from,
            double step,
            Function<Double, String> tickText) {
        int y = 0;
        List<Group> groups = new ArrayList<>();
        for (List<Row> rows : models) {
            if (rows.isEmpty()) {
                continue;
            }
            int top = y + GROUP;
            List<Bar> bars = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                bars.add(bar(rows.get(i), figure, text, from, top + i * BAR));
            }
            Double reference = rows.get(0).access() == Access.CLEAN ? figure.apply(rows.get(0)) : null;
            y = top + rows.size() * BAR + 4;
            groups.add(new Group(
                    shortened(rows.get(0).model()),
                    top - 9,
                    reference == null ? null : number(x(reference, from)),
                    bars));
        }
        List<Tick> ticks = IntStream.rangeClosed(0, (int) Math.round((1 - from) / step))
                .mapToObj(i -> {
                    double value = from + i * step;
                    String anchor = i == 0 ? "start" : value > 1 - step / 2 ? "end" : "middle";
                    return new Tick(number(x(value, from)), tickText.apply(value), anchor);
                })
                .toList();
        return new BarChart(title, WIDTH, y + FOOT, RIGHT - LEFT, number(x(0, from)), y, ticks, List.copyOf(groups));
    }

    private static Bar bar(
            Row row,
            Function<Row, @Nullable Double> figure,
            Function<@Nullable Double, String> text,
            double from,
            int y) {
        Double value = figure.apply(row);
        double end = value == null ? 0 : value;
        double left = x(Math.min(0, end), from);
        return new Bar(
                style(row.access()),
                label(row),
                text.apply(value),
                y + 11,
                y + 15,
                number(left),
                number(x(Math.max(0, end), from) - left));
    }

    private static String label(Row row) {
        String kind = row.access() == Access.CLEAN ? "" : " · " + Wording.access(row.access());
        return shortened(Wording.variant(row)) + kind;
    }

    /** The class that gives rows of some access their colour, in tables and figures alike. */
    static String style(Access access) {
        return access.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static double x(double value, double from) {
        return LEFT + (RIGHT - LEFT) * (value - from) / (1 - from);
    }

    private static String number(double length) {
        return String.format(Locale.ROOT, "%.1f", length);
    }

    private static String shortened(String name) {
        if (name.codePointCount(0, name.length()) <= LABEL_CHARACTERS) {
            return name;
        }
        return name.substring(0, name.offsetByCodePoints(0, LABEL_CHARACTERS - 1)) + "…";
    }
}
