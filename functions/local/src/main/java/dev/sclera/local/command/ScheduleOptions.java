package dev.sclera.local.command;

import dev.sclera.functions.report.ReportRequest;
import dev.sclera.local.Operations;
import dev.sclera.local.schedule.CronSchedule;
import dev.sclera.local.schedule.ReportSchedule;
import dev.sclera.local.schedule.Timekeeper;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.ArtifactName;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a server reports by itself, and on what. */
final class ScheduleOptions {

    private static final List<String> ALL = List.of("*");

    @Option(
            names = "--schedule",
            paramLabel = "CRON",
            description = {
                "Report all current models at these times, evaluating what is new: minute, hour, day of the month,"
                        + " month, day of the week, for example '0 2 * * *'. Default: never."
            })
    private @Nullable String expression;

    @Option(
            names = "--zone",
            description = "Whose hours these are, for example Europe/Berlin. Default: this machine's.")
    private @Nullable String zone;

    @Option(
            names = "--report-on",
            split = ",",
            paramLabel = "DATASET",
            description = "The datasets to report on. Default: all that are a split named test.")
    private List<String> datasets = List.of();

    @Option(
            names = "--catch-up",
            description = "Report at once where the last time was missed, for example because this machine was off.")
    private boolean catchUp;

    /**
     * The schedule that was asked for.
     *
     * @throws InvalidValueException where an option has a value that is not allowed, or says something of no schedule
     */
    Optional<ReportSchedule> schedule(Operations operations) {
        if (expression == null) {
            if (catchUp || zone != null || !datasets.isEmpty()) {
                throw new InvalidValueException(
                        "schedule", "none", "a schedule, where --zone, --report-on or --catch-up is given");
            }
            return Optional.empty();
        }
        datasets.forEach(dataset -> ArtifactName.check("report-on", dataset));
        return Optional.of(new ReportSchedule(
                CronSchedule.parse(expression, zoneId()),
                Timekeeper.system(),
                operations.artifacts(),
                operations.datasets(),
                datasets,
                dataset -> operations
                        .report()
                        .report(new ReportRequest(null, dataset, ALL, ALL, true))
                        .page()));
    }

    private ZoneId zoneId() {
        try {
            return zone == null ? ZoneId.systemDefault() : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new InvalidValueException(
                    "zone", String.valueOf(zone), "a time zone, for example Europe/Berlin, UTC or +02:00");
        }
    }

    /** Begins a schedule beside everything else. */
    Thread started(ReportSchedule schedule) {
        Thread thread = new Thread(() -> schedule.run(catchUp), "sclera-schedule");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
