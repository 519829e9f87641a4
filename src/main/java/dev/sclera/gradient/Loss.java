package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;

/**
 * What is differentiated: one figure per image, from its logits and its label. Images do not see each other, so the
 * gradient of the sum over a batch is each image's own gradient.
 */
public sealed interface Loss {

    /**
     * Which way an attack moves an image: true where it raises the loss, false where it lowers it. Training goes the
     * other way.
     */
    default boolean raisedByAttacks() {
        return true;
    }

    /** Cross-entropy: minus the logarithm of the label's probability. */
    record CrossEntropy() implements Loss {}

    /**
     * Cross-entropy up to a ceiling, flat above it: {@code min(cross-entropy, ceiling)}. Keeps a few images from
     * dominating a sum over many (Shafahi et al. 2020, <i>Universal Adversarial Training</i>, section 3).
     *
     * @param ceiling above 0
     */
    record ClampedCrossEntropy(double ceiling) implements Loss {

        public ClampedCrossEntropy {
            if (!(ceiling > 0) || Double.isInfinite(ceiling)) {
                throw new IllegalArgumentException(
                        "the ceiling of a clamped loss is " + ceiling + ", and must be above 0");
            }
        }
    }

    /**
     * Cross-entropy of a grade that the image is to be taken for: the labels hold that target, and an attack lowers the
     * loss.
     */
    record TargetedCrossEntropy() implements Loss {

        @Override
        public boolean raisedByAttacks() {
            return false;
        }
    }

    /**
     * The label's logit minus the best other one, but no less than {@code −confidence}: negative where the image is
     * misgraded; an attack lowers it (Carlini and Wagner 2017, <i>Towards Evaluating the Robustness of Neural
     * Networks</i>, section V-A, f6). Of equal best others the first counts.
     *
     * @param confidence at least 0; by how much the wrong grade is to win, beyond which the loss is flat.
     *     {@link Double#POSITIVE_INFINITY} for no floor
     */
    record Margin(double confidence) implements Loss {

        public Margin {
            if (!(confidence >= 0)) {
                throw new IllegalArgumentException(
                        "the confidence of a margin is " + confidence + ", and must be at least 0");
            }
        }

        @Override
        public boolean raisedByAttacks() {
            return false;
        }
    }

    /**
     * The best other logit minus that of a grade which the image is to be taken for, but no less than
     * {@code −confidence}: negative where it is taken for it; the labels hold that target, and an attack lowers the
     * loss (Carlini and Wagner 2017, <i>Towards Evaluating the Robustness of Neural Networks</i>, section V-A, f6). Of
     * equal best others the first counts.
     *
     * @param confidence at least 0; by how much the target is to win, beyond which the loss is flat
     */
    record TargetedMargin(double confidence) implements Loss {

        public TargetedMargin {
            if (!(confidence >= 0)) {
                throw new IllegalArgumentException(
                        "the confidence of a margin is " + confidence + ", and must be at least 0");
            }
        }

        @Override
        public boolean raisedByAttacks() {
            return false;
        }
    }

    /**
     * The cosine of the angle between the logits and those of the clean image, from −1 to 1, which come as an input of
     * their own, {@value GradientGraph#CLEAN_LOGITS} {@code [n,classes]}; an attack lowers it, and needs no labels
     * (Zhang et al. 2020, <i>Understanding Adversarial Examples from the Mutual Influence of Images and
     * Perturbations</i>, section 5).
     */
    record CosineSimilarity() implements Loss {

        @Override
        public boolean raisedByAttacks() {
            return false;
        }
    }

    /**
     * By how many grades, squared, the classifier is off in expectation: {@code Σ p_j·(j − label)²}. The classes are
     * grades of an ordinal scale, and what quadratic-weighted kappa punishes is what grows.
     */
    record ExpectedSquaredDistance() implements Loss {}

    /**
     * A weighted sum of the logits, whose weights come as an input of their own, {@value GradientGraph#CLASS_WEIGHTS}
     * {@code [n,classes]}: one row of the logits' Jacobian, or a difference of two, as DeepFool follows it.
     */
    record WeightedLogits() implements Loss {}

    /**
     * A weighted sum of the probabilities, {@code Σ w_j·p_j}, whose weights come as an input of their own,
     * {@value GradientGraph#CLASS_WEIGHTS} {@code [n,classes]}: the expected cost of the classifier's answer, where w_j
     * is what the answer j costs.
     */
    record WeightedProbabilities() implements Loss {}

    /**
     * The logarithm of a weighted sum of the probabilities, {@code log Σ w_j·p_j}; the weights come as an input of
     * their own, {@value GradientGraph#CLASS_WEIGHTS} {@code [n,classes]}, at least 0 and not all 0. Where w_j is what
     * the answer j costs, it grows with the expected cost as {@link WeightedProbabilities} does; but an image of which
     * the classifier is sure has a slope too, and one whose answer costs the most has none.
     */
    record LogWeightedProbabilities() implements Loss {}

    /**
     * The log-odds that the grade is {@code threshold} or above, {@code log P(≥threshold) − log P(<threshold)}, but no
     * less than {@code −floor}: negative where the classifier answers below the threshold. An attack lowers it, and so
     * hides disease; unlike a probability it has a slope where the classifier is sure.
     *
     * @param threshold the least grade that counts as diseased, 1 to classes − 1
     * @param floor at least 0; by how much the healthy grades are to win, beyond which the loss is flat
     */
    record LogOdds(int threshold, double floor) implements Loss {

        public LogOdds {
            if (threshold < 1 || !(floor >= 0)) {
                throw new IllegalArgumentException(
                        "log-odds have a threshold above 0 and a floor of at least 0, and not " + threshold + " and "
                                + floor);
            }
        }

        @Override
        public boolean raisedByAttacks() {
            return false;
        }
    }

    /**
     * Any differentiable figure per image, put together from ONNX nodes and differentiated by the same rules.
     *
     * @param nodes a model of the classifier's opset with an input {@code logits}, float32 {@code [n,classes]}; where
     *     it wants them {@code labels}, int64 {@code [n]}, and others, whose first dimension is the batch, which become
     *     inputs of the gradient graph; and one output, float32 {@code [n]}
     * @param raisedByAttacks which way an attack goes
     */
    record OfNodes(ModelProto nodes, boolean raisedByAttacks) implements Loss {}
}
