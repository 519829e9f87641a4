package dev.sclera.report;

import dev.sclera.report.Report.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** A report's rows as a table of plain text with aligned columns, for terminals. */
public final class ReportTable {

    private static final List<String> HEADINGS =
            List.of("model", "images", "accuracy", "kappa", "quadratic kappa", "fooling rate");

    private static final int TEXT_COLUMNS = 2;

    private ReportTable() {}

    /**
     * The table: a line of headings, one line per row, and beneath it why figures are not defined.
     *
     * @param rows as a report has them, model by model
     * @return lines that end with {@code \n}; control characters of names are shown as {@code ?}
     */
    public static String of(List<Row> rows) {
        Map<String, Integer> notes = new LinkedHashMap<>();
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEADINGS);
        String model = "";
        for (Row row : rows) {
            row.notes().forEach(note -> notes.putIfAbsent(note, notes.size() + 1));
            lines.add(line(row, row.model().equals(model), notes));
            model = row.model();
        }
        int[] widths = IntStream.range(0, HEADINGS.size())
                .map(column -> lines.stream()
                        .mapToInt(line -> length(line.get(column)))
                        .max()
                        .orElseThrow())
                .toArray();
        StringBuilder table = new StringBuilder();
        lines.forEach(line -> table.append(aligned(line, widths)).append('\n'));
        notes.forEach((note, number) -> table.append('[')
                .append(number)
                .append("] ")
                .append(printable(note))
                .append('\n'));
        return table.toString();
    }

    private static List<String> line(Row row, boolean sameModel, Map<String, Integer> notes) {
        return List.of(
                sameModel ? "" : printable(row.model()),
                printable(images(row, notes)),
                ascii(Wording.figure(row.accuracy(), 3)),
                ascii(Wording.figure(row.kappa(), 3)),
                ascii(Wording.figure(row.quadraticKappa(), 3)),
                row.access() == Report.Access.CLEAN ? "-" : ascii(Wording.percent(row.foolingRate(), 1)));
    }

    private static String images(Row row, Map<String, Integer> notes) {
        StringBuilder images = new StringBuilder(Wording.variant(row));
        if (row.norm() != null && row.epsilon() != null) {
            images.append(", ")
                    .append(row.norm())
                    .append(' ')
                    .append(Wording.epsilon(row.norm(), row.epsilon()))
                    .append(" (")
                    .append(Wording.access(row.access()))
                    .append(')');
        }
        row.notes().forEach(note -> images.append(" [").append(notes.get(note)).append(']'));
        return images.toString();
    }

    private static String aligned(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = line.get(column);
            String padding = " ".repeat(widths[column] - length(cell));
            text.append(column == 0 ? "" : "  ").append(column < TEXT_COLUMNS ? cell + padding : padding + cell);
        }
        return text.toString().stripTrailing();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String ascii(String figure) {
        return figure.replace('\u2212', '-').replace("\u00a0", "");
    }

    // a name with escape sequences must not steer the terminal
    private static String printable(String text) {
        return Objects.requireNonNull(text, "text is null").replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    }
}
