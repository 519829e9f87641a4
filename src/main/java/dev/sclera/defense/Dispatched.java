package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a job was last sent to, {@code finetunes/<id>/dispatch.json}; replaced when it is sent again.
 *
 * @param schema {@value #SCHEMA}
 * @param dispatcher the name of who sent it, for example {@code batch}
 * @param target what the target calls it: a job's id or name there, or a process' number
 * @param where to look, for people: a queue, a namespace, a log file
 * @param adopted whether it was waiting or running there already
 * @param dispatched when, UTC; of a process its start
 * @param starts how often the job was started so far, wherever; null where nobody counted
 */
public record Dispatched(
        String schema,
        String dispatcher,
        String target,
        String where,
        boolean adopted,
        Instant dispatched,
        @Nullable Integer starts) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/finetune-dispatch/1";

    public Dispatched {
        requireNonNull(schema, "schema is null");
        requireNonNull(dispatcher, "dispatcher is null");
        requireNonNull(target, "target is null");
        requireNonNull(where, "where is null");
        requireNonNull(dispatched, "dispatched is null");
    }

    /** A job that was started now. */
    public static Dispatched started(String dispatcher, String target, String where) {
        return new Dispatched(SCHEMA, dispatcher, target, where, false, Instant.now(), null);
    }

    /** A job that was there already. */
    public static Dispatched adopted(String dispatcher, String target, String where) {
        return new Dispatched(SCHEMA, dispatcher, target, where, true, Instant.now(), null);
    }

    /** The same, counted: one more than before, unless it was there already. */
    Dispatched counted(int before) {
        return new Dispatched(
                schema, dispatcher, target, where, adopted, dispatched, adopted ? Math.max(1, before) : before + 1);
    }
}
