package dev.sclera.local.schedule;

import java.time.Duration;
import java.time.Instant;

/** The clock, and waiting by it. */
public interface Timekeeper {

    /** What time it is. */
    Instant now();

    /** Waits until it is that time, or later. */
    void waitUntil(Instant moment) throws InterruptedException;

    /** The machine's. A clock that is set, and a machine that slept, are noticed within half a minute. */
    static Timekeeper system() {
        return new Timekeeper() {

            private static final long LONGEST_MILLIS = 30_000;

            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public void waitUntil(Instant moment) throws InterruptedException {
                for (Instant now = now(); now.isBefore(moment); now = now()) {
                    Thread.sleep(Math.min(
                            LONGEST_MILLIS, Duration.between(now, moment).toMillis() + 1));
                }
            }
        };
    }
}
