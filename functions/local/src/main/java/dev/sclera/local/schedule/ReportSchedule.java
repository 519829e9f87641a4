package dev.sclera.local.schedule;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Recipe;
import dev.sclera.store.Software;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has all current models reported at the times of a schedule. What several servers on one store do at one time comes to
 * one report, for reports are found by what they are made of.
 */
public final class ReportSchedule {

    private static final Logger LOG = LoggerFactory.getLogger(ReportSchedule.class);

    private final CronSchedule times;
    private final Timekeeper timekeeper;
    private final Artifacts artifacts;
    private final Datasets datasets;
    private final List<String> named;
    private final Function<String, String> report;

    /**
     * A schedule; {@link #run} begins it.
     *
     * @param named the datasets to report on; none for all that are a split {@code test}
     * @param report reports on a dataset of that name, and answers with the key of the page
     */
    public ReportSchedule(
            CronSchedule times,
            Timekeeper timekeeper,
            Artifacts artifacts,
            Datasets datasets,
            List<String> named,
            Function<String, String> report) {
        this.times = requireNonNull(times, "times is null");
        this.timekeeper = requireNonNull(timekeeper, "timekeeper is null");
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.named = List.copyOf(named);
        this.report = requireNonNull(report, "report is null");
    }

    /**
     * Reports whenever it is time, until the thread is interrupted. A run that fails is logged, and the next one comes.
     *
     * @param catchUp whether the last time that has no run is made up for at once
     */
    public void run(boolean catchUp) {
        if (catchUp) {
            times.latest(timekeeper.now()).ifPresent(this::attempt);
        }
        try {
            while (!Thread.currentThread().isInterrupted()) {
                timekeeper.waitUntil(times.next(timekeeper.now()));
                // several times may have passed where the machine slept: they come to one run
                times.latest(timekeeper.now()).ifPresent(this::attempt);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** When, and on what, in words. */
    public String description() {
        return "%s (%s), on %s; next at %s"
                .formatted(
                        times.expression(),
                        times.zone(),
                        named.isEmpty() ? "all test splits" : String.join(", ", named),
                        times.next(timekeeper.now()).atZone(times.zone()).toOffsetDateTime());
    }

    private void attempt(Instant due) {
        try {
            report(due);
        } catch (RuntimeException e) {
            LOG.error("The report due at {} failed; the next one is due at {}.", due, times.next(timekeeper.now()), e);
        }
    }

    private void report(Instant due) {
        Recipe recipe = recipe();
        String key = Keys.scheduled(recipe.id(), due.toString().replace(":", ""));
        if (artifacts.objects().exists(key)) {
            return;
        }
        Instant started = Instant.now();
        List<String> pages = pages(due);
        artifacts.publish(
                key,
                new ScheduledRun(
                        ScheduledRun.SCHEMA,
                        due,
                        pages,
                        recipe,
                        Software.provenance(started, Duration.between(started, Instant.now()))));
    }

    /** One dataset that fails keeps no other from being reported; the run has failed then, all the same. */
    private List<String> pages(Instant due) {
        List<String> pages = new ArrayList<>();
        @Nullable RuntimeException failed = null;
        for (String dataset : reported()) {
            try {
                String page = report.apply(dataset);
                LOG.info("The report due at {}: {}", due, page);
                pages.add(page);
            } catch (RuntimeException e) {
                if (failed == null) {
                    failed = e;
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
        return pages;
    }

    private Recipe recipe() {
        return new Recipe(
                "schedule/1",
                Map.of("expression", times.expression(), "zone", times.zone().getId(), "datasets", named),
                Map.of());
    }

    private List<String> reported() {
        if (!named.isEmpty()) {
            return named;
        }
        List<String> tests = datasets.names().stream()
                .map(datasets::get)
                .filter(dataset -> dataset.split().equals("test"))
                .map(Dataset::name)
                .toList();
        if (tests.isEmpty()) {
            throw new MissingArtifactException(
                    "dataset",
                    "There is no dataset that is a split \"test\", so there is nothing to report on. Import one with:"
                            + " sclera import FOLDER --split or --part test; or name one with --report-on.");
        }
        return tests;
    }
}
