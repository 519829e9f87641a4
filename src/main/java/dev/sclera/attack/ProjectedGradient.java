package dev.sclera.attack;

import dev.sclera.gradient.Loss;

/**
 * Universal perturbations by mini-batch projected gradient ascent: each step follows the slope of the loss over one
 * mini-batch, and goes back into the ball of radius epsilon. Shafahi et al. 2020, <i>Universal Adversarial Training</i>
 * (the loss clamped, so that no single image dominates); Deng and Karam 2020, <i>Universal Adversarial Attack Via
 * Enhanced Projected Gradient Descent</i> (the sign as the steepest step in L∞).
 *
 * <p>Two choices of ours, both common for attacks on single images: momentum, and a step that shrinks to a tenth.
 */
final class ProjectedGradient implements Attack {

    /** Where the loss of one image is clamped; Shafahi et al. 2020 choose 9. */
    static final double LOSS_CEILING = 9;

    @Override
    public String name() {
        return "pgd";
    }

    @Override
    public String summary() {
        return "Mini-batch projected gradient ascent on the clamped loss (Shafahi et al. 2020; Deng & Karam 2020)";
    }

    @Override
    public Access access() {
        return Access.WHITE_BOX;
    }

    @Override
    public boolean batchesSpeakForAll() {
        return true;
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public int defaultBatch() {
        // many steps on few images each went further than few steps on many, at the same budget
        return 8;
    }

    @Override
    public double defaultStep() {
        return 0.1;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        return new MiniBatchRun(
                oracle, images, (batch, progress) -> question(problem, batch), new MomentumAscent(problem));
    }

    /** Cross-entropy: away from the image's grade, or to the target, where there is nothing to clamp. */
    static Question question(Problem problem, Batch batch) {
        if (problem.target() == null) {
            return new Question(new Loss.ClampedCrossEntropy(LOSS_CEILING), batch.truths());
        }
        return new Question(new Loss.TargetedCrossEntropy(), batch.all(problem.target()));
    }
}
