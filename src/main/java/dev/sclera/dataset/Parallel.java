package dev.sclera.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Does independent work on all cores; what comes out must not depend on the order in which it is done. */
final class Parallel {

    private Parallel() {}

    /**
     * Does {@code work} for 0 to {@code n − 1} on as many threads as there are cores, and on no more than {@code most}.
     * The first failure stops it and is thrown.
     */
    static void forEach(int n, int most, IntConsumer work) {
        int threads =
                Math.max(1, Math.min(Math.min(n, most), Runtime.getRuntime().availableProcessors()));
        AtomicInteger next = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                running.add(pool.submit(() -> {
                    for (int i = next.getAndIncrement(); i < n; i = next.getAndIncrement()) {
                        try {
                            work.accept(i);
                        } catch (RuntimeException | Error e) {
                            next.set(n);
                            throw e;
                        }
                    }
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            next.set(n);
            pool.shutdownNow();
        }
    }

    private static RuntimeException unwrapped(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }
}
