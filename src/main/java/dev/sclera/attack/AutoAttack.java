package dev.sclera.attack;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figure to quote: several attacks compete for the budget, and the strongest δ that any of them found is the
 * result. Nothing is to be set, as AutoAttack has it for perturbations of single images (Croce and Hein 2020,
 * <i>Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-free Attacks</i>); ours in how
 * the budget is shared out, see {@link AutoRun}.
 *
 * <p>Strongest means: the lowest quadratic-weighted kappa on a sample of the crafting images in 8 bits; where a target
 * is aimed at, the most images that are graded as it.
 */
final class AutoAttack implements Attack {

    @Override
    public String name() {
        return "auto";
    }

    @Override
    public String summary() {
        return "The strongest of a fixed portfolio of attacks, found within one budget; nothing to set (Sclera's own,"
                + " after Croce & Hein 2020)";
    }

    @Override
    public Access access() {
        return Access.WHITE_BOX;
    }

    @Override
    public int version() {
        return 1;
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
        return new AutoRun(problem, oracle, images, contestants(problem.target()));
    }

    /**
     * One that competes.
     *
     * @param attack its algorithm
     * @param target the grade that it aims at, or null
     * @param options what is set of it
     */
    record Contestant(Attack attack, @Nullable Integer target, Map<String, String> options) {}

    /**
     * All that compete. A model that answers everything alike has a kappa of 0, and "no retinopathy" is the answer that
     * harms most: so one of them aims at it.
     */
    private static List<Contestant> contestants(@Nullable Integer target) {
        if (target != null) {
            return List.of(
                    new Contestant(new ProjectedGradient(), target, Map.of()),
                    new Contestant(new DominantFeature(), target, Map.of()),
                    new Contestant(new IterativeFastGradient(), target, Map.of()));
        }
        return List.of(
                new Contestant(new OrdinalAttack(), null, Map.of()),
                new Contestant(new ProjectedGradient(), null, Map.of()),
                new Contestant(new ProjectedGradient(), 0, Map.of()));
    }
}
