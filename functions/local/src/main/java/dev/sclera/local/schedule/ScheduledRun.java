package dev.sclera.local.schedule;

import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.time.Instant;
import java.util.List;

/**
 * The record of a run by the clock that ended well, {@code schedules/<id>/<due>.json}: who finds it does not run again.
 *
 * @param schema {@value #SCHEMA}
 * @param due when it was to run
 * @param reports keys of the reports' pages
 * @param recipe the schedule
 * @param provenance how it came to be
 */
record ScheduledRun(String schema, Instant due, List<String> reports, Recipe recipe, Provenance provenance) {

    static final String SCHEMA = "sclera/scheduled-run/1";

    ScheduledRun {
        reports = List.copyOf(reports);
    }
}
