package dev.sclera.functions.report;

import dev.sclera.campaign.CurrentReports.LeftOut;
import java.util.List;

/**
 * Where the report is.
 *
 * @param id the report's id
 * @param report key of its record, which holds every figure
 * @param page key of the self-contained {@code report.html}
 * @param files keys of the tables and figures beside it
 * @param leftOut models of the store that could not be reported, where all were asked for
 */
public record ReportResult(String id, String report, String page, List<String> files, List<LeftOut> leftOut) {

    public ReportResult {
        files = List.copyOf(files);
        leftOut = List.copyOf(leftOut);
    }
}
