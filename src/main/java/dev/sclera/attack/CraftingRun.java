package dev.sclera.attack;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Images;
import dev.sclera.dataset.Perturbation;
import dev.sclera.gradient.Loss;
import dev.sclera.model.ImageGradients;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.progress.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The loop that all white-box attacks share: passes over the crafting images in seeded order, a mini-batch per step,
 * checkpoints on the way.
 *
 * <p>Invariant: all that happens after a checkpoint depends on the checkpoint and the specification alone, for the
 * order of each pass comes from the seed and the pass' number. So a run that was cut off ends as if it had not been.
 */
final class CraftingRun {

    /** Where the loss of one image is clamped; Shafahi et al. 2020, section 3, choose 9. */
    static final double LOSS_CEILING = 9;

    private final CraftSpec spec;
    private final Attack attack;
    private final Attack.Problem problem;
    private final Dataset dataset;
    private final Datasets datasets;
    private final Checkpoint checkpoint;

    CraftingRun(
            CraftSpec spec,
            Attack attack,
            Attack.Problem problem,
            Dataset dataset,
            Datasets datasets,
            Checkpoint checkpoint) {
        this.spec = spec;
        this.attack = attack;
        this.problem = problem;
        this.dataset = dataset;
        this.datasets = datasets;
        this.checkpoint = checkpoint;
    }

    /**
     * What a run ends with.
     *
     * @param delta {@code [h,w,3]}
     * @param curve one point per pass
     * @param gradientEvaluations how many gradients of single images it took
     */
    record Crafted(float[] delta, List<Perturbation.Point> curve, long gradientEvaluations) {}

    /**
     * Crafts.
     *
     * @param cleanGrades the model's grade of each clean image, in the dataset's order
     */
    Crafted run(Models models, Model model, int[] cleanGrades, Progress progress) {
        String task = "crafting %s against %s".formatted(attack.name(), model.name());
        long total = (long) spec.passes() * dataset.images();
        int[] firstRows = firstRows();
        RunState state = checkpoint.load().orElseGet(RunState::fresh);
        Attack.Ascent ascent = attack.start(problem, state.attack());
        // a targeted attack goes down to the target's loss, where there is nothing to clamp
        Loss loss = spec.target() == null ? new Loss.ClampedCrossEntropy(LOSS_CEILING) : new Loss.CrossEntropy();
        try (Progress.Task shown = progress.start(task, total);
                ImageGradients gradients = models.gradients(model, loss, dataset.height(), dataset.width())) {
            shown.advance(state.images());
            while (state.pass() < spec.passes()) {
                int[] shards = order(state.pass());
                while (state.shardsDone() < shards.length) {
                    int shard = shards[state.shardsDone()];
                    state = shard(state, shard, gradients, ascent, firstRows[shard], cleanGrades, total, shown);
                    checkpoint.saveSometimes(state.with(ascent.save()));
                }
                state = state.passEnded();
            }
        }
        return new Crafted(ascent.delta().clone(), state.curve(), state.images());
    }

    private RunState shard(
            RunState state,
            int shard,
            ImageGradients gradients,
            Attack.Ascent ascent,
            int firstRow,
            int[] cleanGrades,
            long total,
            Progress.Task shown) {
        Images images = datasets.read(dataset, shard);
        int[] rows = Shuffle.of(images.count(), spec.seed(), state.pass(), 1 + shard);
        RunState after = state;
        for (int start = 0; start < rows.length; start += spec.batch()) {
            int[] batch = Arrays.copyOfRange(rows, start, Math.min(rows.length, start + spec.batch()));
            int[] labels = new int[batch.length];
            Arrays.setAll(labels, i -> spec.target() == null ? images.grades()[batch[i]] : spec.target());
            ImageGradients.Result result = gradients.of(images, batch, ascent.delta(), labels);
            if (spec.target() != null) {
                Ball.scale(result.gradient(), -1);
            }
            int fooled = 0;
            for (int i = 0; i < batch.length; i++) {
                fooled += result.grades()[i] == cleanGrades[firstRow + batch[i]] ? 0 : 1;
            }
            ascent.step(result.gradient(), (double) after.images() / total);
            after = after.plus(batch.length, Arrays.stream(result.losses()).sum(), fooled);
            shown.advance(batch.length);
            shown.note(String.format(Locale.ROOT, "fooled %.0f %%", 100 * after.foolingRate()));
        }
        return after.shardEnded();
    }

    /** The order in which a pass takes the shards. */
    private int[] order(int pass) {
        return Shuffle.of(dataset.shards().size(), spec.seed(), pass, 0);
    }

    /** Per shard, how many images are in the shards before it. */
    private int[] firstRows() {
        int[] first = new int[dataset.shards().size()];
        for (int shard = 1; shard < first.length; shard++) {
            first[shard] = first[shard - 1] + dataset.shards().get(shard - 1).count();
        }
        return first;
    }
}
