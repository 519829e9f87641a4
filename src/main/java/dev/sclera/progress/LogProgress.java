package dev.sclera.progress;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log lines: one when a task starts, one every few seconds, one when it ends. For wherever no terminal is. */
@Singleton
public class LogProgress implements Progress {

    private static final Logger LOG = LoggerFactory.getLogger(LogProgress.class);

    private static final Duration PAUSE = Duration.ofSeconds(10);

    @Override
    public Task start(String name, long total) {
        LOG.info("{}: {} to do", name, total);
        return new LoggedTask(name, total);
    }

    private static final class LoggedTask implements Task {

        private final String name;
        private final long total;
        private final long started = System.nanoTime();
        private final AtomicLong done = new AtomicLong();
        private final AtomicLong logged = new AtomicLong(started);
        private volatile String note = "";

        LoggedTask(String name, long total) {
            this.name = name;
            this.total = total;
        }

        @Override
        public void advance(long units) {
            long now = System.nanoTime();
            long last = logged.get();
            long all = done.addAndGet(units);
            // whoever wins the exchange writes the line
            if (now - last >= PAUSE.toNanos() && all < total && logged.compareAndSet(last, now)) {
                LOG.info("{}: {} of {}{}", name, all, total, note);
            }
        }

        @Override
        public void note(String text) {
            note = ", " + text;
        }

        @Override
        public void close() {
            double seconds = (System.nanoTime() - started) / 1e9;
            LOG.info("{}: {} of {} in {} s{}", name, done, total, Math.round(10 * seconds) / 10.0, note);
        }
    }
}
