package dev.sclera.progress;

/** Tells of tasks with the number of the step that they belong to, for example {@code [3/17] crafting pgd}. */
public final class NumberedProgress implements Progress {

    private final Progress shown;
    private final int step;
    private final int steps;

    /**
     * Numbers what a step does.
     *
     * @param shown who is told
     * @param step from 1
     * @param steps how many there are
     */
    public NumberedProgress(Progress shown, int step, int steps) {
        this.shown = shown;
        this.step = step;
        this.steps = steps;
    }

    @Override
    public Task start(String name, long total) {
        return shown.start("[%d/%d] %s".formatted(step, steps, name), total);
    }
}
