package dev.sclera.report;

import dev.sclera.report.Report.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one model by attack (lines) and bound (columns).
 *
 * @param model its caption
 * @param bounds the headings
 * @param lines one per attack, what it is to the model, norm, and target
 */
record PageGrid(String model, List<String> bounds, List<Line> lines) {

    /**
     * One attack.
     *
     * @param style the class of its colour
     * @param variant the attack, and where it is from
     * @param remark what it is to the model
     * @param cells one per bound
     */
    record Line(String style, String variant, String remark, List<Cell> cells) {}

    /**
     * One attack within one bound.
     *
     * @param kappa the quadratic kappa; nothing where there is no such perturbation
     * @param fooled the fooling rate
     */
    record Cell(String kappa, String fooled) {}

    private record Bound(String norm, double epsilon) {}

    /** What is the same attack on the same model, whatever its bound. */
    private record Kind(
            Report.Access access, String variant, @Nullable Integer target) {}

    /** One table per model; none where all perturbations have one bound, for then the tables say it all. */
    static List<PageGrid> of(List<ModelRows> models) {
        List<Bound> bounds = models.stream()
                .flatMap(rows -> rows.perturbed().stream())
                .flatMap(row -> bound(row))
                .distinct()
                .sorted(Comparator.comparing(Bound::norm).reversed().thenComparing(Bound::epsilon))
                .toList();
        return bounds.size() < 2
                ? List.of()
                : models.stream().map(rows -> of(rows, bounds)).toList();
    }

    private static PageGrid of(ModelRows rows, List<Bound> bounds) {
        Map<Kind, List<Row>> kinds = new LinkedHashMap<>();
        for (Row row : rows.perturbed()) {
            kinds.computeIfAbsent(new Kind(row.access(), Wording.variant(row), row.target()), kind -> new ArrayList<>())
                    .add(row);
        }
        return new PageGrid(
                rows.model(),
                bounds.stream()
                        .map(bound -> Wording.bound(bound.norm(), bound.epsilon()))
                        .toList(),
                kinds.entrySet().stream()
                        .map(entry -> line(entry.getKey(), entry.getValue(), bounds))
                        .toList());
    }

    private static Line line(Kind kind, List<Row> rows, List<Bound> bounds) {
        return new Line(
                BarChart.style(kind.access()),
                kind.variant(),
                Wording.access(kind.access()) + (kind.target() == null ? "" : ", aimed at grade " + kind.target()),
                bounds.stream()
                        .map(bound -> rows.stream()
                                .filter(row -> bound(row).anyMatch(bound::equals))
                                // several seeds or settings of one attack: the most harmful
                                .min(ModelRows.BY_HARM.reversed())
                                .map(row -> new Cell(
                                        Wording.figure(row.quadraticKappa(), 3), Wording.percent(row.foolingRate(), 1)))
                                .orElse(new Cell("–", "")))
                        .toList());
    }

    private static Stream<Bound> bound(Row row) {
        return row.norm() == null || row.epsilon() == null
                ? Stream.empty()
                : Stream.of(new Bound(Objects.requireNonNull(row.norm()), Objects.requireNonNull(row.epsilon())));
    }
}
