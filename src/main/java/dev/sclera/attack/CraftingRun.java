package dev.sclera.attack;

import dev.sclera.dataset.Perturbation;
import dev.sclera.model.Grade;
import dev.sclera.progress.Progress;
import dev.sclera.progress.WorkInterruptedException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The loop that all attacks share: turn after turn until the budget is spent, the attack has nothing left to do, enough
 * images are fooled, or the time is up; checkpoints on the way.
 *
 * <p>Invariant: all that happens after a checkpoint depends on the checkpoint and the specification alone, for what is
 * random in a turn comes from the seed and the turn's number. So a run that was cut off ends as if it had not been, but
 * for one that stops by the clock.
 */
final class CraftingRun {

    private final String task;
    private final Attack attack;
    private final Problem problem;
    private final CraftingImages images;
    private final Oracle oracle;
    private final Checkpoint checkpoint;
    private final StopRule stopRule;
    private final double seconds;

    /**
     * A run.
     *
     * @param task what people are shown
     * @param stopAt the fooling rate at which to stop, or null
     * @param seconds after how long to stop, or null
     */
    CraftingRun(
            String task,
            Attack attack,
            Problem problem,
            CraftingImages images,
            Oracle oracle,
            Checkpoint checkpoint,
            @Nullable Double stopAt,
            @Nullable Double seconds) {
        this.task = task;
        this.attack = attack;
        this.problem = problem;
        this.images = images;
        this.oracle = oracle;
        this.checkpoint = checkpoint;
        this.stopRule = new StopRule(stopAt, attack, (long) images.count() * oracle.members());
        this.seconds = seconds == null ? Double.POSITIVE_INFINITY : seconds;
    }

    /**
     * What a run ends with.
     *
     * @param delta {@code [h,w,3]}
     * @param curve one point per pass
     * @param evaluations how many evaluations it took
     * @param gradientEvaluations how many gradients of them
     * @param seconds how long it took, all sessions together
     * @param stopped why it ended
     */
    record Crafted(
            float[] delta,
            List<Perturbation.Point> curve,
            long evaluations,
            long gradientEvaluations,
            double seconds,
            Perturbation.Stopped stopped) {}

    Crafted run(Progress progress) {
        CraftingState state = checkpoint.load().orElseGet(CraftingState::fresh);
        oracle.resume(state.evaluations(), state.gradientEvaluations());
        if (stopRule.looks()) {
            oracle.openGraders();
        }
        Attack.Run run = attack.start(problem, oracle, images);
        if (state.attack().length > 0) {
            run.restore(state.attack());
        }
        Perturbation.Stopped stopped = null;
        try (Progress.Task shown = progress.start(task, problem.allowance())) {
            shown.advance(state.evaluations());
            while (stopped == null) {
                stopped = stopped(run, state);
                if (stopped == null) {
                    state = stopRule.isLookDue(state) ? look(run, state, shown) : turn(run, state, shown);
                }
            }
        }
        if (stopped == Perturbation.Stopped.FOOLED && state.look().batches() > 0) {
            state = state.endedAt(stopRule.foolingRate(state.look()));
        } else if (state.passImages() > 0) {
            state = state.passEnded();
        }
        return new Crafted(
                run.delta().clone(),
                state.curve(),
                state.evaluations(),
                state.gradientEvaluations(),
                state.nanoseconds() / 1e9,
                stopped);
    }

    private Perturbation.@Nullable Stopped stopped(Attack.Run run, CraftingState state) {
        if (run.done()) {
            return Perturbation.Stopped.DONE;
        }
        if (oracle.left() == 0) {
            return Perturbation.Stopped.BUDGET;
        }
        if (state.nanoseconds() >= seconds * 1e9) {
            return Perturbation.Stopped.TIME;
        }
        return stopRule.isMetBy(state) ? Perturbation.Stopped.FOOLED : null;
    }

    private CraftingState look(Attack.Run run, CraftingState before, Progress.Task shown) {
        long started = System.nanoTime();
        Batch batch = images.inOrder(before.look().batches());
        List<List<Grade>> answers = oracle.look(batch.gathered(), run.delta());
        StopRule.Look look = before.look().plus((long) batch.size() * answers.size(), images.changed(batch, answers));
        CraftingState state = before.plus(look, System.nanoTime() - started);
        show(run, before, state, shown);
        return state;
    }

    private CraftingState turn(Attack.Run run, CraftingState before, Progress.Task shown) {
        long started = System.nanoTime();
        Attack.Turn turn = run.turn(before.turns());
        CraftingState after = before.plus(turn, oracle, System.nanoTime() - started);
        double fooled = after.foolingRate();
        CraftingState state = after.passImages() >= images.count() ? after.passEnded() : after;
        show(run, before, state, shown);
        if (!Double.isNaN(fooled)) {
            shown.note(String.format(Locale.ROOT, "fooled %.0f %%", 100 * fooled));
        }
        return state;
    }

    /** Tells of the way from one state to the next, which may cut the run off there, and saves the latter in time. */
    private void show(Attack.Run run, CraftingState before, CraftingState state, Progress.Task shown) {
        try {
            shown.advance(state.evaluations() - before.evaluations());
        } catch (WorkInterruptedException e) {
            checkpoint.save(state.with(run.save()));
            throw e;
        }
        if (checkpoint.isDue()) {
            checkpoint.save(state.with(run.save()));
        }
    }
}
