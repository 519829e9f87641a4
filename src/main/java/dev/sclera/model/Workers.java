package dev.sclera.model;

import java.util.Collection;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Threads that run sessions of the runtime. Closing waits until none runs one any more: a session that is freed while a
 * thread runs it takes the whole process down.
 */
final class Workers implements AutoCloseable {

    private final ExecutorService threads;

    /** So many threads of one name; they keep no process alive. */
    Workers(int count, String name) {
        threads = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    <T> Future<T> submit(Callable<T> work) {
        return threads.submit(work);
    }

    /** Waits until some work is over, however it ends and even when interrupted. */
    void await(Collection<? extends Future<?>> works) {
        boolean interrupted = false;
        for (Future<?> work : works) {
            while (!work.isDone()) {
                try {
                    work.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException | CancellationException e) {
                    // whoever asked for it is told of the first failure
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets no further work begin, and waits for what is under way, even when interrupted. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
