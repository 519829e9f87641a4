package dev.sclera.functions.report;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.CurrentReports;
import dev.sclera.progress.Progress;
import dev.sclera.report.Report;
import dev.sclera.store.Keys;
import dev.sclera.store.StrictRecord;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Reports evaluations as one page, tables and figures. */
@Singleton
public class ReportFunction {

    private final CurrentReports reports;
    private final Progress progress;

    public ReportFunction(CurrentReports reports, Progress progress) {
        this.reports = requireNonNull(reports, "reports is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** Reports. */
    @Funq("report")
    @Measured("report")
    public ReportResult report(@Nullable ReportRequest request) {
        CurrentReports.Current made =
                reports.report(StrictRecord.require(request).spec(), progress);
        Report report = made.report();
        return new ReportResult(report.id(), Keys.report(report.id()), report.page(), report.files(), made.leftOut());
    }
}
