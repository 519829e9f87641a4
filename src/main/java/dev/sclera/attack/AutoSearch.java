package dev.sclera.attack;

import dev.sclera.gradient.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where an {@link AutoRun} begins: an ascent towards each grade and one by the slope of kappa itself, in long steps,
 * for a short while; the best three, two of them towards a grade, once more as long.
 *
 * <p>Images of the grade that is aimed at are not asked about: nearly all are graded so already, and would have no say
 * in where δ goes.
 */
final class AutoSearch {

    /** The share of the budget of one ascent's leg. */
    private static final double LEG = 0.025;

    /** The step relative to epsilon: a few of them have to go all the way. */
    private static final double STEP = 0.25;

    /** How many ascents go on after the first round. */
    private static final int AGAIN = 3;

    /** In place of a grade: the slope of kappa. */
    private static final int KAPPA = -1;

    private final Oracle oracle;
    private final boolean targeted;
    private final List<Integer> aims = new ArrayList<>();
    private final Ascent[] ways;
    private final double[] ratings;
    private final OrdinalKappa kappa;
    private final AutoRating clean;
    private final AutoLeg leg;
    private int legs;
    private int[] again = new int[0];

    AutoSearch(Problem problem, Oracle oracle, int[] grades) {
        this.oracle = oracle;
        Integer target = problem.target();
        this.targeted = target != null;
        IntStream.range(0, grades.length)
                .filter(grade -> target == null || target == grade)
                .forEach(aims::add);
        if (!targeted) {
            aims.add(KAPPA);
        }
        this.ways = new Ascent[aims.size()];
        Problem search = problem.withStep(STEP);
        Arrays.setAll(ways, i -> new MomentumAscent(search, MomentumAscent.MOMENTUM, 1));
        this.ratings = new double[ways.length];
        Arrays.fill(ratings, Double.POSITIVE_INFINITY);
        this.kappa = new OrdinalKappa(true, AutoRun.OFFSET, grades, oracle.members());
        this.clean = new AutoRating(target, oracle.members(), grades.length);
        this.leg = new AutoLeg(problem, oracle, grades.length);
        leg.begin(LEG);
    }

    boolean isDone() {
        return legs >= ways.length + AGAIN || (targeted && legs > 0);
    }

    /** Which ascent is under way. */
    private int now() {
        return legs < ways.length ? legs : again[Math.min(legs - ways.length, again.length - 1)];
    }

    /** The grade that {@link #aimed} aims at. */
    int aim() {
        return aims.get(aimedPlace());
    }

    /** The best ascent of those that aim at a grade. */
    Ascent aimed() {
        return ways[aimedPlace()];
    }

    /** The rating of {@link #aimed}. */
    double rating() {
        return ratings[aimedPlace()];
    }

    /** The best ascent of all; until one was rated, the one that is under way. */
    Ascent way() {
        return ways[best()];
    }

    /** The rating of no perturbation, on the images that the search has come by. */
    double clean() {
        return clean.value();
    }

    private int best() {
        return legs == 0 ? 0 : ranked()[0];
    }

    private int aimedPlace() {
        return Arrays.stream(ranked())
                .filter(i -> aims.get(i) != KAPPA)
                .findFirst()
                .orElseThrow();
    }

    /** Which ascents go on after the first round: the best, but at least two that aim at a grade. */
    private int[] goingOn() {
        int[] aimed = Arrays.stream(ranked())
                .filter(i -> aims.get(i) != KAPPA)
                .limit(AGAIN - 1)
                .toArray();
        int[] others = Arrays.stream(ranked())
                .filter(i -> Arrays.stream(aimed).noneMatch(j -> i == j))
                .toArray();
        return IntStream.concat(Arrays.stream(aimed), Arrays.stream(others))
                .limit(AGAIN)
                .toArray();
    }

    /** The ascents, best first; the first of equals first. */
    private int[] ranked() {
        return IntStream.range(0, ways.length)
                .boxed()
                .sorted((one, other) -> Double.compare(ratings[one], ratings[other]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** A step of the ascent that is under way. */
    Attack.Turn turn(Batch whole, CraftingImages images) {
        clean.add(
                whole.truths(),
                (model, i) -> images.clean(model, whole.place(i)).grade());
        int now = now();
        Attack.Turn turn =
                aims.get(now) == KAPPA ? upwards(whole, ways[now]) : step(whole, aims.get(now), ways[now], leg, 0);
        if (leg.isOver()) {
            ratings[now] = leg.rating();
            legs++;
            if (legs == ways.length) {
                again = goingOn();
            }
            if (legs < ways.length) {
                leg.begin(LEG);
            } else {
                leg.beginOnTheWay(LEG);
            }
        }
        return turn;
    }

    /**
     * A step towards a grade.
     *
     * @param on the leg that it is a part of
     * @param progress how far the leg is
     */
    Attack.Turn step(Batch whole, int grade, Ascent ascent, AutoLeg on, double progress) {
        Batch others = targeted ? whole : where(whole, grade, false);
        Batch batch = oracle.within(others.size() == 0 ? whole : others);
        Question question = new Question(new Loss.TargetedCrossEntropy(), batch.all(grade));
        Oracle.Slope slope = oracle.slope(question, batch, ascent.delta());
        on.add(batch, slope);
        if (others.size() > 0 && others.size() < whole.size()) {
            on.assume(where(whole, grade, true), grade);
        }
        ascent.step(slope.gradient(), progress);
        return new Attack.Turn(batch.size(), batch.size() * on.rating(), slope.fooled());
    }

    private Attack.Turn upwards(Batch whole, Ascent ascent) {
        Batch batch = oracle.within(whole);
        Oracle.Slope slope = oracle.slope(kappa.of(batch, 0), batch, ascent.delta());
        kappa.answered(batch, slope);
        leg.add(batch, slope);
        ascent.step(slope.gradient(), 0);
        return new Attack.Turn(batch.size(), batch.size() * leg.rating(), slope.fooled());
    }

    private static Batch where(Batch batch, int grade, boolean same) {
        int[] truths = batch.truths();
        return batch.only(IntStream.range(0, truths.length)
                .filter(i -> (truths[i] == grade) == same)
                .toArray());
    }

    float[] save() {
        List<float[]> parts = new ArrayList<>();
        for (Ascent way : ways) {
            parts.add(way.save());
        }
        parts.add(Saved.doubles(ratings));
        parts.add(kappa.save());
        parts.add(clean.save());
        parts.add(leg.save());
        parts.add(Saved.longs(legs));
        parts.add(Saved.longs(Arrays.stream(again).asLongStream().toArray()));
        return Saved.join(parts.toArray(float[][]::new));
    }

    void restore(float[] saved) {
        int count = ways.length;
        float[][] parts = Saved.split(saved, count + 6);
        for (int i = 0; i < count; i++) {
            ways[i].restore(parts[i]);
        }
        System.arraycopy(Saved.doubles(parts[count]), 0, ratings, 0, count);
        kappa.restore(parts[count + 1]);
        clean.restore(parts[count + 2]);
        leg.restore(parts[count + 3]);
        legs = (int) Saved.longs(parts[count + 4])[0];
        again = Arrays.stream(Saved.longs(parts[count + 5]))
                .mapToInt(i -> (int) i)
                .toArray();
    }
}
