package dev.sclera.local.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.problem.InvalidValueException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times as everyone writes them. */
class CronScheduleTest {

    @ParameterizedTest
    @CsvSource({
        "0 2 * * *,    UTC,           2026-03-01T00:00:00Z, 2026-03-01T02:00:00Z",
        "0 2 * * *,    UTC,           2026-03-01T02:00:00Z, 2026-03-02T02:00:00Z",
        "0 2 * * *,    Europe/Berlin, 2026-01-10T12:00:00Z, 2026-01-11T01:00:00Z",
        "0 2 * * *,    Europe/Berlin, 2026-07-10T12:00:00Z, 2026-07-11T00:00:00Z",
        "30 6 * * 1,   UTC,           2026-11-28T00:00:00Z, 2026-11-30T06:30:00Z",
        "30 6 * * MON, UTC,           2026-11-28T00:00:00Z, 2026-11-30T06:30:00Z",
        "*/15 * * * *, UTC,           2026-11-28T00:01:00Z, 2026-11-28T00:15:00Z",
        "0 0 29 2 *,   UTC,           2026-11-28T00:00:00Z, 2028-02-29T00:00:00Z"
    })
    void theNextTimeIsTheOneThatPeopleMean(String expression, String zone, Instant now, Instant next) {
        CronSchedule schedule = CronSchedule.parse(expression, ZoneId.of(zone));
        assertThat(schedule.next(now)).isEqualTo(next);
        assertThat(schedule.latest(next)).contains(next);
        assertThat(schedule.latest(next.minusMillis(1))).get().satisfies(before -> {
            assertThat(before).isBefore(next);
            assertThat(schedule.next(before)).isEqualTo(next);
        });
    }

    @Test
    void everyNightHasOneRunAlsoWhereClocksAreSet() {
        // Berlin: 02:00 to 03:00 is missing on March 29, and is there twice on October 25
        CronSchedule schedule = CronSchedule.parse("30 2 * * *", ZoneId.of("Europe/Berlin"));
        assertThat(runs(schedule, "2026-03-27T12:00:00Z", "2026-04-01T12:00:00Z"))
                .isBetween(4, 5);
        assertThat(runs(schedule, "2026-10-23T12:00:00Z", "2026-10-28T12:00:00Z"))
                .isBetween(5, 6);
        assertThat(runs(
                        CronSchedule.parse("0 4 * * *", ZoneId.of("Europe/Berlin")),
                        "2026-03-27T12:00:00Z",
                        "2026-04-01T12:00:00Z"))
                .isEqualTo(5);
    }

    private static int runs(CronSchedule schedule, String from, String until) {
        List<Instant> times = new ArrayList<>();
        for (Instant time = schedule.next(Instant.parse(from));
                time.isBefore(Instant.parse(until));
                time = schedule.next(time)) {
            times.add(time);
        }
        return times.size();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "every night", "0 2 * *", "0 2 * * * *", "60 2 * * *", "0 25 * * *", "0 0 30 2 *"})
    void whatIsNoScheduleIsRefused(String expression) {
        assertThatThrownBy(() -> CronSchedule.parse(expression, ZoneId.of("UTC")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("\"schedule\"")
                .hasMessageContaining("five fields");
    }
}
