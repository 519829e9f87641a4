package dev.sclera.attack;

import dev.sclera.gradient.Loss;

/**
 * Dominant-feature perturbations: Zhang, Benz, Imtiaz and Kweon 2020, <i>Understanding Adversarial Examples from the
 * Mutual Influence of Images and Perturbations</i>. Adam lowers by how much the logit of the grade that the model gives
 * the clean image exceeds the best other one, down to a floor; with a target, by how much the best other logit exceeds
 * the target's. The paper's learning rate of 0.005 at ε = 10/255 is 0.1275 ε, and so the default step.
 *
 * <p>Ours: the learning rate shrinks linearly to a tenth unless {@code last-step} is 1, and the floor can be set. Norms
 * other than L∞, in which the paper works, by projection.
 */
final class DominantFeature implements Attack {

    @Override
    public String name() {
        return "df-uap";
    }

    @Override
    public String summary() {
        return "Adam on the clamped margin of the model's own clean answer (Zhang et al. 2020, dominant features)";
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
        return 1;
    }

    @Override
    public Options options() {
        return Options.of(
                new Options.Number(
                        "confidence", "By how much a wrong logit is to win before an image counts no more", 10, 0, 1e6),
                new Options.Number("last-step", "What the last learning rate is of the first", 0.1, 0, 1));
    }

    @Override
    public double defaultStep() {
        return 0.1275;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        return new MiniBatchRun(
                oracle,
                images,
                (batch, progress) -> question(problem, images, batch),
                new AdamAscent(problem, problem.options().number("last-step")));
    }

    private static Question question(Problem problem, CraftingImages images, Batch batch) {
        double confidence = problem.options().number("confidence");
        if (problem.target() == null) {
            return new Question(new Loss.Margin(confidence), model -> images.cleanGrades(model, batch), null);
        }
        return new Question(new Loss.TargetedMargin(confidence), batch.all(problem.target()));
    }
}
