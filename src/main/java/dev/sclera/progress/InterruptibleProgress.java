package dev.sclera.progress;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends work between two of its steps once somebody wants it to end: all long work tells its progress, and is made to be
 * cut off there. Work that keeps checkpoints saves one first.
 */
public final class InterruptibleProgress implements Progress {

    private final Progress shown;
    private final Interruption interruption;

    /**
     * A progress that may end what it is told of.
     *
     * @param shown who is told
     * @param interruption who may want the work to end
     */
    public InterruptibleProgress(Progress shown, Interruption interruption) {
        this.shown = requireNonNull(shown, "shown is null");
        this.interruption = requireNonNull(interruption, "interruption is null");
    }

    /** @return a task whose {@link Task#advance} throws {@link WorkInterruptedException} where the work is to end */
    @Override
    public Task start(String name, long total) {
        Task task = shown.start(name, total);
        AtomicBoolean begun = new AtomicBoolean();
        return task.advancing(units -> {
            task.advance(units);
            // the first mark may be what was done before: even with no time left, every call does a step of its own
            if (begun.getAndSet(true) && interruption.requested()) {
                throw new WorkInterruptedException(
                        "Interrupted while %s. Ask again, and it goes on from there.".formatted(name));
            }
        });
    }
}
