package dev.sclera.functions.report;

import java.util.List;

/**
 * Where the report is.
 *
 * @param id the report's id
 * @param report key of its record, which holds every figure
 * @param page key of the self-contained {@code report.html}
 * @param files keys of the tables and figures beside it
 */
public record ReportResult(String id, String report, String page, List<String> files) {

    public ReportResult {
        files = List.copyOf(files);
    }
}
