package dev.sclera.attack;

import java.util.List;

/**
 * The run of {@link AutoAttack}. After its {@link AutoSearch} there are two ways on, and which of them leads further
 * depends on model and bound. One goes on from the best start towards a grade as it began, in steps that shrink: where
 * all answers become one, kappa is nought, and that takes little; it is gone only where the start promises as much. The
 * other climbs from the best start of all by the slope of kappa: through grades that are mixed, and where the bound is
 * wide to answers that contradict the truth, below nought. At the end both, and the corner of the ball next to the
 * climb's end, are rated on the same images ({@link AutoTrial}), and the best of them is the result.
 *
 * <p>Where a grade is asked for there is one start and the first way alone.
 */
final class AutoRun implements Attack.Run {

    /** The share of the budget in which a start is refined. */
    private static final double REFINE = 0.1;

    /** A start promises enough where it brings kappa down to this share of the clean one. */
    private static final double PROMISING = 0.8;

    /** The share of the budget that is spent when the climb ends; the trial takes the rest. */
    private static final double CLIMBED = 0.94;

    /** See {@link OrdinalKappa}: without it, images that no small δ can move would have as much say as others. */
    static final double OFFSET = 2;

    private enum Stage {
        SEARCH,
        REFINE,
        CLIMB,
        TRIAL
    }

    private final Problem problem;
    private final Oracle oracle;
    private final CraftingImages images;
    private final AutoSearch search;
    private final Ascent refined;
    private final Ascent climb;
    private final OrdinalKappa kappa;
    private final AutoTrial trial;
    private final AutoLeg leg;

    private Stage stage = Stage.SEARCH;
    private boolean promising;

    AutoRun(Problem problem, Oracle oracle, CraftingImages images) {
        this.problem = problem;
        this.oracle = oracle;
        this.images = images;
        int grades = images.grades().length;
        this.search = new AutoSearch(problem, oracle, images.grades());
        this.refined = new MomentumAscent(problem);
        this.climb = new MomentumAscent(problem);
        this.kappa = new OrdinalKappa(true, OFFSET, images.grades(), oracle.members());
        this.trial = new AutoTrial(oracle, images);
        this.leg = new AutoLeg(problem, oracle, grades);
    }

    @Override
    public float[] delta() {
        return switch (stage) {
            case SEARCH -> search.way().delta();
            case REFINE -> refined.delta();
            case CLIMB -> promising ? refined.delta() : climb.delta();
            case TRIAL -> candidates().get(trial.best());
        };
    }

    @Override
    public Attack.Turn turn(long index) {
        Attack.Turn turn = switch (stage) {
            case SEARCH -> search.turn(images.batch(index), images);
            case REFINE -> search.step(images.batch(index), search.aim(), refined, leg, leg.progress());
            case CLIMB -> upwards(index);
            case TRIAL -> trial.turn(index, candidates());
        };
        boolean over = switch (stage) {
            case SEARCH -> search.isDone();
            case REFINE, CLIMB -> leg.isOver();
            case TRIAL -> false;
        };
        if (over) {
            next(index + 1);
        }
        return turn;
    }

    private Attack.Turn upwards(long index) {
        Batch batch = oracle.within(images.batch(index));
        double progress = leg.progress();
        Oracle.Slope slope = oracle.slope(kappa.of(batch, progress), batch, climb.delta());
        kappa.answered(batch, slope);
        climb.step(slope.gradient(), progress);
        return new Attack.Turn(batch.size(), batch.size() * kappa.kappa(), slope.fooled());
    }

    /** Goes on to the next stage, which begins with the given turn. */
    private void next(long index) {
        boolean targeted = problem.target() != null;
        switch (stage) {
            case SEARCH -> {
                promising = targeted || search.rating() <= PROMISING * search.clean();
                refined.restore(search.aimed().save());
                climb.restore(search.way().save());
                if (promising) {
                    stage = Stage.REFINE;
                    leg.beginUntil(targeted ? 1 : (double) oracle.evaluations() / problem.allowance() + REFINE);
                } else {
                    climb();
                }
            }
            case REFINE -> climb();
            case CLIMB -> {
                stage = Stage.TRIAL;
                trial.begin(index, candidates().size());
            }
            case TRIAL -> throw new IllegalStateException("nothing comes after the trial");
        }
    }

    private void climb() {
        stage = Stage.CLIMB;
        leg.beginUntil(CLIMBED);
    }

    private List<float[]> candidates() {
        float[] corner = climb.delta().clone();
        problem.ball().fill(corner);
        return promising ? List.of(climb.delta(), corner, refined.delta()) : List.of(climb.delta(), corner);
    }

    @Override
    public float[] save() {
        return Saved.join(
                search.save(),
                refined.save(),
                climb.save(),
                kappa.save(),
                trial.save(),
                leg.save(),
                Saved.longs(stage.ordinal(), promising ? 1 : 0));
    }

    @Override
    public void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 7);
        search.restore(parts[0]);
        refined.restore(parts[1]);
        climb.restore(parts[2]);
        kappa.restore(parts[3]);
        trial.restore(parts[4]);
        leg.restore(parts[5]);
        long[] places = Saved.longs(parts[6]);
        stage = Stage.values()[(int) places[0]];
        promising = places[1] == 1;
    }
}
