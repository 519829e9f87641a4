package dev.sclera.model;

import static java.util.Objects.requireNonNull;

/**
 * A model's answer to one image.
 *
 * @param grade the most probable grade, the lower one of equals
 * @param probabilities per grade, sum 1; shared, not copied
 */
public record Grade(int grade, double[] probabilities) {

    public Grade {
        requireNonNull(probabilities, "probabilities is null");
    }

    /**
     * The answer that a row of a model's output means.
     *
     * @throws ArithmeticException where a value is not finite
     */
    public static Grade of(float[] row, ModelDescriptor.OutputKind kind) {
        double[] probabilities = new double[row.length];
        int best = 0;
        for (int i = 0; i < row.length; i++) {
            if (!Float.isFinite(row[i])) {
                throw new ArithmeticException("the model's output holds " + row[i] + ", which is no score");
            }
            probabilities[i] = row[i];
            // the first of equals: a tie must not depend on the order of evaluation
            if (row[i] > row[best]) {
                best = i;
            }
        }
        if (kind == ModelDescriptor.OutputKind.LOGITS) {
            softmax(probabilities, row[best]);
        }
        return new Grade(best, probabilities);
    }

    private static void softmax(double[] scores, double largest) {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.exp(scores[i] - largest);
            sum += scores[i];
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= sum;
        }
    }
}
