package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A universal perturbation from answers alone, at the corners of the ball: the signs of δ within a random square are
 * set to others, and kept where the models' answers are then further from the right grades (or nearer to the target).
 * Squares become smaller as queries are spent. It makes universal the single-image attack of Andriushchenko et al.
 * 2020, <i>Square Attack: a query-efficient black-box adversarial attack via random search</i>, algorithm 1 with the
 * squares and the vertical stripes to begin with of section 3.2.
 *
 * <p>Where it differs: one δ for a sample of images; what is sought is a large expected squared distance from the right
 * grades, as quadratic kappa counts it, or a low mean probability of these, not the margin of one image; the first
 * squares are larger, for what fools many images is coarse; the answers are to 8-bit images; L1 and L2 have the same
 * squares, scaled to the bound.
 */
final class SquareAttack implements Attack {

    private static final Options.Number AREA =
            new Options.Number("area", "the share of the image that the first squares cover", 0.3, 0.001, 1);

    private static final Options.Choice GOAL = new Options.Choice(
            "goal", "untargeted: that grades are wrong, or far from the right ones", "far", List.of("far", "wrong"));

    /** After these shares of the queries, the area of a square is halved (section 3.2). */
    private static final double[] HALVED_AFTER = {0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8};

    @Override
    public String name() {
        return "square";
    }

    @Override
    public String summary() {
        return "Black-box: random squares at the bound that make answers worse (Square Attack, Andriushchenko et al. 2020)";
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
        return Options.of(Panel.IMAGES, AREA, GOAL);
    }

    @Override
    public int defaultPasses() {
        return 30;
    }

    /** Not used: every value of δ is at the bound, always. */
    @Override
    public double defaultStep() {
        return 1;
    }

    @Override
    public Run start(Problem problem, Oracle oracle, CraftingImages images) {
        Panel.Goal goal = problem.options().choice(GOAL.name()).equals("far") ? Panel.Goal.FAR : Panel.Goal.WRONG;
        return new Search(problem, oracle, new Panel(problem, oracle, images, goal));
    }

    /** The side of a square when a share of the queries is spent, at least one pixel and within the image. */
    static int side(double area, double spent, int height, int width) {
        double share = area;
        for (double limit : HALVED_AFTER) {
            share = spent > limit ? share / 2 : share;
        }
        int side = (int) Math.round(Math.sqrt(share * height * width));
        return Math.max(1, Math.min(side, Math.min(height, width)));
    }

    private static final class Search extends PanelWalk {

        private final Problem problem;
        private final Oracle oracle;
        private final Ball ball;

        Search(Problem problem, Oracle oracle, Panel panel) {
            super(panel, problem.size());
            this.problem = problem;
            this.oracle = oracle;
            this.ball = problem.ball();
        }

        @Override
        void ask(long turn) {
            SplittableRandom random = Shuffle.generator(problem.seed(), turn, 19);
            if (turn == 0) {
                moveTo(atTheEdge(stripes(random)));
            } else {
                improves(atTheEdge(withSquare(random)));
            }
        }

        private float[] atTheEdge(float[] signs) {
            ball.extend(signs);
            return signs;
        }

        private float[] stripes(SplittableRandom random) {
            float[] signs = new float[problem.size()];
            int row = 3 * problem.width();
            for (int k = 0; k < signs.length; k++) {
                signs[k] = k < row ? sign(random) : signs[k - row];
            }
            return signs;
        }

        /** The present signs but within a square, where at least one differs. */
        private float[] withSquare(SplittableRandom random) {
            int side =
                    side(problem.options().number(AREA.name()), oracle.progress(), problem.height(), problem.width());
            int top = random.nextInt(problem.height() - side + 1);
            int left = random.nextInt(problem.width() - side + 1);
            float[] signs = new float[problem.size()];
            boolean changed = false;
            while (!changed) {
                float[] ofChannel = {sign(random), sign(random), sign(random)};
                for (int k = 0; k < signs.length; k++) {
                    int x = k / 3 % problem.width();
                    int y = k / 3 / problem.width();
                    boolean within = y >= top && y < top + side && x >= left && x < left + side;
                    float present = Math.signum(delta()[k]);
                    signs[k] = within ? ofChannel[k % 3] : present;
                    changed |= signs[k] != present;
                }
            }
            return signs;
        }

        private static float sign(SplittableRandom random) {
            return random.nextBoolean() ? 1 : -1;
        }
    }
}
