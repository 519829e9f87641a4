package dev.sclera.attack;

/**
 * What is to be expected of a function at points where it was not asked, from those where it was (Rasmussen and
 * Williams 2006, <i>Gaussian Processes for Machine Learning</i>, algorithm 2.1). Matérn kernel of ν = 5/2 with one
 * length for all axes; values are standardised, and have a little noise.
 */
final class GaussianProcess {

    private final float[][] points;
    private final double length;
    private final double mean;
    private final double deviation;
    private final double[][] root;
    private final double[] weights;
    private final double likelihood;

    /**
     * @param points where the function was asked, {@code [n][axes]}; at least one
     * @param values what it was there
     * @param length over which it changes
     * @param noise the variance of the values beside the function's, relative to the values' variance
     */
    GaussianProcess(float[][] points, double[] values, double length, double noise) {
        this.points = points.clone();
        this.length = length;
        int count = points.length;
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        this.mean = sum / count;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        this.deviation = squares > 0 ? Math.sqrt(squares / count) : 1;
        double[] standard = new double[count];
        double[][] covariance = new double[count][count];
        for (int i = 0; i < count; i++) {
            standard[i] = (values[i] - mean) / deviation;
            for (int j = 0; j <= i; j++) {
                covariance[i][j] = kernel(points[i], points[j]) + (i == j ? noise : 0);
            }
        }
        this.root = cholesky(covariance);
        double[] half = forward(standard);
        this.weights = backward(half);
        double fit = 0;
        double volume = 0;
        for (int i = 0; i < count; i++) {
            fit += half[i] * half[i];
            volume += Math.log(root[i][i]);
        }
        this.likelihood = -fit / 2 - volume - count * Math.log(2 * Math.PI) / 2;
    }

    /** What is expected at a point. */
    record Expected(double mean, double deviation) {

        /**
         * By how much more than the best yet, in expectation (Jones et al. 1998, <i>Efficient Global Optimization of
         * Expensive Black-Box Functions</i>, for a maximum).
         */
        double improvement(double best) {
            double gain = mean - best;
            if (deviation <= 0) {
                return Math.max(0, gain);
            }
            double standard = gain / deviation;
            double density = Math.exp(-standard * standard / 2) / Math.sqrt(2 * Math.PI);
            return gain * normal(standard) + deviation * density;
        }
    }

    Expected at(float[] point) {
        double[] covariances = new double[points.length];
        double expected = 0;
        for (int i = 0; i < points.length; i++) {
            covariances[i] = kernel(points[i], point);
            expected += covariances[i] * weights[i];
        }
        double variance = 1;
        for (double known : forward(covariances)) {
            variance -= known * known;
        }
        return new Expected(mean + deviation * expected, deviation * Math.sqrt(Math.max(0, variance)));
    }

    /** The logarithm of the likelihood of the standardised values: what tells a good length from a bad one. */
    double logLikelihood() {
        return likelihood;
    }

    private double kernel(float[] one, float[] other) {
        double squares = 0;
        for (int axis = 0; axis < one.length; axis++) {
            double apart = (double) one[axis] - other[axis];
            squares += apart * apart;
        }
        double distance = Math.sqrt(5 * squares) / length;
        return (1 + distance + distance * distance / 3) * Math.exp(-distance);
    }

    private static double[][] cholesky(double[][] matrix) {
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j <= i; j++) {
                double rest = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    rest -= matrix[i][k] * matrix[j][k];
                }
                matrix[i][j] = i == j ? Math.sqrt(rest) : rest / matrix[j][j];
            }
        }
        return matrix;
    }

    private double[] forward(double[] values) {
        double[] solved = new double[values.length];
        for (int i = 0; i < solved.length; i++) {
            double rest = values[i];
            for (int k = 0; k < i; k++) {
                rest -= root[i][k] * solved[k];
            }
            solved[i] = rest / root[i][i];
        }
        return solved;
    }

    private double[] backward(double[] values) {
        double[] solved = new double[values.length];
        for (int i = solved.length - 1; i >= 0; i--) {
            double rest = values[i];
            for (int k = i + 1; k < solved.length; k++) {
                rest -= root[k][i] * solved[k];
            }
            solved[i] = rest / root[i][i];
        }
        return solved;
    }

    /**
     * The share of a standard normal distribution below a value (Marsaglia 2004, <i>Evaluating the Normal
     * Distribution</i>), to about 1e-15.
     */
    static double normal(double value) {
        if (Math.abs(value) > 8) {
            return value < 0 ? 0 : 1;
        }
        double sum = value;
        double term = value;
        double before = 0;
        for (int odd = 3; sum != before; odd += 2) {
            before = sum;
            term *= value * value / odd;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-value * value / 2) / Math.sqrt(2 * Math.PI);
    }
}
