package dev.sclera.local.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.campaign.Laboratory;
import dev.sclera.problem.MissingArtifactException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports by a clock that the test moves. */
class ReportScheduleTest {

    private static final CronSchedule NIGHTLY = CronSchedule.parse("0 2 * * *", ZoneId.of("UTC"));
    private static final Instant EVENING = Instant.parse("2026-03-01T18:00:00Z");

    @TempDir
    Path folder;

    private final List<String> made = new ArrayList<>();
    private Laboratory lab;

    @BeforeEach
    void furnish() throws IOException {
        lab = new Laboratory(folder.resolve("workspace")).furnished(folder.resolve("sources"));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** Time passes only where somebody waits; after so many waits the machine is switched off. */
    private static final class MadeUpTime implements Timekeeper {

        private final List<Instant> waited = new ArrayList<>();
        private final int waits;
        private final Duration late;
        private Instant now;

        MadeUpTime(Instant now, int waits, Duration late) {
            this.now = now;
            this.waits = waits;
            this.late = late;
        }

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public void waitUntil(Instant moment) throws InterruptedException {
            if (waited.size() == waits) {
                throw new InterruptedException();
            }
            waited.add(moment);
            now = moment.plus(late);
        }
    }

    private MadeUpTime nights(
            Instant from, int waits, Duration late, boolean catchUp, Function<String, String> report) {
        MadeUpTime time = new MadeUpTime(from, waits, late);
        new ReportSchedule(NIGHTLY, time, lab.artifacts, lab.datasets, List.of(), report).run(catchUp);
        assertThat(Thread.interrupted()).isTrue();
        return time;
    }

    private String report(String dataset) {
        made.add(dataset);
        return "reports/1/report.html";
    }

    @Test
    void everyNightAllTestSplitsAreReported() {
        MadeUpTime time = nights(EVENING, 3, Duration.ZERO, false, this::report);
        assertThat(time.waited)
                .extracting(Instant::toString)
                .containsExactly("2026-03-02T02:00:00Z", "2026-03-03T02:00:00Z", "2026-03-04T02:00:00Z");
        assertThat(made).containsExactly("eyes-test", "eyes-test", "eyes-test");
    }

    @Test
    void aMissedNightIsMadeUpForOnce() {
        nights(EVENING, 1, Duration.ZERO, false, this::report);
        made.clear();
        // three days later: the nights of the 3rd, 4th and 5th were missed
        nights(EVENING.plus(Duration.ofDays(4)), 0, Duration.ZERO, true, this::report);
        assertThat(made).containsExactly("eyes-test");
        nights(EVENING.plus(Duration.ofDays(4)), 0, Duration.ZERO, true, this::report);
        assertThat(made).as("a second start").containsExactly("eyes-test");
    }

    @Test
    void aDatasetThatFailsKeepsNoOtherFromBeingReported() {
        MadeUpTime time = new MadeUpTime(EVENING, 1, Duration.ZERO);
        Function<String, String> report = dataset -> {
            if (dataset.equals("broken")) {
                throw new IllegalStateException("it is broken");
            }
            return report(dataset);
        };
        new ReportSchedule(NIGHTLY, time, lab.artifacts, lab.datasets, List.of("broken", "eyes-test"), report)
                .run(false);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(made).containsExactly("eyes-test");
    }

    @Test
    void withoutCatchingUpAMissedNightStaysMissed() {
        nights(EVENING, 0, Duration.ZERO, false, this::report);
        assertThat(made).isEmpty();
    }

    @Test
    void nightsThatAMachineSleptThroughComeToOneRun() {
        MadeUpTime time = nights(EVENING, 2, Duration.ofDays(3), false, this::report);
        assertThat(made).hasSize(2);
        assertThat(time.waited)
                .extracting(Instant::toString)
                .containsExactly("2026-03-02T02:00:00Z", "2026-03-06T02:00:00Z");
    }

    @Test
    void aSecondServerOnTheStoreFindsTheRunDone() {
        nights(EVENING, 2, Duration.ZERO, false, this::report);
        nights(EVENING, 2, Duration.ofSeconds(20), false, this::report);
        assertThat(made).hasSize(2);
    }

    @Test
    void aRunThatFailsDoesNotEndTheScheduleAndIsMadeUpFor() {
        nights(EVENING, 3, Duration.ZERO, false, dataset -> {
            report(dataset);
            if (made.size() == 3) {
                throw new MissingArtifactException("models", "There is no model.");
            }
            return "reports/1/report.html";
        });
        assertThat(made).hasSize(3);
        nights(Instant.parse("2026-03-04T03:00:00Z"), 0, Duration.ZERO, true, this::report);
        assertThat(made).as("the last night failed").hasSize(4);
    }

    @Test
    void aDatasetThatIsNoTestSplitIsReportedWhereItIsNamed() {
        MadeUpTime time = new MadeUpTime(EVENING, 1, Duration.ZERO);
        new ReportSchedule(NIGHTLY, time, lab.artifacts, lab.datasets, List.of("eyes-train"), this::report).run(false);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(made).containsExactly("eyes-train");
    }
}
