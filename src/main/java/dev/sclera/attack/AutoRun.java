package dev.sclera.attack;

import dev.sclera.dataset.Images;
import dev.sclera.metrics.CohenKappa;
import dev.sclera.metrics.ConfusionMatrix;
import dev.sclera.model.Grade;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The run of {@link AutoAttack}, by successive halving (Jamieson and Talwalkar 2016, <i>Non-stochastic Best Arm
 * Identification and Hyperparameter Optimization</i>, figure 1): all contestants go for a while, the best two go on,
 * and the best one of them to the end. After each leg a contestant's δ is tried on a sample of the crafting images, as
 * a user sees them; the best δ of all trials is the result.
 */
final class AutoRun implements Attack.Run {

    /** How many contestants start a leg; all in the first. */
    private static final int[] SURVIVORS = {Integer.MAX_VALUE, 2, 1};

    /** How the climbing is shared out among the legs. */
    private static final double[] SHARES = {0.45, 0.25, 0.3};

    private static final int MOST_TRIED = 256;

    /** A trial costs at most this part of the budget. */
    private static final int TRIALS_IN_BUDGET = 30;

    private final CraftingImages images;
    private final Oracle oracle;
    private final @Nullable Integer target;
    private final Batch batch;
    private final Images sample;
    private final List<Leg> contestants = new ArrayList<>();
    private final long[] until = new long[SHARES.length];
    private int[] racing;
    private int leg;
    private int position;
    private float[] best;
    private double bestScore = Double.POSITIVE_INFINITY;

    AutoRun(Problem problem, Oracle oracle, CraftingImages images, List<AutoAttack.Contestant> all) {
        this.images = images;
        this.oracle = oracle;
        this.target = problem.target();
        long tried = Math.max(1, problem.allowance() / oracle.members() / TRIALS_IN_BUDGET);
        this.batch = images.sample((int) Math.min(MOST_TRIED, tried), 0);
        this.sample = batch.gathered();
        this.racing = IntStream.range(0, all.size()).toArray();
        long trials = 0;
        for (int i = 0; i < SURVIVORS.length; i++) {
            trials += Math.min(SURVIVORS[i], all.size());
        }
        long climbing = Math.max(all.size(), problem.allowance() - trials * sample.count() * oracle.members());
        for (int i = 0; i < SHARES.length; i++) {
            long each = (long) (SHARES[i] * climbing / Math.min(SURVIVORS[i], all.size()));
            until[i] = Math.max(1, each) + (i == 0 ? 0 : until[i - 1]);
        }
        for (AutoAttack.Contestant contestant : all) {
            long most = until[SHARES.length - 1];
            Oracle own = oracle.limited(most);
            Problem part = problem.part(contestant.attack(), most, contestant.target(), contestant.options());
            contestants.add(new Leg(contestant.attack().start(part, own, images), own));
        }
        this.best = new float[problem.size()];
    }

    /** A contestant on its way. */
    private static final class Leg {

        private final Attack.Run run;
        private final Oracle oracle;
        private long turns;
        private double score = Double.POSITIVE_INFINITY;

        Leg(Attack.Run run, Oracle oracle) {
            this.run = run;
            this.oracle = oracle;
        }
    }

    @Override
    public float[] delta() {
        return Double.isInfinite(bestScore) && leg < SHARES.length
                ? contestants.get(racing[position]).run.delta()
                : best;
    }

    @Override
    public boolean done() {
        return leg == SHARES.length;
    }

    @Override
    public Attack.Turn turn(long index) {
        Leg contestant = contestants.get(racing[position]);
        boolean climbs = contestant.oracle.evaluations() < until[leg] && !contestant.run.done();
        if (climbs) {
            Attack.Turn turn = contestant.run.turn(contestant.turns);
            contestant.turns++;
            return new Attack.Turn(turn.images(), turn.images() * shownScore(), turn.fooled());
        }
        if (oracle.left() < (long) sample.count() * oracle.members()) {
            // no trial can be paid for any more
            leg = SHARES.length;
            return new Attack.Turn(0, 0, 0);
        }
        Trial trial = tried(contestant.run.delta());
        contestant.score = trial.score;
        if (trial.score < bestScore) {
            bestScore = trial.score;
            best = contestant.run.delta().clone();
        }
        next();
        return new Attack.Turn(sample.count(), sample.count() * shownScore(), trial.fooled);
    }

    /** The curve shows the best score so far; 1 before there is one. */
    private double shownScore() {
        return Double.isInfinite(bestScore) ? 1 : bestScore;
    }

    private void next() {
        position++;
        if (position < racing.length) {
            return;
        }
        position = 0;
        leg++;
        if (leg < SHARES.length) {
            racing = IntStream.of(racing)
                    .boxed()
                    // stable: of equals the first
                    .sorted(Comparator.comparingDouble(i -> contestants.get(i).score))
                    .limit(SURVIVORS[leg])
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
    }

    /** What a δ came to on the sample; the lower the score, the stronger. */
    private record Trial(double score, double fooled) {}

    private Trial tried(float[] delta) {
        List<List<Grade>> answers = oracle.grades(sample, delta);
        double score = 0;
        double fooled = 0;
        for (int model = 0; model < answers.size(); model++) {
            int[] grades = answers.get(model).stream().mapToInt(Grade::grade).toArray();
            score += score(grades) / answers.size();
            fooled += fooled(model, grades) / answers.size();
        }
        return new Trial(score, fooled);
    }

    private double score(int[] grades) {
        if (target != null) {
            return 1 - IntStream.of(grades).filter(grade -> grade == target).count() / (double) grades.length;
        }
        Double kappa = CohenKappa.QUADRATIC
                .of(ConfusionMatrix.of(sample.grades(), grades, images.grades().length))
                .value();
        // of images of one grade alone there is no kappa, and what is wrong counts
        return kappa != null
                ? kappa
                : IntStream.range(0, grades.length)
                                .filter(i -> grades[i] == sample.grades()[i])
                                .count()
                        / (double) grades.length;
    }

    private double fooled(int model, int[] grades) {
        return IntStream.range(0, grades.length)
                .filter(i -> grades[i] != images.clean(model, batch.place(i)).grade())
                .count();
    }

    @Override
    public float[] save() {
        List<float[]> parts = new ArrayList<>();
        parts.add(best);
        parts.add(Saved.doubles(bestScore));
        parts.add(Saved.longs(leg, position));
        parts.add(Saved.longs(IntStream.of(racing).asLongStream().toArray()));
        for (int i = 0; i < contestants.size(); i++) {
            Leg contestant = contestants.get(i);
            parts.add(Saved.doubles(contestant.score));
            parts.add(Saved.longs(
                    contestant.turns, contestant.oracle.evaluations(), contestant.oracle.gradientEvaluations()));
            parts.add(isRacing(i) ? contestant.run.save() : new float[0]);
        }
        return Saved.join(parts.toArray(float[][]::new));
    }

    private boolean isRacing(int contestant) {
        return IntStream.of(racing).anyMatch(i -> i == contestant);
    }

    @Override
    public void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 4 + 3 * contestants.size());
        best = parts[0];
        bestScore = Saved.doubles(parts[1])[0];
        leg = (int) Saved.longs(parts[2])[0];
        position = (int) Saved.longs(parts[2])[1];
        racing = Arrays.stream(Saved.longs(parts[3])).mapToInt(Math::toIntExact).toArray();
        for (int i = 0; i < contestants.size(); i++) {
            Leg contestant = contestants.get(i);
            contestant.score = Saved.doubles(parts[4 + 3 * i])[0];
            long[] counts = Saved.longs(parts[5 + 3 * i]);
            contestant.turns = counts[0];
            contestant.oracle.resume(counts[1], counts[2]);
            if (parts[6 + 3 * i].length > 0) {
                contestant.run.restore(parts[6 + 3 * i]);
            }
        }
    }
}
