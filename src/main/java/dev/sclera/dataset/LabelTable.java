package dev.sclera.dataset;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.sclera.problem.UnusableInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The labels of a CSV file.
 *
 * @param rows in the file's order
 */
record LabelTable(List<Row> rows) {

    LabelTable {
        rows = List.copyOf(rows);
    }

    /**
     * One label.
     *
     * @param image what it says of the image, stripped
     * @param grade what it says of the grade, stripped
     * @param line where it stands, from 1
     */
    record Row(String image, String grade, long line) {}

    /**
     * Reads a file.
     *
     * @throws UnusableInputException where it is not CSV, lacks a column or has no rows
     */
    static LabelTable read(Path file, String imageColumn, String gradeColumn) {
        List<Row> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> reader =
                CsvReader.builder().detectBomHeader(true).skipEmptyLines(true).ofCsvRecord(file)) {
            Iterator<CsvRecord> records = reader.iterator();
            List<String> header = records.hasNext()
                    ? records.next().getFields().stream().map(String::strip).toList()
                    : List.of();
            int image = column(file, header, imageColumn);
            int grade = column(file, header, gradeColumn);
            while (records.hasNext()) {
                CsvRecord record = records.next();
                rows.add(new Row(field(record, image), field(record, grade), record.getStartingLineNumber()));
            }
        } catch (IOException | UncheckedIOException | CsvParseException e) {
            throw new UnusableInputException(
                    "source", "\"%s\" cannot be read as CSV: %s".formatted(file, e.getMessage()), e);
        }
        if (rows.isEmpty()) {
            throw new UnusableInputException(
                    "source", "\"%s\" labels no image: it has a header, but no rows.".formatted(file));
        }
        return new LabelTable(rows);
    }

    private static String field(CsvRecord record, int column) {
        return column < record.getFieldCount() ? record.getField(column).strip() : "";
    }

    private static int column(Path file, List<String> header, String name) {
        int column = header.indexOf(name);
        if (column < 0) {
            throw new UnusableInputException(
                    "source",
                    "\"%s\" has no column \"%s\"; its first line reads \"%s\". Name the columns there, with commas between."
                            .formatted(file, name, String.join(",", header)));
        }
        return column;
    }
}
