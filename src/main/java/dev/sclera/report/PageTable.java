package dev.sclera.report;

import dev.sclera.report.Report.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one model as the page's table shows them.
 *
 * @param model its caption
 * @param lines one per variant, the clean one first
 */
record PageTable(String model, List<Line> lines) {

    /** Changes of this size or more stand out. */
    private static final double NOTABLE = 0.05;

    /**
     * One variant.
     *
     * @param style the class of its colour
     * @param variant what was done to the images
     * @param remark what the perturbation is to the model, and its bound
     * @param notes the numbers of its notes
     * @param cells one per column
     */
    record Line(String style, String variant, String remark, List<Integer> notes, List<Cell> cells) {}

    /**
     * A figure.
     *
     * @param value as people read it
     * @param change against clean, empty where there is none
     * @param style the class of the change's colour
     */
    record Cell(String value, String change, String style) {}

    static PageTable of(ModelRows rows, List<String> notes) {
        return new PageTable(
                rows.model(),
                rows.all().stream()
                        .map(row -> line(row, rows.clean(), notes, row == rows.clean()))
                        .toList());
    }

    private static Line line(Row row, Row clean, List<String> notes, boolean isClean) {
        return new Line(
                BarChart.style(row.access()),
                Wording.variant(row),
                remark(row),
                row.notes().stream().map(note -> notes.indexOf(note) + 1).toList(),
                List.of(
                        cell(clean.accuracy(), row.accuracy(), isClean),
                        cell(clean.kappa(), row.kappa(), isClean),
                        cell(clean.quadraticKappa(), row.quadraticKappa(), isClean),
                        new Cell(isClean ? "–" : Wording.percent(row.foolingRate(), 1), "", "")));
    }

    private static Cell cell(@Nullable Double clean, @Nullable Double value, boolean isClean) {
        String change = isClean ? "" : Wording.change(clean, value, 3);
        String style = "";
        if (clean != null && value != null && Math.abs(value - clean) >= NOTABLE) {
            style = value < clean ? "worse" : "better";
        }
        return new Cell(Wording.figure(value, 3), change, style);
    }

    private static String remark(Row row) {
        if (row.norm() == null || row.epsilon() == null) {
            return Wording.access(row.access());
        }
        String aim = row.target() == null ? "" : ", aimed at grade " + row.target();
        String reached = row.targetedSuccessRate() == null
                ? ""
                : " (reached by " + Wording.percent(row.targetedSuccessRate(), 1) + ")";
        return Wording.access(row.access()) + ", " + Wording.bound(row.norm(), row.epsilon()) + aim + reached;
    }
}
