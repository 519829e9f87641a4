package dev.sclera.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.report.Report.Access;
import dev.sclera.report.Report.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTableTest {

    @Test
    void columnsAreAlignedAndFiguresStandToTheRight() {
        List<Row> rows = List.of(
                SummaryTest.row("mobilenetv2", Access.CLEAN, null, 0.7995, null),
                SummaryTest.row("mobilenetv2", Access.CONTROL, null, 0.79, 0.012),
                SummaryTest.row("mobilenetv2", Access.WHITE_BOX, "mobilenetv2", -0.118, 0.93),
                SummaryTest.row("net", Access.CLEAN, null, 0.5, null),
                SummaryTest.row("net", Access.TRANSFER, "mobilenetv2", 0.4, 1.0));

        assertThat(ReportTable.of(rows)).isEqualTo("""
                        model        images                                       accuracy   kappa  quadratic kappa  fooling rate
                        mobilenetv2  clean                                           0.500   0.800            0.800             -
                                     random, linf 8/255 (control)                    0.500   0.790            0.790          1.2%
                                     pgd, linf 8/255 (white-box)                     0.500  -0.118           -0.118         93.0%
                        net          clean                                           0.500   0.500            0.500             -
                                     pgd from mobilenetv2, linf 8/255 (transfer)     0.500   0.400            0.400        100.0%
                        """);
    }

    @Test
    void aFigureThatIsNotDefinedPointsToItsNote() {
        Row row = new Row(
                "m",
                Access.CLEAN,
                null,
                null,
                null,
                null,
                null,
                null,
                1,
                null,
                null,
                null,
                null,
                null,
                List.of("kappa: one grade throughout"),
                "e");

        assertThat(ReportTable.of(List.of(row))).isEqualTo("""
                        model  images     accuracy  kappa  quadratic kappa  fooling rate
                        m      clean [1]     1.000    n/a              n/a             -
                        [1] kappa: one grade throughout
                        """);
    }

    @Test
    void aNameCannotSteerTheTerminal() {
        String table = ReportTable.of(List.of(SummaryTest.row("\u001b[2Jm\r\u202ex", Access.CLEAN, null, 0.5, null)));

        assertThat(table).contains("?[2Jm??x").doesNotContain("\u001b", "\r", "\u202e");
    }
}
