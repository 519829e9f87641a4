package dev.sclera.gradient;

/**
 * What is differentiated: one figure per image, from its logits and its label. Images do not see each other, so the
 * gradient of the sum over a batch is each image's own gradient.
 */
public sealed interface Loss {

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
}
