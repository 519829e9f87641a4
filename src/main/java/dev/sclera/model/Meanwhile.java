package dev.sclera.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Work that another thread does while the one who asked for it goes on. Who asks has to take the result, for work opens
 * what is to be closed; hence waiting for it cannot be interrupted.
 *
 * @param <T> what comes of it
 * @param <E> how it may fail, besides what is unchecked
 */
public final class Meanwhile<T, E extends Exception> {

    private final CompletableFuture<T> future;

    private Meanwhile(CompletableFuture<T> future) {
        this.future = future;
    }

    /**
     * What is to be done.
     *
     * @param <T> what comes of it
     * @param <E> how it may fail
     */
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /** Begins. */
    public static <T, E extends Exception> Meanwhile<T, E> of(Work<T, E> work) {
        return new Meanwhile<>(CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.run();
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                Meanwhile::onAnotherThread));
    }

    private static void onAnotherThread(Runnable work) {
        Thread thread = new Thread(work, "meanwhile");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Does all of some work at once, and waits until the last of it has ended.
     *
     * @return what came of each
     * @throws E as one of them did
     */
    static <T, E extends Exception> List<T> all(List<Work<T, E>> works) throws E {
        List<Meanwhile<T, E>> begun = works.stream().map(Meanwhile::of).toList();
        begun.forEach(work -> work.dispose(result -> {}));
        List<T> results = new ArrayList<>();
        for (Meanwhile<T, E> work : begun) {
            results.add(work.result());
        }
        return results;
    }

    /**
     * Waits for what comes of it.
     *
     * @throws E as the work did, as often as it is asked for
     */
    public T result() throws E {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            // all that is left for work to throw
            @SuppressWarnings("unchecked")
            E failure = (E) e.getCause();
            throw failure;
        }
    }

    /** Waits, and does away with what came of it, if anything did. */
    public void dispose(Consumer<? super T> away) {
        T made = future.exceptionally(failure -> null).join();
        if (made != null) {
            away.accept(made);
        }
    }
}
