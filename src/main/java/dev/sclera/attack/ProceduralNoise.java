package dev.sclera.attack;

import dev.sclera.ascent.Norm;
import java.util.List;

/**
 * A universal perturbation from answers alone: a pattern as computer graphics draws textures, of whose few parameters
 * the worst for the models are sought by Bayesian optimisation. Co et al. 2019, <i>Procedural Noise Adversarial
 * Examples for Black-Box Attacks on Deep Convolutional Networks</i> (grey Perlin noise in a sine, or Gabor noise; a
 * Gaussian process with a Matérn 5/2 kernel, expected improvement).
 *
 * <p>Where it differs: what is sought is a low mean probability of the right grade (or a high one of the target), which
 * tells patterns apart that fool equally many; the ranges of the parameters follow the images' size; in L∞ the
 * pattern's signs are taken, at the bound everywhere.
 */
final class ProceduralNoise implements Attack {

    private static final Options.Number QUERIES =
            new Options.Number("queries", "how many patterns are tried at most", 200, 1, 1000);

    @Override
    public String name() {
        return "procedural";
    }

    @Override
    public String summary() {
        return "Black-box: Perlin or Gabor noise with the worst parameters, by Bayesian search (Co et al. 2019)";
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
        return Options.of(
                Panel.IMAGES,
                QUERIES,
                new Options.Choice("kind", "which pattern", "perlin", List.of("perlin", "gabor")));
    }

    /** Enough for 200 queries of 64 images, of 1,280 crafting images or more. */
    @Override
    public int defaultPasses() {
        return 10;
    }

    @Override
    public double defaultStep() {
        return 1;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        NoisePattern pattern = problem.options().choice("kind").equals("perlin")
                ? PerlinNoise.seeded(problem.seed())
                : new GaborNoise(problem.seed());
        return new Search(problem, new Panel(problem, oracle, images), pattern);
    }

    /** δ of a pattern: the same on all channels, of exactly the bound's norm. */
    static float[] drawn(Problem problem, NoisePattern pattern, float[] point) {
        float[] grey = pattern.draw(point, problem.height(), problem.width());
        float[] delta = new float[problem.size()];
        for (int i = 0; i < delta.length; i++) {
            float value = grey[i / 3];
            delta[i] = problem.norm() == Norm.LINF ? Math.signum(value) : value;
        }
        problem.ball().extend(delta);
        problem.ball().project(delta);
        return delta;
    }

    private static final class Search implements Run {

        private final Problem problem;
        private final Panel panel;
        private final NoisePattern pattern;
        private final BayesianSearch search;
        private final int most;
        private float[] best;

        Search(Problem problem, Panel panel, NoisePattern pattern) {
            this.problem = problem;
            this.panel = panel;
            this.pattern = pattern;
            this.search = new BayesianSearch(pattern.parameters(), problem.seed());
            this.most = problem.options().whole(QUERIES.name());
            this.best = new float[problem.size()];
        }

        @Override
        public float[] delta() {
            return best;
        }

        @Override
        public boolean done() {
            return search.count() >= most || !panel.canAsk();
        }

        @Override
        public Turn turn(long index) {
            float[] point = search.next();
            float[] delta = drawn(problem, pattern, point);
            Panel.Answer answer = panel.ask(delta);
            search.tell(point, answer.score());
            if (search.best() == search.count() - 1) {
                best = delta;
            }
            return new Turn(panel.size(), (double) answer.score() * panel.size(), answer.fooled());
        }

        @Override
        public float[] save() {
            return search.save();
        }

        @Override
        public void restore(float[] saved) {
            search.restore(saved);
            if (search.count() > 0) {
                best = drawn(problem, pattern, search.point(search.best()));
            }
        }
    }
}
