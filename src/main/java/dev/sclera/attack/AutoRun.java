package dev.sclera.attack;

import dev.sclera.gradient.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The run of {@link AutoAttack}, in three parts. First each start goes its way for a short while: towards one grade
 * each, in long steps. Then the most promising one goes on as it began, in steps that shrink: where all answers become
 * one, kappa is nought, and that takes little. Last it goes from the same start by the slope of kappa: that leads
 * through grades that are mixed, and where the bound is wide to answers that contradict the truth, below nought. Every
 * so often a δ is rated by what the models said of the last batches on its way, which costs nothing; the best rated is
 * the result.
 */
final class AutoRun implements Attack.Run {

    /** The share of the budget in which all starts are made. */
    private static final double SEARCH = 0.2;

    /**
     * The share of the budget in which the best start goes on towards its grade; all that is left where one is asked.
     */
    private static final double REFINE = 0.15;

    /** The share of the budget between two ratings of the climb. */
    private static final double LEG = 0.08;

    /** Batches at the start of a leg tell of a δ that is not yet what it ends as. */
    private static final double UNRATED = 0.4;

    /** The step of the starts relative to epsilon: a few of them have to go all the way. */
    private static final double SEARCH_STEP = 0.25;

    private final Problem problem;
    private final Oracle oracle;
    private final CraftingImages images;
    private final List<MiniBatchRun.Objective> starts = new ArrayList<>();
    private final List<OrdinalKappa> kappas = new ArrayList<>();
    private final Ascent[] ways;
    private final double[] ratings;
    private final AutoRating rating;

    private final Ascent refined;
    private final Ascent climb;

    /** How many starts are made; one more once the best of them is refined, two more on the climb. */
    private int part;

    private int chosen;
    private long partStart;
    private long legStart;
    private long legEnd;
    private float[] best;
    private double bestRating = Double.POSITIVE_INFINITY;

    AutoRun(Problem problem, Oracle oracle, CraftingImages images) {
        this.problem = problem;
        this.oracle = oracle;
        this.images = images;
        Integer target = problem.target();
        int grades = images.grades().length;
        for (int grade = 0; grade < grades; grade++) {
            if (target == null || target == grade) {
                starts.add(towards(grade));
                kappas.add(new OrdinalKappa(true, images.grades(), oracle.members()));
            }
        }
        this.ways = new Ascent[starts.size()];
        Problem search = problem.withStep(SEARCH_STEP);
        Arrays.setAll(ways, i -> new MomentumAscent(search, MomentumAscent.MOMENTUM, 1));
        this.ratings = new double[starts.size()];
        Arrays.fill(ratings, Double.POSITIVE_INFINITY);
        this.rating = new AutoRating(target, oracle.members(), grades);
        this.refined = new MomentumAscent(problem);
        this.climb = new MomentumAscent(problem);
        this.best = new float[problem.size()];
        begin(SEARCH / starts.size());
    }

    private static MiniBatchRun.Objective towards(int grade) {
        return (batch, progress) -> new Question(new Loss.TargetedCrossEntropy(), batch.all(grade));
    }

    private boolean refining() {
        return part == ways.length;
    }

    private boolean climbing() {
        return part > ways.length;
    }

    private void begin(double share) {
        legStart = oracle.evaluations();
        legEnd = legStart + Math.max(1, (long) (share * problem.allowance()));
        rating.clear();
    }

    /** The share of the budget that refining takes. */
    private double refine() {
        return problem.target() == null ? REFINE : 1 - SEARCH;
    }

    @Override
    public float[] delta() {
        return Double.isInfinite(bestRating) ? going().delta() : best;
    }

    private Ascent going() {
        return climbing() ? climb : refining() ? refined : ways[part];
    }

    @Override
    public Attack.Turn turn(long index) {
        int start = part < ways.length ? part : chosen;
        Batch batch = oracle.within(images.batch(index));
        Ascent ascent = going();
        double progress = progress();
        OrdinalKappa kappa = kappas.get(start);
        Question question =
                climbing() ? kappa.of(batch, progress) : starts.get(start).of(batch, progress);
        Oracle.Slope slope = oracle.slope(question, batch, ascent.delta());
        if (!refining()) {
            // so that the climb knows where it begins, which is not where refining ends
            kappa.answered(batch, slope);
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

    /** How far the part is, by which its steps shrink. */
    private double progress() {
        if (part < ways.length) {
            return 0;
        }
        double whole = climbing() ? problem.allowance() - partStart : refine() * problem.allowance();
        return Math.min(1, (oracle.evaluations() - partStart) / Math.max(1, whole));
    }

    /** The curve shows the best rating so far; 1 before there is one. */
    private double shown() {
        return Double.isInfinite(bestRating) ? 1 : bestRating;
    }

    /** Ends a leg, and begins the next one. */
    private void rate(Ascent ascent) {
        double rated = rating.value();
        if (rated < bestRating) {
            bestRating = rated;
            best = ascent.delta().clone();
        }
        if (climbing()) {
            begin(LEG);
            return;
        }
        if (part < ways.length) {
            ratings[part] = rated;
        }
        part++;
        if (part < ways.length) {
            begin(SEARCH / starts.size());
            return;
        }
        partStart = oracle.evaluations();
        if (refining()) {
            chosen = mostPromising();
            refined.restore(ways[chosen].save());
            begin(refine());
        } else {
            climb.restore(ways[chosen].save());
            begin(LEG);
        }
    }

    /** The best rated start, the first of equals. */
    private int mostPromising() {
        int found = 0;
        for (int i = 1; i < ratings.length; i++) {
            found = ratings[i] < ratings[found] ? i : found;
        }
        return found;
    }

    @Override
    public float[] save() {
        List<float[]> parts = new ArrayList<>();
        for (Ascent ascent : ways) {
            parts.add(ascent.save());
        }
        kappas.forEach(kappa -> parts.add(kappa.save()));
        parts.add(refined.save());
        parts.add(climb.save());
        parts.add(rating.save());
        parts.add(best);
        parts.add(Saved.doubles(bestRating));
        parts.add(Saved.doubles(ratings));
        parts.add(Saved.longs(part, chosen, partStart, legStart, legEnd));
        return Saved.join(parts.toArray(float[][]::new));
    }

    @Override
    public void restore(float[] saved) {
        int count = ways.length;
        float[][] parts = Saved.split(saved, 2 * count + 7);
        for (int i = 0; i < count; i++) {
            ways[i].restore(parts[i]);
            kappas.get(i).restore(parts[count + i]);
        }
        refined.restore(parts[2 * count]);
        climb.restore(parts[2 * count + 1]);
        rating.restore(parts[2 * count + 2]);
        best = parts[2 * count + 3];
        bestRating = Saved.doubles(parts[2 * count + 4])[0];
        System.arraycopy(Saved.doubles(parts[2 * count + 5]), 0, ratings, 0, count);
        long[] places = Saved.longs(parts[2 * count + 6]);
        part = (int) places[0];
        chosen = (int) places[1];
        partStart = places[2];
        legStart = places[3];
        legEnd = places[4];
    }
}
