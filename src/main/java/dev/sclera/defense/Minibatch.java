package dev.sclera.defense;

import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import dev.sclera.model.TrainingSession;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The images of one step, and where each stands in its micro-batch. Single, the given share of them is perturbed, one
 * here and one there. In pairs, the first half of each micro-batch is clean, and the second the same images perturbed.
 */
final class Minibatch implements TrainingSession.Source {

    private final List<Example> examples;
    private final Map<Integer, Images> shards;
    private final List<Delta> deltas;
    private final Pixels pixels;
    private final Mix mix;
    private final int microBatch;
    private final long seed;
    private final int epoch;

    /**
     * A batch.
     *
     * @param shards with its images
     * @param deltas of which each perturbed image draws one
     */
    Minibatch(
            List<Example> examples,
            Map<Integer, Images> shards,
            List<Delta> deltas,
            Pixels pixels,
            Mix mix,
            int microBatch,
            long seed,
            int epoch) {
        this.examples = examples;
        this.shards = shards;
        this.deltas = deltas;
        this.pixels = pixels;
        this.mix = mix;
        this.microBatch = microBatch;
        this.seed = seed;
        this.epoch = epoch;
    }

    /**
     * As a session takes it.
     *
     * @param gradeWeights by grade, how much its images count
     */
    TrainingSession.Batch batch(double[] gradeWeights) {
        int perMicroBatch = paired() ? microBatch / 2 : microBatch;
        int microBatches = (examples.size() + perMicroBatch - 1) / perMicroBatch;
        int[] labels = new int[microBatches * microBatch];
        float[] weights = new float[labels.length];
        for (int place = 0; place < labels.length; place++) {
            int grade = example(place).grade();
            labels[place] = grade;
            weights[place] = index(place) < examples.size() ? (float) gradeWeights[grade] : 0;
        }
        return new TrainingSession.Batch(this, labels, weights);
    }

    private boolean paired() {
        return mix.consistency() > 0;
    }

    /** Which of the examples stands at a place; beyond the last where the place only fills the micro-batch. */
    private int index(int place) {
        int half = microBatch / 2;
        return paired() ? place / microBatch * half + place % half : place;
    }

    private Example example(int place) {
        return examples.get(index(place) % examples.size());
    }

    boolean perturbed(int place) {
        if (paired()) {
            return place % microBatch >= microBatch / 2;
        }
        int index = index(place);
        return Math.floor((index + 1) * mix.share()) > Math.floor(index * mix.share());
    }

    @Override
    public void fill(int place, float[] levels) {
        Example example = example(place);
        pixels.augment(
                shards.get(example.shard()), example.row(), random(Seeded.Purpose.AUGMENTATION, example), levels);
        if (perturbed(place)) {
            Drawn drawn = drawn(example);
            pixels.perturb(deltas.get(drawn.number()), drawn.variation(), levels);
        }
        Pixels.finish(levels);
    }

    /** Passes the slope with respect to a perturbed image on to the one perturbation there is. */
    void tell(Pursuit pursuit, int place, float[] slope) {
        if (perturbed(place) && index(place) < examples.size()) {
            Example example = example(place);
            pursuit.take(drawn(example).variation(), example.grade(), slope);
        }
    }

    /** Which perturbation an image is given, and how it is varied. */
    private record Drawn(int number, Variation variation) {}

    private Drawn drawn(Example example) {
        SplittableRandom random = random(Seeded.Purpose.PERTURBATION, example);
        return new Drawn(random.nextInt(deltas.size()), pixels.variation(random));
    }

    private SplittableRandom random(Seeded.Purpose purpose, Example example) {
        return Seeded.at(seed, purpose, epoch, example.number());
    }
}
