package dev.sclera.attack;

import dev.sclera.ascent.Ball;

/**
 * A universal perturbation from answers alone, one direction at a time: δ is moved one way and the other along a
 * direction of the discrete cosine transform's basis, and the move is kept where it makes the models less sure of the
 * right grades (or surer of the target). Koga and Takemoto 2022, <i>Simple Black-Box Universal Adversarial Attacks on
 * Deep Neural Networks for Medical Image Classification</i>, which makes universal the single-image attack of Guo et
 * al. 2019, <i>Simple Black-box Adversarial Attacks</i>, with low frequencies in a random order without replacement.
 *
 * <p>Where it differs: the probability is that of the image's own grade, not of the clean prediction; the length of a
 * move is relative to epsilon, in the norm of the bound (in L∞ the crest of the wave); the answers are to 8-bit images;
 * where all directions are used up, they are gone through again in another order.
 */
final class SimpleBlackBox implements Attack {

    @Override
    public String name() {
        return "u-simba";
    }

    @Override
    public String summary() {
        return "Black-box: keeps moves along cosine waves that make answers worse (U-SimBA, Koga & Takemoto 2022)";
    }

    @Override
    public Access access() {
        return Access.BLACK_BOX;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Options options() {
        return Options.of(Panel.IMAGES, CosineBasis.BAND);
    }

    @Override
    public int defaultPasses() {
        return 30;
    }

    @Override
    public double defaultStep() {
        return 0.5;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        return new Walk(problem, new Panel(problem, oracle, images));
    }

    private static final class Walk extends PanelWalk {

        private final Problem problem;
        private final Ball ball;
        private final CosineBasis basis;

        Walk(Problem problem, Panel panel) {
            super(panel, problem.size());
            this.problem = problem;
            this.ball = problem.ball();
            this.basis = CosineBasis.of(problem);
        }

        @Override
        void ask(long turn) {
            int pass = Math.toIntExact(turn / basis.count());
            int[] order = Shuffle.of(basis.count(), problem.seed(), pass, 0);
            float[] wave = new float[problem.size()];
            basis.add(order[(int) (turn % basis.count())], 1, wave);
            ball.extend(wave);
            if (!improves(moved(wave, problem.step())) && canAsk()) {
                improves(moved(wave, -problem.step()));
            }
        }

        private float[] moved(float[] wave, double step) {
            float[] moved = delta().clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += (float) (step * wave[i]);
            }
            ball.project(moved);
            return moved;
        }
    }
}
