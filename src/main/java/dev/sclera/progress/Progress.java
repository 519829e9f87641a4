package dev.sclera.progress;

import java.util.function.LongConsumer;

/**
 * Told how far long work is. One {@link Task} at a time per thread; implementations draw a bar, log lines, or nothing.
 */
@FunctionalInterface
public interface Progress {

    /**
     * Starts a task.
     *
     * @param name what is being done, in the user's words, for example {@code grading mobilenetv2 on clean}
     * @param total how many units it has, for example images; at least 0
     * @return the started task; to be closed, also when the work fails
     */
    Task start(String name, long total);

    /** A progress that nobody looks at. */
    static Progress none() {
        return (name, total) -> new Task() {
            @Override
            public void advance(long units) {}

            @Override
            public void close() {}
        };
    }

    /** One piece of work under way. Safe for use by several threads. */
    interface Task extends AutoCloseable {

        /** Tells that so many further units are done. */
        void advance(long units);

        /** Says something about the state of the work, for example the current loss; shown beside the bar. */
        default void note(String text) {}

        @Override
        void close();

        /** This task, where what is told of units goes to another, which may pass it on to this one. */
        default Task advancing(LongConsumer advance) {
            Task shown = this;
            return new Task() {

                @Override
                public void advance(long units) {
                    advance.accept(units);
                }

                @Override
                public void note(String text) {
                    shown.note(text);
                }

                @Override
                public void close() {
                    shown.close();
                }
            };
        }
    }
}
