package dev.sclera.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTablesTest {

    private final ReportContent content = MadeUp.content("t", List.of("=cmd(),\"x\"", "b"), MadeUp.images(40, 8));

    @Test
    void everyRowIsThereInFullPrecision() {
        List<NamedCsvRecord> lines = parsed(CsvTables.rows(content.rows()));

        assertThat(lines).hasSize(8);
        for (int i = 0; i < 8; i++) {
            Report.Row row = content.rows().get(i);
            assertThat(Double.parseDouble(lines.get(i).getField("quadratic_kappa")))
                    .isEqualTo(row.quadraticKappa());
            assertThat(lines.get(i).getField("fooling_rate"))
                    .isEqualTo(
                            row.foolingRate() == null ? "" : row.foolingRate().toString());
            assertThat(lines.get(i).getField("evaluation")).isEqualTo(row.evaluation());
        }
        assertThat(lines)
                .extracting(line -> line.getField("access"))
                .containsExactly(
                        "clean", "control", "white_box", "transfer", "clean", "control", "white_box", "transfer");
    }

    @Test
    void whatAPerturbationTookStandsInItsRow() {
        assertThat(parsed(CsvTables.rows(content.rows())))
                .extracting(line -> line.getField("evaluations"), line -> line.getField("gradient_evaluations"))
                .startsWith(tuple("", ""), tuple("0", "0"), tuple("12345", "12345"));
    }

    @Test
    void everyPerturbationIsThereWithItsSeconds() {
        List<NamedCsvRecord> lines = parsed(CsvTables.perturbations(content.perturbations()));

        assertThat(lines)
                .extracting(
                        line -> line.getField("attack"),
                        line -> line.getField("gradient_evaluations"),
                        line -> line.getField("seconds"))
                .containsExactly(
                        tuple("random", "0", "0.0"), tuple("pgd", "12345", "45.6"), tuple("pgd", "12345", "45.6"));
    }

    @Test
    void aNameThatASpreadsheetWouldRunIsText() {
        assertThat(parsed(CsvTables.rows(content.rows())).get(0).getField("model"))
                .isEqualTo("'=cmd(),\"x\"");
    }

    @Test
    void theConfusionMatricesAddUpToTheImages() {
        List<NamedCsvRecord> lines = parsed(CsvTables.confusion(content.findings()));

        assertThat(lines).hasSize(8 * 25);
        for (Finding finding : content.findings()) {
            assertThat(lines.stream()
                            .filter(line -> line.getField("evaluation")
                                    .equals(finding.row().evaluation()))
                            .mapToLong(line -> Long.parseLong(line.getField("images")))
                            .sum())
                    .isEqualTo(40);
        }
    }

    private static List<NamedCsvRecord> parsed(byte[] csv) {
        return CsvReader.builder().ofNamedCsvRecord(new String(csv, StandardCharsets.UTF_8)).stream()
                .toList();
    }
}
