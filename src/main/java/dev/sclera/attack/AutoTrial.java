package dev.sclera.attack;

import java.util.ArrayList;
import java.util.List;

/**
 * Which of several δ is the strongest. All are rated on the very same crafting images, in 8 bits, but for the last few
 * where the budget ends; as those are few, what was said at the end of their ways counts too, though it was said of
 * different images and of steps before the last.
 */
final class AutoTrial {

    private final Oracle oracle;
    private final CraftingImages images;
    private final int grades;
    private final List<AutoRating> ratings = new ArrayList<>();
    private long first;

    AutoTrial(Oracle oracle, CraftingImages images) {
        this.oracle = oracle;
        this.images = images;
        this.grades = images.grades().length;
    }

    /**
     * Begins.
     *
     * @param index the turn
     * @param known what models said on the way to each candidate
     */
    void begin(long index, List<AutoRating> known) {
        first = index;
        ratings.clear();
        known.forEach(way -> another().add(way));
    }

    /** The rating of one more candidate, which has been told nothing. */
    private AutoRating another() {
        AutoRating rating = new AutoRating(null, oracle.members(), grades);
        ratings.add(rating);
        return rating;
    }

    /** Asks one candidate about one batch: all of them about the first, then all about the second. */
    Attack.Turn turn(long index, List<float[]> candidates) {
        int candidate = (int) ((index - first) % candidates.size());
        Batch batch = oracle.within(images.batch(first + (index - first) / candidates.size()));
        List<int[]> grades = oracle.grades(batch.gathered(), candidates.get(candidate)).stream()
                .map(answers ->
                        answers.stream().mapToInt(answer -> answer.grade()).toArray())
                .toList();
        AutoRating rating = ratings.get(candidate);
        rating.add(batch.truths(), (model, i) -> grades.get(model)[i]);
        double fooled = 0;
        for (int model = 0; model < grades.size(); model++) {
            fooled += images.changed(model, batch, grades.get(model)) / (double) grades.size();
        }
        return new Attack.Turn(batch.size(), batch.size() * rating.value(), fooled);
    }

    /** The best rated candidate; of equals the first. */
    int best() {
        double[] values = ratings.stream().mapToDouble(AutoRating::value).toArray();
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] < values[best] ? i : best;
        }
        return best;
    }

    float[] save() {
        float[][] rated = ratings.stream().map(AutoRating::save).toArray(float[][]::new);
        return Saved.join(Saved.longs(ratings.size(), first), Saved.join(rated));
    }

    void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 2);
        long[] head = Saved.longs(parts[0]);
        first = head[1];
        ratings.clear();
        for (float[] rated : Saved.split(parts[1], (int) head[0])) {
            another().restore(rated);
        }
    }
}
