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

    private static final class Walk implements Run {

        private final Problem problem;
        private final Panel panel;
        private final Ball ball;
        private final CosineBasis basis;
        private float[] delta;
        private Panel.Answer answer;

        Walk(Problem problem, Panel panel) {
            this.problem = problem;
            this.panel = panel;
            this.ball = problem.ball();
            this.basis = CosineBasis.of(problem);
            this.delta = new float[problem.size()];
            this.answer = panel.clean();
        }

        @Override
        public float[] delta() {
            return delta;
        }

        @Override
        public boolean done() {
            return !panel.canAsk();
        }

        @Override
        public Turn turn(long index) {
            int pass = Math.toIntExact(index / basis.count());
            int[] order = Shuffle.of(basis.count(), problem.seed(), pass, 0);
            float[] wave = new float[problem.size()];
            basis.add(order[(int) (index % basis.count())], 1, wave);
            ball.extend(wave);
            if (!improves(wave, problem.step()) && panel.canAsk()) {
                improves(wave, -problem.step());
            }
            return new Turn(panel.size(), (double) answer.score() * panel.size(), answer.fooled());
        }

        private boolean improves(float[] wave, double step) {
            float[] moved = delta.clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += (float) (step * wave[i]);
            }
            ball.project(moved);
            Panel.Answer asked = panel.ask(moved);
            if (asked.score() <= answer.score()) {
                return false;
            }
            delta = moved;
            answer = asked;
            return true;
        }

        @Override
        public float[] save() {
            return Saved.join(delta, new float[] {answer.score(), (float) answer.fooled()});
        }

        @Override
        public void restore(float[] saved) {
            float[][] parts = Saved.split(saved, 2);
            delta = parts[0];
            answer = new Panel.Answer(parts[1][0], parts[1][1]);
        }
    }
}
