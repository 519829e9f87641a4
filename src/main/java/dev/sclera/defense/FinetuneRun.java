package dev.sclera.defense;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Delta;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.model.ModelWeights;
import dev.sclera.model.Models;
import dev.sclera.model.TrainingSession;
import dev.sclera.model.TrainingSetup;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.progress.HeldElsewhereException;
import dev.sclera.progress.Interruption;
import dev.sclera.progress.Progress;
import dev.sclera.progress.WorkInterruptedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The training itself: epochs over the training images in seeded order, a validation after each, checkpoints on the
 * way.
 *
 * <p>Invariant: all that happens after a checkpoint depends on the checkpoint and the job alone, for whatever is random
 * comes from the seed and its place. So a run that was cut off ends as if it had not been.
 */
final class FinetuneRun {

    /** About the standard error of a quadratic kappa of a few hundred images. */
    private static final double ABOUT_AS_WELL = 0.05;

    private final FinetuneSpec spec;
    private final FinetuneInputs inputs;
    private final Models models;
    private final Deltas deltas;
    private final FinetuneCheckpoint checkpoint;
    private final Duration pause;
    private final Interruption interruption;
    private final FinetuneJournal journal;
    private final byte[] original;
    private final Validation validation;
    private final EpochImages images;
    private final Pixels pixels;
    private final double[] gradeWeights;
    private final int stepsPerEpoch;

    FinetuneRun(
            FinetuneSpec spec,
            FinetuneInputs inputs,
            Models models,
            Datasets datasets,
            Deltas deltas,
            FinetuneCheckpoint checkpoint,
            Duration pause,
            Interruption interruption,
            FinetuneJournal journal) {
        this.spec = spec;
        this.inputs = inputs;
        this.models = models;
        this.deltas = deltas;
        this.checkpoint = checkpoint;
        this.pause = pause;
        this.interruption = interruption;
        this.journal = journal;
        Dataset dataset = inputs.dataset();
        List<Example> training = inputs.division().training();
        byte[] brought = inputs.onnx();
        original = brought == null ? models.onnx(inputs.model()) : brought;
        validation = new Validation(datasets, models, inputs.model(), inputs.division(), inputs.deltas());
        images =
                new EpochImages(datasets, dataset, training, spec.optimisation().batch(), spec.seed());
        pixels = new Pixels(dataset.height(), dataset.width(), spec.augmentation(), spec.mix());
        gradeWeights = spec.optimisation()
                .gradeWeights(training, inputs.model().descriptor().grades());
        stepsPerEpoch = images.batches(0).size();
    }

    /**
     * What a run ends with.
     *
     * @param weights of the best epoch
     * @param bestEpoch which that is
     * @param log one line per epoch, the first of the original
     */
    record Repaired(Map<String, float[]> weights, int bestEpoch, List<EpochLine> log) {}

    Repaired run(Progress progress) {
        FinetuneState state;
        try (Progress.Task shown = progress.start(
                (inputs.deltas().isEmpty() ? "training " : "fine-tuning ")
                        + inputs.model().name(),
                journal.totalImages())) {
            state = checkpoint.load().orElseGet(() -> begun(shown));
            shown.advance(state.images());
            journal.log(state.log());
            journal.running(state.epoch(), state.images());
            if (goesOn(state)) {
                state = train(state, shown);
            }
        }
        requireNoCollapse(state);
        return new Repaired(checkpoint.loadBest(state.bestEpoch()), state.bestEpoch(), state.log());
    }

    private FinetuneState begun(Progress.Task shown) {
        journal.running(0, 0);
        long started = System.nanoTime();
        Validation.Result result = validation.of(original, List.of(), () -> goesOn(shown, 0));
        return FinetuneState.fresh(EpochLine.of(0, null, null, result, true, since(started)));
    }

    private boolean goesOn(FinetuneState state) {
        int patience = spec.stopping().patience();
        boolean stopped = patience > 0 && deltas.judgedAfter(state.epoch()) && lastGain(state) >= patience;
        return state.epoch() < spec.optimisation().epochs() && !stopped;
    }

    /** How many epochs ago the best of them was, by the figures alone. */
    private int lastGain(FinetuneState state) {
        EpochLine best = null;
        for (EpochLine line : judged(state)) {
            best = best == null || line.betterThan(best, 0) ? line : best;
        }
        return best == null ? 0 : state.epoch() - best.epoch();
    }

    /** The epochs that may be kept. */
    private List<EpochLine> judged(FinetuneState state) {
        return state.log().stream()
                .filter(line -> line.epoch() > 0 && deltas.judgedAfter(line.epoch()))
                .toList();
    }

    private FinetuneState train(FinetuneState from, Progress.Task shown) {
        TrainingSetup setup = new TrainingSetup(
                spec.layers(),
                spec.batchStatistics() ? TrainingGraph.Normalisation.OF_THE_BATCH : TrainingGraph.Normalisation.FIXED,
                spec.optimisation().optimiser(),
                spec.mix().share(),
                spec.mix().consistency(),
                spec.mix().pursues());
        WeightAverage average =
                new WeightAverage(spec.averaging(), spec.optimisation().epochs(), from.average(), from.averaged());
        Pursuit pursuit = new Pursuit(
                inputs.perturbations(), spec.mix(), inputs.division().mostCommonGrade(), pursuers(from));
        FinetuneState state = from;
        try (TrainingSession session = models.training(
                inputs.model(),
                original,
                setup,
                inputs.dataset().height(),
                inputs.dataset().width())) {
            if (state.session().length > 0) {
                session.restore(state.session());
            }
            while (goesOn(state)) {
                state = epoch(state, new Learning(session, average, pursuit), shown);
            }
        }
        return state;
    }

    private List<Pursuer> pursuers(FinetuneState from) {
        if (!spec.mix().pursues()) {
            return List.of();
        }
        return from.pursuing().isEmpty() ? Pursuit.setOut(inputs.deltas()) : from.pursuing();
    }

    /** What changes from step to step. */
    private record Learning(TrainingSession session, WeightAverage average, Pursuit pursuit) {}

    private FinetuneState epoch(FinetuneState from, Learning learning, Progress.Task shown) {
        TrainingSession session = learning.session();
        WeightAverage average = learning.average();
        int epoch = from.epoch();
        if (from.batch() == 0) {
            learning.pursuit().epochBegins(epoch);
        }
        List<Delta> still = deltas.before(epoch);
        List<List<Example>> batches = images.batches(epoch);
        FinetuneState state = from;
        long started = System.nanoTime();
        long saved = started;
        for (int number = from.batch(); number < batches.size(); number++) {
            state = step(state, batches.get(number), still, learning);
            if (average.followsSteps()) {
                average.stepEnded(session.weights());
            }
            boolean interrupted = !goesOn(shown, batches.get(number).size()) || interruption.requested();
            shown.note(String.format(Locale.ROOT, "loss %.3f", state.loss()));
            if (interrupted || number + 1 < batches.size() && System.nanoTime() - saved >= pause.toNanos()) {
                checkpoint.save(state.holding(session, average, learning.pursuit(), from.seconds() + since(started)));
                journal.running(epoch, state.images());
                saved = System.nanoTime();
            }
            if (interrupted) {
                throw new FinetuneInterruptedException(epoch, state.batch());
            }
        }
        return ended(state, learning, from.seconds(), started, shown);
    }

    /** Tells of a step; whether the work is to go on after it. */
    private static boolean goesOn(Progress.Task shown, int images) {
        try {
            shown.advance(images);
            return true;
        } catch (HeldElsewhereException e) {
            // somebody has taken the work over, and what is saved is theirs
            throw e;
        } catch (WorkInterruptedException e) {
            // saved first, and thrown with the place it goes on from
            return false;
        }
    }

    private FinetuneState step(FinetuneState state, List<Example> examples, List<Delta> still, Learning learning) {
        long number = number(state.epoch(), state.batch());
        boolean pursued = spec.mix().pursues() && number % turns() == 0;
        Minibatch minibatch = new Minibatch(
                examples,
                images.of(examples),
                pursued ? List.of(learning.pursuit().turn(number / turns())) : still,
                pixels,
                spec.mix(),
                learning.session().microBatch(),
                spec.seed(),
                state.epoch());
        TrainingSession.Outcome outcome = learning.session()
                .step(
                        minibatch.batch(gradeWeights),
                        rate(state.epoch(), state.batch()),
                        pursued
                                ? (place, slope) -> minibatch.tell(learning.pursuit(), place, slope)
                                : (place, slope) -> {});
        if (pursued) {
            learning.pursuit().climb();
        }
        FinetuneState next = state.stepped(outcome, examples.size());
        next.watch().alarm(outcome.mean(), gradeWeights.length).ifPresent(why -> {
            throw diverged(state.epoch(), "in step %d of".formatted(next.batch()), why);
        });
        return next;
    }

    /** Of how many steps one is with a perturbation that pursues, where some do; in the others are those that stay. */
    private int turns() {
        return spec.recraftEvery() > 0 ? 2 : 1;
    }

    /** How many steps were made before this one, over all epochs. */
    private long number(int epoch, int batch) {
        return (long) epoch * stepsPerEpoch + batch;
    }

    private double rate(int epoch, int batch) {
        // where images are read in groups, an epoch may have a step more than the first one
        return spec.optimisation().rate(number(epoch, Math.min(batch, stepsPerEpoch - 1)), stepsPerEpoch);
    }

    /** Validates what an epoch made, and keeps its weights where they are rather kept than those before. */
    private FinetuneState ended(
            FinetuneState state, Learning learning, double before, long started, Progress.Task shown) {
        WeightAverage average = learning.average();
        int done = state.epoch() + 1;
        Map<String, float[]> weights = learning.session().weights();
        notFinite(weights).ifPresent(why -> {
            throw diverged(state.epoch(), "after", why);
        });
        if (spec.recraftEvery() > 0 && deltas.judgedAfter(done)) {
            // crafting takes as long as training, and what it is against must be there again
            checkpoint.save(state.holding(learning.session(), average, learning.pursuit(), before + since(started)));
        }
        List<Delta> crafted = deltas.craftedAfter(
                done, () -> ModelWeights.write(original, weights, Map.of()), () -> goesOn(shown, 0));
        average.epochEnded(done, weights);
        Map<String, float[]> candidate = average.or(weights);
        byte[] onnx = ModelWeights.write(original, candidate, Map.of());
        List<Delta> more = new ArrayList<>(learning.pursuit().present());
        more.addAll(crafted);
        Validation.Result result = validation.of(onnx, more, () -> goesOn(shown, 0));
        boolean withinBound = result.clean().quadraticKappa()
                >= state.original().cleanQuadraticKappa() - spec.stopping().cleanLoss();
        EpochLine line = EpochLine.of(
                done,
                rate(state.epoch(), state.batch() - 1),
                state.loss(),
                result,
                withinBound,
                before + since(started));
        boolean best = deltas.judgedAfter(done) && keptRatherThan(state, line);
        if (best) {
            checkpoint.saveBest(done, candidate);
        }
        FinetuneState next = state.holding(learning.session(), average, learning.pursuit(), 0)
                .ended(line, best ? done : state.bestEpoch());
        checkpoint.save(next);
        if (best && state.bestEpoch() > 0) {
            checkpoint.deleteBest(state.bestEpoch());
        }
        journal.log(next.log());
        journal.running(done, state.images());
        return next;
    }

    /**
     * Whether an epoch's weights are kept in place of the best so far. Where perturbations change, so does how much
     * they harm, by chance: of epochs that do about as well the last is kept, which has withstood the most of them.
     */
    private boolean keptRatherThan(FinetuneState state, EpochLine line) {
        double tolerance = spec.mix().pursues() || spec.recraftEvery() > 0 ? ABOUT_AS_WELL : 0;
        return judged(state).stream().allMatch(before -> line.betterThan(before, tolerance));
    }

    /** A grader that tells no grades apart any more is no repaired one, whatever its kappa under attack. */
    private void requireNoCollapse(FinetuneState state) {
        if (state.original().gradesGiven() > 1
                && state.log().get(state.bestEpoch()).gradesGiven() == 1) {
            throw diverged(state.bestEpoch() - 1, "after", "every validation image is given the same grade");
        }
    }

    private static Optional<String> notFinite(Map<String, float[]> weights) {
        for (Map.Entry<String, float[]> weight : weights.entrySet()) {
            for (float value : weight.getValue()) {
                if (!Float.isFinite(value)) {
                    return Optional.of("the weight \"%s\" holds %s".formatted(weight.getKey(), value));
                }
            }
        }
        return Optional.empty();
    }

    private InvalidValueException diverged(int epoch, String when, String why) {
        double rate = spec.optimisation().learningRate();
        return new InvalidValueException(
                "optimisation.learningRate",
                rate,
                "a lower one, such as %s: training diverged %s epoch %d, where %s. No model was written"
                        .formatted(rate / 10, when, epoch + 1, why));
    }

    private static double since(long started) {
        return (System.nanoTime() - started) / 1e9;
    }
}
