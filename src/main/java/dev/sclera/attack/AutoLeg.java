package dev.sclera.attack;

import java.util.function.IntBinaryOperator;

/**
 * A stretch of the way of an {@link AutoRun}: so much of the budget, and a rating of where it led. The rating is of
 * what the models said of the last batches on the way, which costs nothing.
 */
final class AutoLeg {

    /** The first part of a leg tells of a δ that is not yet what it ends as. */
    private static final double UNRATED = 0.5;

    private final Problem problem;
    private final Oracle oracle;
    private final AutoRating rating;
    private double unrated = UNRATED;
    private long start;
    private long end;

    AutoLeg(Problem problem, Oracle oracle, int grades) {
        this.problem = problem;
        this.oracle = oracle;
        this.rating = new AutoRating(problem.target(), oracle.members(), grades);
    }

    /** Begins anew, for a share of the whole budget. */
    void begin(double share) {
        start = oracle.evaluations();
        end = start + Math.max(1, (long) (share * problem.allowance()));
        unrated = UNRATED;
        rating.clear();
    }

    /** Begins anew where the last leg ended, on the same way: all of it is rated. */
    void beginOnTheWay(double share) {
        begin(share);
        unrated = 0;
    }

    /** Begins anew, up to where a share of the whole budget is spent. */
    void beginUntil(double share) {
        begin(share - (double) oracle.evaluations() / problem.allowance());
    }

    /** How far it is, 0 to 1. */
    double progress() {
        return Math.min(1, (double) (oracle.evaluations() - start) / (end - start));
    }

    /** Told of a batch, after it was asked about. */
    void add(Batch batch, Oracle.Slope slope) {
        if (progress() >= unrated) {
            rating.add(batch, slope);
        }
    }

    /** Told of images that were not asked about; which grade a model would give to the i-th is foreseeable. */
    void assume(Batch batch, IntBinaryOperator grades) {
        if (progress() >= unrated) {
            rating.add(batch.truths(), grades);
        }
    }

    boolean isOver() {
        return oracle.evaluations() >= end || oracle.left() < oracle.members();
    }

    /** The rating of what it has come to; the lower, the stronger. Changes as it goes on. */
    AutoRating rating() {
        return rating;
    }

    float[] save() {
        return Saved.join(Saved.longs(start, end), Saved.doubles(unrated), rating.save());
    }

    void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 3);
        start = Saved.longs(parts[0])[0];
        end = Saved.longs(parts[0])[1];
        unrated = Saved.doubles(parts[1])[0];
        rating.restore(parts[2]);
    }
}
