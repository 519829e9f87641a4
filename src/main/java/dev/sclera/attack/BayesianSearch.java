package dev.sclera.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Seeks the largest value of a function on a cube of side 1 that is dear to ask: after some random points it asks where
 * a {@link GaussianProcess} expects the most improvement (Snoek et al. 2012, <i>Practical Bayesian Optimization of
 * Machine Learning Algorithms</i>), of many random candidates and some near the best point yet. The length of the
 * process is the likeliest of a few.
 */
final class BayesianSearch {

    /** Values at equal points are equal; this stands for detail that is finer than any length. */
    static final double NOISE = 1e-3;

    private static final double[] LENGTHS = {0.1, 0.2, 0.35, 0.6, 1, 2};
    private static final int FIRST = 10;
    private static final int CANDIDATES = 1000;
    private static final int NEAR = 200;
    private static final double NEARNESS = 0.05;

    private final int axes;
    private final long seed;
    private final List<float[]> points = new ArrayList<>();
    private final List<Float> values = new ArrayList<>();

    BayesianSearch(int axes, long seed) {
        this.axes = axes;
        this.seed = seed;
    }

    /** Where to ask next. */
    float[] next() {
        SplittableRandom random = Shuffle.generator(seed, points.size(), 13);
        if (points.size() < FIRST) {
            return anywhere(random);
        }
        GaussianProcess process = likeliest();
        int best = best();
        float[] chosen = anywhere(random);
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < CANDIDATES + NEAR; i++) {
            float[] candidate = i < CANDIDATES ? anywhere(random) : near(points.get(best), random);
            double improvement = process.at(candidate).improvement(values.get(best));
            if (improvement > most) {
                most = improvement;
                chosen = candidate;
            }
        }
        return chosen;
    }

    /** Takes the value at a point. */
    void tell(float[] point, float value) {
        points.add(point.clone());
        values.add(value);
    }

    /** How many values are known. */
    int count() {
        return points.size();
    }

    /**
     * The place among the points told of the one with the largest value, the first of equals; −1 where there is none.
     */
    int best() {
        int best = -1;
        for (int i = 0; i < values.size(); i++) {
            if (best < 0 || values.get(i) > values.get(best)) {
                best = i;
            }
        }
        return best;
    }

    float[] point(int place) {
        return points.get(place);
    }

    private GaussianProcess likeliest() {
        float[][] known = points.toArray(float[][]::new);
        double[] reached = values.stream().mapToDouble(Float::doubleValue).toArray();
        GaussianProcess likeliest = new GaussianProcess(known, reached, LENGTHS[0], NOISE);
        for (int i = 1; i < LENGTHS.length; i++) {
            GaussianProcess other = new GaussianProcess(known, reached, LENGTHS[i], NOISE);
            if (other.logLikelihood() > likeliest.logLikelihood()) {
                likeliest = other;
            }
        }
        return likeliest;
    }

    private float[] anywhere(SplittableRandom random) {
        float[] point = new float[axes];
        for (int axis = 0; axis < axes; axis++) {
            point[axis] = (float) random.nextDouble();
        }
        return point;
    }

    private float[] near(float[] center, SplittableRandom random) {
        float[] point = center.clone();
        for (int axis = 0; axis < axes; axis++) {
            float moved = point[axis] + (float) (NEARNESS * random.nextGaussian());
            point[axis] = Math.max(0, Math.min(1, moved));
        }
        return point;
    }

    /** All that is known, point by point with its value behind. */
    float[] save() {
        float[] saved = new float[points.size() * (axes + 1)];
        for (int i = 0; i < points.size(); i++) {
            System.arraycopy(points.get(i), 0, saved, i * (axes + 1), axes);
            saved[i * (axes + 1) + axes] = values.get(i);
        }
        return saved;
    }

    void restore(float[] saved) {
        points.clear();
        values.clear();
        for (int start = 0; start < saved.length; start += axes + 1) {
            tell(Arrays.copyOfRange(saved, start, start + axes), saved[start + axes]);
        }
    }
}
