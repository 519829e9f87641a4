package dev.sclera.attack;

import dev.sclera.ascent.Climber;
import dev.sclera.gradient.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which aim an {@link AutoRun} has: an ascent towards each grade and one that hides referable disease, in long steps,
 * for a short while; the best two once more as long.
 *
 * <p>Images of the grade that is aimed at, or healthy ones where disease is hidden, are not asked about: nearly all are
 * graded so already, and would have no say in where δ goes.
 */
final class AutoSearch {

    /** The share of the budget of one ascent's leg. */
    private static final double LEG = 0.02;

    /** The step relative to epsilon: a few of them have to go all the way. */
    private static final double STEP = 0.25;

    /** How many ascents go on after the first round. */
    private static final int AGAIN = 2;

    /**
     * A start promises enough where it brings kappa down to this share of the clean one. Where none does in the first
     * round, there is no second.
     */
    private static final double PROMISING = 0.8;

    /** The same once it was refined. */
    private static final double KEEPING = 0.6;

    /** How much too well the best may be rated, as the best of several that were told of few images. */
    private static final double LUCK = 0.1;

    /** In place of a grade: not to be referred, as {@link ClinicalAttack} has it. */
    static final int HIDDEN = -1;

    private static final Loss HIDING = new Loss.LogOdds(ClinicalAttack.REFERABLE, ClinicalAttack.CONFIDENCE);

    private final Oracle oracle;
    private final boolean targeted;
    private final List<Integer> aims = new ArrayList<>();
    private final Ascent[] ways;
    private final double[] ratings;
    /** The rating of no perturbation, on the images that the search has come by. */
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
        if (!targeted && ClinicalAttack.somethingToHide(grades)) {
            aims.add(HIDDEN);
        }
        this.ways = new Ascent[aims.size()];
        Problem search = problem.withStep(STEP);
        Arrays.setAll(ways, i -> new MomentumAscent(search, Climber.MOMENTUM, 1));
        this.ratings = new double[ways.length];
        Arrays.fill(ratings, Double.POSITIVE_INFINITY);
        this.clean = new AutoRating(target, oracle.members(), grades.length);
        this.leg = new AutoLeg(problem, oracle, grades.length);
        leg.begin(LEG);
    }

    boolean isDone() {
        return legs >= ways.length + again.length;
    }

    /** Whether an aim is within reach; where a grade is asked for, it is. */
    boolean promises() {
        return targeted || ratings[ranked()[0]] <= PROMISING * clean.value();
    }

    /** Whether what it promised was kept, by what was said of it refined. */
    boolean promises(AutoRating refined) {
        return refined.value() <= KEEPING * clean.value();
    }

    /** Quadratic kappa without a perturbation, on the images that the search has come by. */
    double cleanKappa() {
        return clean.value();
    }

    /** Which ascent is under way. */
    private int now() {
        return legs < ways.length ? legs : again[legs - ways.length];
    }

    /** What {@link #aimed} aims at. */
    int aim() {
        return aims.get(aimedPlace());
    }

    /** The ascent to go on with towards what it aims at. */
    Ascent aimed() {
        return ways[aimedPlace()];
    }

    /** The best ascent so far; until one was rated, the first, which is under way. */
    Ascent best() {
        return ways[ranked()[0]];
    }

    /**
     * Which aim to go on with. To hide disease asks for grade 0 or 1, whichever is nearer, and leads further than
     * either in the end; it is the aim where it is behind one of them by luck alone.
     */
    private int aimedPlace() {
        int best = ranked()[0];
        int hidden = aims.indexOf(HIDDEN);
        boolean hides = aims.get(best) >= 0 && aims.get(best) < ClinicalAttack.REFERABLE;
        return hidden >= 0 && hides && ratings[hidden] < ratings[best] + LUCK ? hidden : best;
    }

    /** Which ascents go on after the first round: the best, or none. */
    private int[] goingOn() {
        return targeted || !promises()
                ? new int[0]
                : Arrays.stream(ranked()).limit(AGAIN).toArray();
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
        Attack.Turn turn = step(whole, images, aims.get(now), ways[now], leg, 0);
        if (leg.isOver()) {
            ratings[now] = leg.rating().value();
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
     * A step towards an aim.
     *
     * @param on the leg that it is a part of
     * @param progress how far the leg is
     */
    Attack.Turn step(Batch whole, CraftingImages images, int aim, Ascent ascent, AutoLeg on, double progress) {
        IntPredicate there = truth -> aim == HIDDEN ? truth < ClinicalAttack.REFERABLE : truth == aim;
        Batch others = targeted ? whole : whole.where(there.negate());
        if (others.size() == 0 && hasAny(images.grades(), there.negate())) {
            assume(whole, images, aim, on);
            return new Attack.Turn(0, 0, 0);
        }
        Batch batch = oracle.within(others.size() == 0 ? whole : others);
        Question question = aim == HIDDEN
                ? new Question(HIDING, batch.truths())
                : new Question(new Loss.TargetedCrossEntropy(), batch.all(aim));
        Oracle.Slope slope = oracle.slope(question, batch, ascent.delta());
        on.add(batch, slope);
        if (others.size() > 0 && others.size() < whole.size()) {
            assume(whole.where(there), images, aim, on);
        }
        ascent.step(slope.gradient(), progress);
        return new Attack.Turn(batch.size(), batch.size() * on.rating().value(), slope.fooled());
    }

    /** Whether there are images of such a grade. */
    private static boolean hasAny(int[] grades, IntPredicate wanted) {
        return IntStream.range(0, grades.length).filter(wanted).anyMatch(grade -> grades[grade] > 0);
    }

    /** Tells the leg of images that are not asked about. */
    private static void assume(Batch rest, CraftingImages images, int aim, AutoLeg on) {
        on.assume(
                rest,
                (model, i) -> aim == HIDDEN ? images.clean(model, rest.place(i)).grade() : aim);
    }

    float[] save() {
        List<float[]> parts = new ArrayList<>();
        for (Ascent way : ways) {
            parts.add(way.save());
        }
        parts.add(Saved.doubles(ratings));
        parts.add(clean.save());
        parts.add(leg.save());
        parts.add(Saved.longs(legs));
        parts.add(Saved.longs(Arrays.stream(again).asLongStream().toArray()));
        return Saved.join(parts.toArray(float[][]::new));
    }

    void restore(float[] saved) {
        int count = ways.length;
        float[][] parts = Saved.split(saved, count + 5);
        for (int i = 0; i < count; i++) {
            ways[i].restore(parts[i]);
        }
        System.arraycopy(Saved.doubles(parts[count]), 0, ratings, 0, count);
        clean.restore(parts[count + 1]);
        leg.restore(parts[count + 2]);
        legs = (int) Saved.longs(parts[count + 3])[0];
        again = Arrays.stream(Saved.longs(parts[count + 4]))
                .mapToInt(i -> (int) i)
                .toArray();
    }
}
