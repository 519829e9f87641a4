package dev.sclera.attack;

import java.util.List;

/**
 * The run of {@link AutoAttack}. After its {@link AutoSearch} there are two ways on, and which of them leads further
 * depends on model and bound. One goes on from the best start with its aim, in steps that shrink: where all answers
 * become one, kappa is nought, and that takes little. The other climbs by the slope of kappa: through grades that are
 * mixed, and where the bound is wide to answers that contradict the truth, below nought; that takes what is left. Where
 * the climb is far behind the refined start, it leads nowhere, and an ascent goes for the start's aim anew until the
 * end. Else a trial at the end rates both ({@link AutoTrial}), and the better is the result. Of either it is the corner
 * of the ball next to it: there each value does all that the bound allows.
 *
 * <p>What goes on after a start that has all but arrived at its aim begins halfway between nought and the start: what
 * begins at nought has the whole way to find again. After one that has not it begins at nought, for the start is in a
 * corner that is hard to come out of.
 *
 * <p>Where no start promises much, or the best does not keep it once it is refined, the bound is narrow for the grader,
 * as for one that was repaired. Then either each eye can be moved a little, its own way; or an aim is far, and reached
 * by an ascent that has the time. What leads further shows after some way: one ascent goes for the aim, one climbs by
 * cross-entropy from nought, as {@link ProjectedGradient} has it, and the one that is ahead goes on until the end, and
 * is the result. The one has halfway to where the search came, which is not deep in a corner as yet. What limits the
 * other is how many images it can ask about; so the {@link Quarters} of δ are alike at first.
 *
 * <p>Where a grade is asked for there is one start, and it is refined until the budget is spent.
 */
final class AutoRun implements Attack.Run {

    /** The share of the budget in which a start is refined. */
    private static final double REFINE = 0.08;

    /** The share of the budget that is spent when the climb ends, where the trial takes the rest. */
    private static final double CLIMBED = 0.93;

    /** When the climb is compared with the refined start. What is behind may yet get ahead, the later the less. */
    private static final List<Check> CHECKS = List.of(new Check(0.35, 0.4), new Check(0.5, 0.2), new Check(0.7, 0.06));

    /** How much of the budget a climb has to have had since it began, or was checked, for a check to tell something. */
    private static final double TELLING = 0.08;

    /**
     * How far behind the refined start an ascent that goes for its aim anew may be, in shares of the clean kappa: it is
     * rated on its way, and ends better than it was there.
     */
    private static final double ON_ITS_WAY = 0.12;

    /** A start has all but arrived where it brings kappa down to this share of the clean one. */
    private static final double ARRIVED = 0.25;

    private static final double HALFWAY = 0.5;

    /** See {@link OrdinalKappa}: without it, images that no small δ can move would have as much say as others. */
    private static final double OFFSET = 2;

    /** The share of a climb by cross-entropy in which the quarters of δ are alike. */
    private static final double ALIKE = 0.75;

    /** The share of the budget after which two ascents are compared, each having spent it. */
    private static final double COMPARABLE = 0.2;

    private enum Stage {
        SEARCH,
        REFINE,
        AIM_FAR,
        CLIMB,
        CLIMB_ON,
        AIM_FAR_ON,
        AIM_ANEW,
        TRIAL
    }

    /**
     * A look at how the climb does.
     *
     * @param spent the share of the budget that is spent by then
     * @param far how far behind the refined start is far, in shares of the clean kappa
     */
    private record Check(double spent, double far) {}

    private final Problem problem;
    private final Oracle oracle;
    private final CraftingImages images;
    private final AutoSearch search;
    /** The best start, or what goes for a far aim. */
    private final MomentumAscent refined;
    /** What goes on beside the refined start: the climb, or where that led nowhere the aim anew. */
    private final MomentumAscent onward;

    private final OrdinalKappa kappa;
    private final Quarters quarters;
    private final AutoTrial trial;
    private final AutoLeg leg;
    /** What was said at the end of the way to the refined start. */
    private final AutoRating refinedRating;

    private Stage stage = Stage.SEARCH;
    private boolean promising;
    /** How many checks the climb has passed, or begun too late for. */
    private int passed;
    /** Whether the climb was ahead of the refined start when it was last checked. */
    private boolean ahead;
    /** The share of the budget that was spent when the climb or the way to a far aim began. */
    private double begun;

    AutoRun(Problem problem, Oracle oracle, CraftingImages images) {
        this.problem = problem;
        this.oracle = oracle;
        this.images = images;
        int grades = images.grades().length;
        this.search = new AutoSearch(problem, oracle, images.grades());
        this.refined = new MomentumAscent(problem);
        this.onward = new MomentumAscent(problem);
        this.kappa = new OrdinalKappa(true, OFFSET, images.grades(), oracle.members());
        this.quarters = new Quarters(problem.height(), problem.width());
        this.trial = new AutoTrial(oracle, images);
        this.leg = new AutoLeg(problem, oracle, grades);
        this.refinedRating = new AutoRating(problem.target(), oracle.members(), grades);
    }

    @Override
    public float[] delta() {
        return switch (stage) {
            case SEARCH -> search.best().delta();
            case REFINE -> refined.delta();
            case AIM_FAR, AIM_FAR_ON -> corner(refined);
            case CLIMB -> corner(isAhead() ? onward : refined);
            case CLIMB_ON -> corner(!promising || isAhead() ? onward : refined);
            case AIM_ANEW -> corner(isBehindBy(ON_ITS_WAY) ? refined : onward);
            case TRIAL -> candidates().get(trial.best());
        };
    }

    @Override
    public Attack.Turn turn(long index) {
        Attack.Turn turn = switch (stage) {
            case SEARCH -> search.turn(images.batch(index), images);
            case REFINE -> towardsAim(index, refined, leg.progress());
            case AIM_FAR, AIM_FAR_ON -> towardsAim(index, refined, onItsWay());
            case AIM_ANEW -> towardsAim(index, onward, leg.progress());
            case CLIMB, CLIMB_ON -> upwards(index);
            case TRIAL -> trial.turn(index, candidates());
        };
        boolean over = switch (stage) {
            case SEARCH -> search.isDone();
            case REFINE -> problem.target() == null && leg.isOver();
            case AIM_FAR, CLIMB -> leg.isOver();
            case CLIMB_ON -> promising && leg.isOver();
            case AIM_FAR_ON, AIM_ANEW, TRIAL -> false;
        };
        if (over) {
            next(index + 1);
        }
        return turn;
    }

    private Attack.Turn towardsAim(long index, Ascent ascent, double progress) {
        return search.step(images.batch(index), images, search.aim(), ascent, leg, progress);
    }

    private Attack.Turn upwards(long index) {
        Batch batch = oracle.within(images.batch(index));
        double progress = onItsWay();
        Question question = promising ? kappa.of(batch, progress) : ProjectedGradient.question(problem, batch);
        Oracle.Slope slope = oracle.slope(question, batch, onward.delta());
        kappa.answered(batch, slope);
        leg.add(batch, slope);
        boolean alike = !promising && progress < ALIKE;
        onward.step(alike ? quarters.mean(slope.gradient()) : slope.gradient(), progress);
        return new Attack.Turn(batch.size(), batch.size() * kappa.kappa(), slope.fooled());
    }

    /**
     * How far the climb or the way to a far aim is, of what it gets if it goes on until the end, 0 to 1; where what
     * came before it took all there was, it is at its end. Of two that are compared the first has what the second
     * spends at its own end.
     */
    private double onItsWay() {
        double end = promising ? CLIMBED : stage == Stage.AIM_FAR ? 1 - COMPARABLE : 1;
        return end > begun ? Math.min(1, (oracle.progress() - begun) / (end - begun)) : 1;
    }

    /** Goes on to the next stage, which begins with the given turn. */
    private void next(long index) {
        switch (stage) {
            case SEARCH -> {
                promising = search.promises();
                if (promising) {
                    refined.restore(search.aimed().save());
                    stage = Stage.REFINE;
                    if (problem.target() != null) {
                        leg.beginUntil(1);
                    } else {
                        leg.begin(REFINE);
                    }
                } else {
                    aimFar(search.aimed());
                }
            }
            case REFINE -> {
                refinedRating.add(leg.rating());
                promising = search.promises(refinedRating);
                if (promising) {
                    climb();
                } else {
                    aimFar(refined);
                }
            }
            case AIM_FAR -> {
                refinedRating.add(leg.rating());
                climb();
            }
            case CLIMB -> {
                if (!promising) {
                    stage = isAhead() ? Stage.CLIMB_ON : Stage.AIM_FAR_ON;
                    leg.beginUntil(1);
                } else if (isBehindBy(CHECKS.get(passed).far())) {
                    beginOnward();
                    stage = Stage.AIM_ANEW;
                    leg.beginUntil(1);
                } else {
                    ahead = isAhead();
                    passed++;
                    climbToTheNextCheck();
                }
            }
            case CLIMB_ON -> {
                stage = Stage.TRIAL;
                trial.begin(index, List.of(refinedRating, leg.rating()));
            }
            case AIM_FAR_ON, AIM_ANEW, TRIAL -> throw new IllegalStateException("nothing comes after this");
        }
    }

    private void aimFar(Ascent from) {
        stage = Stage.AIM_FAR;
        refined.beginAt(from.delta(), HALFWAY);
        refinedRating.clear();
        begun = oracle.progress();
        leg.begin(COMPARABLE);
    }

    private void climb() {
        stage = Stage.CLIMB;
        begun = oracle.progress();
        if (promising) {
            beginOnward();
            climbToTheNextCheck();
        } else {
            leg.begin(COMPARABLE);
        }
    }

    private void beginOnward() {
        if (refinedRating.value() <= ARRIVED * search.cleanKappa()) {
            onward.beginAt(refined.delta(), HALFWAY);
        } else {
            onward.restart();
        }
    }

    /** Or to the trial, where there is none any more. */
    private void climbToTheNextCheck() {
        while (passed < CHECKS.size() && CHECKS.get(passed).spent() < oracle.progress() + TELLING) {
            passed++;
        }
        if (passed < CHECKS.size()) {
            leg.beginUntil(CHECKS.get(passed).spent());
        } else {
            stage = Stage.CLIMB_ON;
            leg.beginUntil(CLIMBED);
        }
    }

    /** Whether the climb is ahead of the refined start; until it is rated anew, as when it was last checked. */
    private boolean isAhead() {
        return leg.rating().isEmpty() ? ahead : !isBehindBy(0);
    }

    /**
     * Whether what is under way is behind the refined start by more than a share of the clean kappa, by what was said
     * of both; until it is rated, it is.
     */
    private boolean isBehindBy(double share) {
        return leg.rating().isEmpty()
                || leg.rating().value() > refinedRating.value() + share * Math.max(0, search.cleanKappa());
    }

    /** What the trial is between. */
    private List<float[]> candidates() {
        return List.of(corner(refined), corner(onward));
    }

    /** Where an ascent came to, as strong as the bound allows. */
    private float[] corner(Ascent ascent) {
        float[] corner = ascent.delta().clone();
        problem.ball().fill(corner);
        return corner;
    }

    @Override
    public float[] save() {
        return Saved.join(
                search.save(),
                refined.save(),
                onward.save(),
                kappa.save(),
                trial.save(),
                leg.save(),
                Saved.longs(stage.ordinal(), promising ? 1 : 0, passed, ahead ? 1 : 0),
                refinedRating.save(),
                Saved.doubles(begun));
    }

    @Override
    public void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 9);
        search.restore(parts[0]);
        refined.restore(parts[1]);
        onward.restore(parts[2]);
        kappa.restore(parts[3]);
        trial.restore(parts[4]);
        leg.restore(parts[5]);
        long[] places = Saved.longs(parts[6]);
        stage = Stage.values()[(int) places[0]];
        promising = places[1] == 1;
        passed = (int) places[2];
        ahead = places[3] == 1;
        refinedRating.restore(parts[7]);
        begun = Saved.doubles(parts[8])[0];
    }
}
