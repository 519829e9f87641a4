package dev.sclera.simulation;

import dev.sclera.problem.InvalidValueException;

/**
 * How many models come how fast, and what the cloud allows.
 *
 * @param models how many are uploaded
 * @param over within so many seconds, at random
 * @param seed of the arrivals and of the times that work takes
 * @param jitter by how much of itself the time of a part differs, at most
 * @param concurrency what all functions of the account may run at a time
 * @param evaluate what the function that evaluates may; the rest is for the others
 * @param burst environments of a function that come at once, and again every ten seconds
 * @param coldStart seconds that a new environment takes more
 * @param eventsPerSecond what the event bus takes
 * @param readsPerPrefix a second, what S3 gives of keys that begin alike
 * @param writesPerPrefix a second, what S3 takes
 * @param gpus what the job queue runs at a time
 */
public record Scenario(
        int models,
        double over,
        long seed,
        double jitter,
        int concurrency,
        int evaluate,
        int burst,
        double coldStart,
        double eventsPerSecond,
        double readsPerPrefix,
        double writesPerPrefix,
        int gpus) {

    public Scenario {
        require("models", models, models >= 1, "1 or more");
        require("over", over, over >= 0, "0 or more seconds");
        require("jitter", jitter, jitter >= 0 && jitter < 1, "0 to less than 1");
        require("concurrency", concurrency, concurrency >= 1, "1 or more");
        require("evaluate-concurrency", evaluate, evaluate >= 1, "1 or more");
        require("burst", burst, burst >= 1, "1 or more");
        require("cold-start", coldStart, coldStart >= 0, "0 or more seconds");
        require("events-per-second", eventsPerSecond, eventsPerSecond > 0, "more than 0");
        require("gpus", gpus, gpus >= 1, "1 or more");
    }

    private static void require(String field, Number value, boolean allowed, String what) {
        if (!allowed) {
            throw new InvalidValueException(field, value, what);
        }
    }
}
