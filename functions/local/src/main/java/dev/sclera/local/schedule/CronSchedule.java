package dev.sclera.local.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.sclera.problem.InvalidValueException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times as everyone writes them: minute, hour, day of the month, month, day of the week, in one time zone. */
public final class CronSchedule {

    private final String expression;
    private final ZoneId zone;
    private final ExecutionTime times;

    private CronSchedule(String expression, ZoneId zone, ExecutionTime times) {
        this.expression = expression;
        this.zone = zone;
        this.times = times;
    }

    /**
     * The times that an expression says.
     *
     * @param expression five fields, for example {@code 0 2 * * *}
     * @param zone whose hours these are
     * @throws InvalidValueException where it is no such expression, or one that never comes
     */
    public static CronSchedule parse(String expression, ZoneId zone) {
        ExecutionTime times;
        try {
            times = ExecutionTime.forCron(new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                    .parse(expression)
                    .validate());
        } catch (IllegalArgumentException e) {
            throw refused(expression);
        }
        CronSchedule schedule = new CronSchedule(expression, zone, times);
        if (schedule.times
                .nextExecution(ZonedDateTime.of(2000, 1, 1, 0, 0, 0, 0, zone))
                .isEmpty()) {
            throw refused(expression);
        }
        return schedule;
    }

    private static InvalidValueException refused(String expression) {
        return new InvalidValueException(
                "schedule",
                expression,
                "five fields (minute, hour, day of the month, month, day of the week) that name a time that comes, for"
                        + " example \"0 2 * * *\" for two o'clock every night, or \"30 6 * * 1\" for half past six on Mondays");
    }

    /** The expression, as it was written. */
    public String expression() {
        return expression;
    }

    /** Whose hours these are. */
    public ZoneId zone() {
        return zone;
    }

    /** The first time after a moment. */
    public Instant next(Instant moment) {
        return times.nextExecution(moment.atZone(zone)).orElseThrow().toInstant();
    }

    /** The last time that is not after a moment; none where there was none yet. */
    public Optional<Instant> latest(Instant moment) {
        // the library looks strictly before, and its times are whole minutes
        Instant after = moment.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        return times.lastExecution(after.atZone(zone)).map(ZonedDateTime::toInstant);
    }
}
