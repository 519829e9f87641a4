package dev.sclera.attack;

import dev.sclera.gradient.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The run of {@link AutoAttack}. First each start goes its way for a short while: towards one grade each, in long
 * steps. Then the most promising one goes on by the slope of kappa, as long as that gets it anywhere; then in smaller
 * steps the way it began; then the next, until the budget is spent. The slope of kappa goes further from where grades
 * are mixed, and leads away again from where all are one already. Every so often a δ is rated by what the models said
 * of the last batches on its way, which costs nothing; the best rated is the result.
 */
final class AutoRun implements Attack.Run {

    /** The share of the budget in which all starts are made. */
    private static final double SEARCH = 0.3;

    /** The share of the budget between two ratings of the climb. */
    private static final double LEG = 0.08;

    /** Batches at the start of a leg tell of a δ that is not yet what it ends as. */
    private static final double UNRATED = 0.4;

    /** After so many legs without a better δ the next start has its turn. */
    private static final int PATIENCE = 2;

    /** The step of the starts relative to epsilon: a few of them have to go all the way. */
    private static final double SEARCH_STEP = 0.25;

    private final Problem problem;
    private final Oracle oracle;
    private final CraftingImages images;
    private final List<MiniBatchRun.Objective> starts;
    private final List<List<MiniBatchRun.Objective>> climbs;
    private final Ascent[] ways;
    private final double[] ratings;
    private final int[] climbed;
    private final AutoRating rating;

    private Ascent climb;
    private int way;
    private boolean climbing;
    private long legEnd;
    private long legStart;
    private long climbStart;
    private double climbBest = Double.POSITIVE_INFINITY;
    private int legsInVain;
    private float[] best;
    private double bestRating = Double.POSITIVE_INFINITY;

    AutoRun(Problem problem, Oracle oracle, CraftingImages images) {
        this.problem = problem;
        this.oracle = oracle;
        this.images = images;
        Integer target = problem.target();
        int grades = images.grades().length;
        this.starts = new ArrayList<>();
        this.climbs = new ArrayList<>();
        for (int grade = 0; grade < grades; grade++) {
            if (target == null || target == grade) {
                MiniBatchRun.Objective towards = towards(grade);
                starts.add(towards);
                climbs.add(
                        target == null
                                ? List.of(new OrdinalKappa(true, images.grades(), oracle.members()), towards)
                                : List.of(towards));
            }
        }
        this.ways = new Ascent[starts.size()];
        Problem search = problem.withStep(SEARCH_STEP);
        Arrays.setAll(ways, i -> new MomentumAscent(search, MomentumAscent.MOMENTUM, 1));
        this.ratings = new double[starts.size()];
        Arrays.fill(ratings, Double.POSITIVE_INFINITY);
        this.climbed = new int[starts.size()];
        this.rating = new AutoRating(target, oracle.members(), grades);
        this.climb = new MomentumAscent(problem);
        this.best = new float[problem.size()];
        begin(searchLeg());
    }

    private static MiniBatchRun.Objective towards(int grade) {
        return (batch, progress) -> new Question(new Loss.TargetedCrossEntropy(), batch.all(grade));
    }

    private long searchLeg() {
        return Math.max(1, (long) (SEARCH * problem.allowance() / starts.size()));
    }

    private void begin(long evaluations) {
        legStart = oracle.evaluations();
        legEnd = legStart + evaluations;
        rating.clear();
    }

    @Override
    public float[] delta() {
        return Double.isInfinite(bestRating) ? going().delta() : best;
    }

    private Ascent going() {
        return climbing ? climb : ways[way];
    }

    @Override
    public Attack.Turn turn(long index) {
        MiniBatchRun.Objective objective = climbing ? climbs.get(way).get(climbed[way] - 1) : starts.get(way);
        Batch batch = oracle.within(images.batch(index));
        double progress = climbing
                ? (oracle.evaluations() - climbStart) / (double) Math.max(1, problem.allowance() - climbStart)
                : 0;
        Ascent ascent = going();
        Oracle.Slope slope = oracle.slope(objective.of(batch, progress), batch, ascent.delta());
        objective.answered(batch, slope);
        if (!climbing) {
            // so that the first climb knows where it begins
            climbs.get(way).get(0).answered(batch, slope);
        }
        if (oracle.evaluations() - legStart >= UNRATED * (legEnd - legStart)) {
            rating.add(batch, slope);
        }
        ascent.step(slope.gradient(), progress);
        if (oracle.evaluations() >= legEnd || oracle.left() < oracle.members()) {
            rate(ascent);
        }
        return new Attack.Turn(batch.size(), batch.size() * shown(), slope.fooled());
    }

    /** The curve shows the best rating so far; 1 before there is one. */
    private double shown() {
        return Double.isInfinite(bestRating) ? 1 : bestRating;
    }

    /** Ends a leg, and decides what the next one is. */
    private void rate(Ascent ascent) {
        double rated = rating.value();
        if (rated < bestRating) {
            bestRating = rated;
            best = ascent.delta().clone();
        }
        if (!climbing) {
            ratings[way] = rated;
            way++;
            if (way < ways.length) {
                begin(searchLeg());
                return;
            }
            climbing = true;
            climbFrom(mostPromising());
            return;
        }
        legsInVain = rated < climbBest ? 0 : legsInVain + 1;
        climbBest = Math.min(climbBest, rated);
        if (legsInVain >= PATIENCE && mostPromising() >= 0) {
            climbFrom(mostPromising());
        } else {
            begin(Math.max(1, (long) (LEG * problem.allowance())));
        }
    }

    private void climbFrom(int start) {
        way = start;
        climbed[start]++;
        climb = new MomentumAscent(problem);
        climb.restore(ways[start].save());
        climbStart = oracle.evaluations();
        climbBest = ratings[start];
        legsInVain = 0;
        begin(Math.max(1, (long) (LEG * problem.allowance())));
    }

    /** The best rated start from which there is another climb, the first of equals; −1 where there is none left. */
    private int mostPromising() {
        int found = -1;
        for (int i = 0; i < ways.length; i++) {
            if (climbed[i] < climbs.get(i).size() && (found < 0 || ratings[i] < ratings[found])) {
                found = i;
            }
        }
        return found;
    }

    @Override
    public float[] save() {
        List<float[]> parts = new ArrayList<>();
        for (Ascent ascent : ways) {
            parts.add(ascent.save());
        }
        climbs.forEach(ofStart -> parts.add(ofStart.get(0).save()));
        parts.add(climb.save());
        parts.add(rating.save());
        parts.add(best);
        parts.add(Saved.doubles(bestRating, climbBest));
        parts.add(Saved.doubles(ratings));
        parts.add(Saved.longs(Arrays.stream(climbed).asLongStream().toArray()));
        parts.add(Saved.longs(way, climbing ? 1 : 0, legStart, legEnd, climbStart, legsInVain));
        return Saved.join(parts.toArray(float[][]::new));
    }

    @Override
    public void restore(float[] saved) {
        int count = ways.length;
        float[][] parts = Saved.split(saved, 2 * count + 7);
        for (int i = 0; i < count; i++) {
            ways[i].restore(parts[i]);
            climbs.get(i).get(0).restore(parts[count + i]);
        }
        climb.restore(parts[2 * count]);
        rating.restore(parts[2 * count + 1]);
        best = parts[2 * count + 2];
        double[] figures = Saved.doubles(parts[2 * count + 3]);
        bestRating = figures[0];
        climbBest = figures[1];
        System.arraycopy(Saved.doubles(parts[2 * count + 4]), 0, ratings, 0, count);
        long[] made = Saved.longs(parts[2 * count + 5]);
        for (int i = 0; i < count; i++) {
            climbed[i] = (int) made[i];
        }
        long[] places = Saved.longs(parts[2 * count + 6]);
        way = (int) places[0];
        climbing = places[1] == 1;
        legStart = places[2];
        legEnd = places[3];
        climbStart = places[4];
        legsInVain = (int) places[5];
    }
}
