package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Norm;
import dev.sclera.campaign.Laboratory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the portfolio promises, stage by stage. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AutoAttackTest {

    private static final long BUDGET = 400;

    private SmallWorld world;
    private Laboratory laboratory;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        world = new SmallWorld(folder.resolve("small"));
        laboratory = new Laboratory(folder.resolve("workspace")).furnished(folder.resolve("sources"));
    }

    @AfterAll
    void close() {
        laboratory.close();
        world.close();
    }

    /**
     * At a budget of 400: in the search's first and second round, as a start is refined, at the start of the climb,
     * before and after each of its checks, at its end, in the trial; and where the climb leads nowhere.
     */
    @ParameterizedTest
    @CsvSource({
        "0.3, 20",
        "0.3, 60",
        "0.3, 75",
        "0.3, 90",
        "0.3, 120",
        "0.3, 145",
        "0.3, 195",
        "0.3, 210",
        "0.3, 275",
        "0.3, 290",
        "0.3, 365",
        "0.3, 380",
        "0.3, 399",
        "0.1, 160",
        "0.1, 300",
        "0.1, 399"
    })
    void aRunThatIsCutOffInAnyStageEndsAsIfItHadNotBeen(double epsilon, long cutOffAt) {
        CraftingRunTest.Runs runs = new CraftingRunTest.Runs(laboratory, "auto").epsilon(epsilon);
        String name = "-%s-%d".formatted(epsilon, cutOffAt);
        CraftingRun.Crafted whole = runs.run("auto-whole" + name, BUDGET, null);

        assertThatThrownBy(() -> runs.run("auto" + name, BUDGET, cutOffAt)).hasMessage("cut off");
        List<Long> advances = new ArrayList<>();
        CraftingRun.Crafted resumed = runs.run("auto" + name, BUDGET, null, advances);

        assertThat(advances.get(0)).as("what was saved").isBetween(Math.max(1, cutOffAt - 16), cutOffAt);
        assertThat(resumed.delta()).isEqualTo(whole.delta());
        assertThat(resumed.curve()).isEqualTo(whole.curve());
        assertThat(whole.evaluations()).isEqualTo(BUDGET);
        assertThat(whole.gradientEvaluations() < BUDGET).as("a trial").isEqualTo(epsilon == 0.3);
    }

    /** It aims at grade 0 first, of which a fifth of the images is. */
    @Test
    void theSearchAsksAboutNoImageOfTheGradeThatItAimsAt() {
        try (SmallWorld.Start start = auto(0.02)) {
            AutoSearch search = search(start);
            Batch all = start.images().batch(0);
            Attack.Turn turn = search.turn(all, start.images());
            int others = SmallWorld.IMAGES - start.images().grades()[0];
            assertThat(turn.images()).isEqualTo(others).isLessThan(SmallWorld.IMAGES);
            assertThat(start.oracle().evaluations()).isEqualTo(others);
        }
    }

    @Test
    void whereDiseaseIsHiddenTheSearchAsksAboutReferableEyesAlone() {
        try (SmallWorld.Start start = auto(0.02)) {
            int[] grades = start.images().grades();
            AutoSearch search = new AutoSearch(start.problem(), start.oracle(), grades);
            Batch all = start.images().batch(0);
            AutoLeg leg = new AutoLeg(start.problem(), start.oracle(), grades.length);
            leg.begin(1);
            Attack.Turn turn =
                    search.step(all, start.images(), AutoSearch.HIDDEN, new MomentumAscent(start.problem()), leg, 0);
            assertThat(turn.images())
                    .isEqualTo(SmallWorld.IMAGES - grades[0] - grades[1])
                    .isLessThan(SmallWorld.IMAGES);
        }
    }

    /** To be graded 0 or 1 is to be hidden; what is said of few images may be luck. */
    @ParameterizedTest
    @CsvSource({"0, 0.29, -1", "1, 0.29, -1", "0, 0.31, 0", "2, 0.29, 2", "3, 0.1, -1"})
    void hidingDiseaseIsTheAimWhereItIsBehindHealthyGradesByLuckAlone(int best, double hidden, int aim) {
        try (SmallWorld.Start start = auto(0.02)) {
            AutoSearch search = search(start);
            int aims = 6;
            double[] ratings = new double[aims];
            Arrays.fill(ratings, 0.8);
            ratings[best] = 0.2;
            ratings[aims - 1] = hidden;
            float[][] parts = Saved.split(search.save(), aims + 5);
            parts[aims] = Saved.doubles(ratings);
            search.restore(Saved.join(parts));
            assertThat(search.aim()).isEqualTo(aim);
        }
    }

    /** With five grades and what is hidden there are six ascents, and two more where any leads somewhere. */
    @ParameterizedTest
    @CsvSource({"1e-6, false, 6", "0.2, true, 8"})
    void theSearchEndsEarlyWhereNoAimIsWithinReach(double epsilon, boolean promises, int legs) {
        try (SmallWorld.Start start = auto("affine", epsilon)) {
            AutoSearch search = search(start);
            for (long turn = 0; !search.isDone(); turn++) {
                search.turn(start.images().batch(turn), start.images());
            }
            assertThat(search.promises()).isEqualTo(promises);
            double leg = 0.02 * start.problem().allowance();
            assertThat(start.oracle().evaluations() / leg).isCloseTo(legs, within(0.5));
        }
    }

    /** The first step of the climb tells where it began; what the start is rated is made up, in shares of clean. */
    @ParameterizedTest
    @CsvSource({"0.2, true", "0.3, false"})
    void theClimbBeginsHalfwayToAStartThatHasArrivedElseAtNought(double rated, boolean halfway) {
        float epsilon = 0.02f;
        try (SmallWorld.Start start = auto(epsilon)) {
            AutoRun run = new AutoRun(start.problem(), start.oracle(), start.images());
            long turn = untilSpent(0.2, run, start.oracle());
            assertThat(onward(run)).as("it is refined as yet").containsOnly(0f);
            double kappa = rated * cleanKappa(start, run);
            do {
                assertThat(start.oracle().left()).isPositive();
                run.restore(told(run.save(), kappa, kappa));
            } while (run.turn(turn++).images() < SmallWorld.IMAGES);

            assertThat(start.oracle().progress()).as("not by way of a far aim").isLessThan(0.3);
            float[] began = halfway ? half(refined(run)) : new float[SmallWorld.SIZE];
            assertThat(norm(refined(run))).isPositive();
            assertThat(distance(onward(run), began)).isCloseTo(0.1 * epsilon, within(1e-6));
        }
    }

    @Test
    void anAimThatNoStartHasArrivedAtIsGoneForAnewFromNought() {
        try (SmallWorld.Start start = auto(0.02)) {
            Oracle oracle = start.oracle();
            AutoRun run = new AutoRun(start.problem(), oracle, start.images());
            long turn = untilItClimbs(run);
            double kappa = 0.3 * cleanKappa(start, run);
            while (norm(onward(run)) > 0) {
                assertThat(oracle.left()).isPositive();
                run.restore(told(run.save(), 1, kappa));
                run.turn(turn++);
            }
            assertThat(oracle.progress()).isCloseTo(0.35, within(0.03));
            assertThat(run.turn(turn).images())
                    .as("images of another grade than aimed at")
                    .isLessThan(SmallWorld.IMAGES);
        }
    }

    @Test
    void aFarAimIsGoneForFromHalfwayToWhereTheSearchCame() {
        try (SmallWorld.Start start = auto("affine", 1e-4)) {
            AutoRun run = new AutoRun(start.problem(), start.oracle(), start.images());
            for (long turn = 0; norm(refined(run)) == 0; turn++) {
                assertThat(start.oracle().left()).isPositive();
                run.turn(turn);
            }
            assertThat(refined(run))
                    .isEqualTo(half(search(start, run.save()).aimed().delta()));
            assertThat(followsASlope(run)).isFalse();
        }
    }

    /**
     * Both are told again and again how they do, the climb that its answers are as good as by chance; and each turn is
     * another run's, which knows what the last one saved.
     */
    @ParameterizedTest
    @CsvSource({"0.5, 0.35", "0.3, 0.5", "0.09, 0.7"})
    void theLaterTheLessTheClimbMayBeBehindTheRefinedStart(double behind, double leftAt) {
        try (SmallWorld.Start start = auto(0.02)) {
            Oracle oracle = start.oracle();
            AutoRun run = new AutoRun(start.problem(), oracle, start.images());
            long turn = untilItClimbs(run);
            double ahead = -behind * cleanKappa(start, run);
            do {
                assertThat(oracle.left()).isPositive();
                float[] saved = told(run.save(), 0, ahead);
                run = new AutoRun(start.problem(), oracle, start.images());
                run.restore(saved);
                run.turn(turn++);
            } while (!Arrays.equals(onward(run), half(refined(run))));
            assertThat(oracle.progress()).isCloseTo(leftAt, within(0.03));
        }
    }

    /** Were it to end there: what is ahead, by what was said of it last. */
    @Test
    void aClimbThatIsALittleBehindGoesOnToTheTrial() {
        float epsilon = 0.02f;
        try (SmallWorld.Start start = auto(epsilon)) {
            Oracle oracle = start.oracle();
            AutoRun run = new AutoRun(start.problem(), oracle, start.images());
            long turn = untilItClimbs(run);
            run.restore(turnedRound(run.save()));
            run.turn(turn++);
            assertThat(run.delta()).as("nothing is said of it").isEqualTo(corner(refined(run), epsilon));
            double little = 0.03 * cleanKappa(start, run);
            while (oracle.progress() < 0.9) {
                run.restore(told(run.save(), 0, little));
                float[] climb = corner(onward(run), epsilon);
                assertThat(run.delta()).isEqualTo(climb);
                run.turn(turn++);
                climb = corner(onward(run), epsilon);
                assertThat(climb).isNotEqualTo(corner(refined(run), epsilon));
                assertThat(run.delta()).as("after a check, too").isEqualTo(climb);

                run.restore(told(run.save(), 0, -little));
                assertThat(run.delta()).isEqualTo(corner(refined(run), epsilon));
            }
            while (oracle.left() > 0) {
                run.turn(turn++);
            }
            assertThat(oracle.gradientEvaluations()).isLessThan(oracle.evaluations());
        }
    }

    /** The search and the start take more of a small budget. */
    @Test
    void noClimbIsCheckedThatHasOnlyBegun() {
        try (SmallWorld.Start start = auto(0.02)) {
            Oracle oracle = start.oracle();
            AutoRun run = new AutoRun(start.problem(), oracle, start.images());
            long turn = untilSpent(0.2, run, oracle);
            oracle.resume((long) (0.3 * start.problem().allowance()), oracle.gradientEvaluations());
            turn = untilItClimbs(run, turn);
            double ahead = -0.5 * cleanKappa(start, run);
            while (oracle.progress() < 0.4) {
                run.turn(turn++);
                run.restore(told(run.save(), 0, ahead));
                assertThat(onward(run)).isNotEqualTo(half(refined(run)));
            }
        }
    }

    /** No climb here is ever far behind; one is made to be. */
    @Test
    void whereTheClimbIsFarBehindTheAimIsGoneForAnewFromHalfwayToAStartThatHasArrived() {
        float epsilon = 0.02f;
        try (SmallWorld.Start start = auto(epsilon)) {
            Oracle oracle = start.oracle();
            AutoRun run = new AutoRun(start.problem(), oracle, start.images());
            long turn = untilSpent(0.34, run, oracle);
            assertThat(run.turn(turn++).images()).as("it climbs").isEqualTo(SmallWorld.IMAGES);

            run.restore(behind(run.save()));
            float[] halfway = half(refined(run));
            while (!Arrays.equals(onward(run), halfway)) {
                assertThat(oracle.left()).isPositive();
                run.turn(turn++);
            }
            assertThat(oracle.progress()).isCloseTo(0.35, within(0.03));
            float[] saved = run.save();
            long evaluations = oracle.evaluations();
            Attack.Turn anew = run.turn(turn);
            float[] after = run.save();

            assertThat(distance(onward(run), halfway)).as("the first step").isCloseTo(0.1 * epsilon, within(1e-6));
            assertThat(anew.images())
                    .as("images of another grade than aimed at")
                    .isLessThan(SmallWorld.IMAGES);
            oracle.resume(evaluations, oracle.gradientEvaluations());
            AutoRun resumed = new AutoRun(start.problem(), oracle, start.images());
            resumed.restore(saved);
            resumed.turn(turn++);
            assertThat(resumed.save()).isEqualTo(after).isNotEqualTo(saved);
            assertThat(resumed.delta()).isEqualTo(run.delta());

            while (oracle.left() > 0) {
                run.turn(turn++);
            }
            run.restore(turnedRound(run.save()));
            assertThat(run.delta()).as("far behind what the start was told").isEqualTo(corner(refined(run), epsilon));
            run.restore(rated(run.save(), i -> i));
            assertThat(run.delta()).as("ahead of it").isEqualTo(corner(onward(run), epsilon));
        }
    }

    /** A saved run whose refined start, in the second part, is far from what goes on after it. */
    private static float[] turnedRound(float[] saved) {
        float[][] parts = Saved.split(saved, 9);
        for (int i = 0; i < SmallWorld.SIZE; i++) {
            parts[1][i] = -parts[1][i];
        }
        return Saved.join(parts);
    }

    /** A saved run whose refined start was told to have every eye graded the other way round. */
    private static float[] behind(float[] saved) {
        return rated(saved, truth -> 4 - truth);
    }

    /** A saved run whose refined start was told, in the eighth part, how eyes of grade 0 and 4 are graded. */
    private static float[] rated(float[] saved, IntUnaryOperator graded) {
        float[][] parts = Saved.split(saved, 9);
        AutoRating rating = unrated();
        int[] truths = {0, 4};
        rating.add(truths, (model, i) -> graded.applyAsInt(truths[i]));
        parts[7] = rating.save();
        return Saved.join(parts);
    }

    /**
     * In each way that a run can end: after a trial, which takes no slopes; in the refined start, which nothing after
     * it came near; in a climb from nought.
     */
    @ParameterizedTest
    @CsvSource({"layered, 0.2, false, true", "layered, 0.02, true, false", "affine, 1e-4, false, false"})
    void theResultIsACornerOfTheBall(String model, double epsilon, boolean leadsNowhere, boolean tried) {
        try (SmallWorld.Start start = auto(model, epsilon)) {
            Oracle oracle = start.oracle();
            AutoRun run = new AutoRun(start.problem(), oracle, start.images());
            long turn = 0;
            while (oracle.left() > 0) {
                if (leadsNowhere && oracle.progress() < 0.5) {
                    run.restore(behind(run.save()));
                }
                run.turn(turn++);
            }
            // where all pixels are alike, a value may have no slope
            for (float value : run.delta()) {
                assertThat(Math.abs(value)).isIn(0f, (float) epsilon);
            }
            assertThat(run.delta()).contains((float) epsilon);
            assertThat(oracle.gradientEvaluations() < oracle.evaluations()).isEqualTo(tried);
            if (model.equals("affine")) {
                assertThat(run.delta()).isEqualTo(corner(onward(run), (float) epsilon));
            }
        }
    }

    /** As what was said of it refined has its say, and not what was said of few images before. */
    @Test
    void whereTheRefinedStartIsNoBetterThanNothingItsAimIsGoneForFromHalfwayToIt() {
        float epsilon = 0.2f;
        try (SmallWorld.Start start = auto(epsilon)) {
            Oracle oracle = start.oracle();
            AutoRun run = new AutoRun(start.problem(), oracle, start.images());
            long turn = untilSpent(0.2, run, oracle);
            run.restore(rightAboutAll(run.save()));
            float[] before;
            do {
                before = refined(run);
                assertThat(oracle.left()).isPositive();
                run.turn(turn++);
            } while (followsASlope(run));
            assertThat(distance(refined(run), half(before)))
                    .as("half a step from halfway")
                    .isLessThanOrEqualTo(0.05 * epsilon + 1e-6);
            assertThat(run.turn(turn).images()).as("an aim").isLessThan(SmallWorld.IMAGES);
            assertThat(onward(run)).containsOnly(0f);
        }
    }

    /** A saved run of which the leg, in the sixth part, was told that every answer was right, again and again. */
    private static float[] rightAboutAll(float[] saved) {
        float[][] parts = Saved.split(saved, 9);
        float[][] leg = Saved.split(parts[5], 3);
        AutoRating right = unrated();
        int[] truths = IntStream.range(0, 10_000).map(i -> i % 5).toArray();
        right.add(truths, (model, i) -> truths[i]);
        leg[2] = right.save();
        parts[5] = Saved.join(leg);
        return Saved.join(parts);
    }

    /**
     * A saved run whose climb was told, in the leg, again and again, that its answers have such a kappa, and whose
     * refined start was told that of its own.
     */
    private static float[] told(float[] saved, double climb, double start) {
        float[][] parts = Saved.split(saved, 9);
        float[][] leg = Saved.split(parts[5], 3);
        leg[2] = ofKappa(climb).save();
        parts[5] = Saved.join(leg);
        parts[7] = ofKappa(start).save();
        return Saved.join(parts);
    }

    /** Of eyes that are as often of grade 0 as of 4, kappa is 1 less twice the share that is graded the other way. */
    private static AutoRating ofKappa(double kappa) {
        int[] truths = IntStream.range(0, 10_000).map(i -> 4 * (i % 2)).toArray();
        double wrong = truths.length * (1 - kappa) / 2;
        AutoRating rating = unrated();
        rating.add(truths, (model, i) -> i < wrong ? 4 - truths[i] : truths[i]);
        return rating;
    }

    /** Whether the refined start of a run has come from somewhere; else it begins. */
    private static boolean followsASlope(AutoRun run) {
        float[] ascent = Saved.split(run.save(), 9)[1];
        return norm(Arrays.copyOfRange(ascent, SmallWorld.SIZE, 2 * SmallWorld.SIZE)) > 0;
    }

    /** Where the refined start of a run is; the second part of what is saved begins with it. */
    private static float[] refined(AutoRun run) {
        return Arrays.copyOf(Saved.split(run.save(), 9)[1], SmallWorld.SIZE);
    }

    /** Where a run goes on beside it; the third part begins with it. */
    private static float[] onward(AutoRun run) {
        return Arrays.copyOf(Saved.split(run.save(), 9)[2], SmallWorld.SIZE);
    }

    private static float[] corner(float[] delta, float epsilon) {
        float[] corner = delta.clone();
        new Ball(Norm.LINF, epsilon).fill(corner);
        return corner;
    }

    private static float[] half(float[] delta) {
        float[] half = delta.clone();
        for (int i = 0; i < half.length; i++) {
            half[i] *= 0.5f;
        }
        return half;
    }

    private static double distance(float[] one, float[] other) {
        float[] difference = one.clone();
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= other[i];
        }
        return norm(difference);
    }

    private static double norm(float[] delta) {
        return new Ball(Norm.LINF, 1).norm(delta);
    }

    /** On the first step and the way on; and freed in the last quarter of the climb. */
    @Test
    void whereNoAimIsWithinReachTheClimbIsByCrossEntropyAndRepeatsItselfAtFirst() {
        float epsilon = 1e-4f;
        try (SmallWorld.Start start = auto("affine", epsilon)) {
            Oracle oracle = start.oracle();
            Quarters quarters = new Quarters(SmallWorld.SIDE, SmallWorld.SIDE);
            AutoRun run = new AutoRun(start.problem(), oracle, start.images());
            long turn = untilItClimbs(run);
            double begun = oracle.progress();
            Batch all = start.images().batch(0);
            float[] none = new float[SmallWorld.SIZE];
            float[] slope = quarters.mean(oracle.slope(ProjectedGradient.question(start.problem(), all), all, none)
                    .gradient());
            float[] first = onward(run);
            for (int i = 0; i < slope.length; i++) {
                assertThat(Math.signum(first[i])).isEqualTo(Math.signum(slope[i]));
            }

            while (climbed(begun, oracle) < 0.7) {
                run.turn(turn++);
                assertThat(onward(run)).isEqualTo(quarters.mean(onward(run)));
            }
            while (oracle.left() > 0) {
                run.turn(turn++);
            }
            assertThat(onward(run)).isNotEqualTo(quarters.mean(onward(run)));
            assertThat(run.delta()).isEqualTo(corner(onward(run), epsilon));
        }
    }

    /** After a fifth of the budget for either; no climb here is behind, so that one is made to be. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofAFarAimAndTheClimbTheOneThatIsAheadGoesOnUntilTheEnd(boolean behind) {
        float epsilon = 1e-4f;
        try (SmallWorld.Start start = auto("affine", epsilon)) {
            Oracle oracle = start.oracle();
            AutoRun run = new AutoRun(start.problem(), oracle, start.images());
            long turn = untilItClimbs(run);
            double begun = oracle.progress();
            float[] aimed = refined(run);
            assertThat(norm(aimed)).isPositive();
            run.restore(behind ? behind(run.save()) : rated(run.save(), truth -> truth));
            while (oracle.progress() < begun + 0.15) {
                run.turn(turn++);
            }
            assertThat(run.delta())
                    .as("were it to end before")
                    .isEqualTo(corner(behind ? refined(run) : onward(run), epsilon));
            while (oracle.progress() < begun + 0.2) {
                run.turn(turn++);
            }
            assertThat(refined(run)).as("as long as it climbs").isEqualTo(aimed);
            float[] climbed = onward(run);

            float[] saved = run.save();
            long evaluations = oracle.evaluations();
            long gradients = oracle.gradientEvaluations();
            run.turn(turn);
            float[] after = run.save();
            oracle.resume(evaluations, gradients);
            AutoRun resumed = new AutoRun(start.problem(), oracle, start.images());
            resumed.restore(saved);
            resumed.turn(turn++);
            assertThat(resumed.save()).isEqualTo(after).isNotEqualTo(saved);

            while (oracle.left() > 0) {
                run.turn(turn++);
            }
            if (behind) {
                assertThat(onward(run)).isEqualTo(climbed);
            } else {
                assertThat(refined(run)).isEqualTo(aimed);
                assertThat(onward(run)).isNotEqualTo(climbed);
            }
            assertThat(run.delta()).isEqualTo(corner(behind ? refined(run) : onward(run), epsilon));
            assertThat(oracle.gradientEvaluations()).as("there is no trial").isEqualTo(oracle.evaluations());
        }
    }

    /** Goes on until a share of the budget is spent, and says which turn is next. */
    private static long untilSpent(double share, AutoRun run, Oracle oracle) {
        long turn = 0;
        while (oracle.progress() < share) {
            run.turn(turn++);
        }
        return turn;
    }

    /** Goes on until the climb begins or, where that is at nought, has begun; and says which turn is next. */
    private static long untilItClimbs(AutoRun run) {
        return untilItClimbs(run, 0);
    }

    private static long untilItClimbs(AutoRun run, long next) {
        long turn = next;
        while (norm(onward(run)) == 0) {
            run.turn(turn++);
        }
        return turn;
    }

    private static double climbed(double begun, Oracle oracle) {
        return (oracle.progress() - begun) / (1 - begun);
    }

    /** A promise that was kept is one of far less kappa than the clean one; no more of it than that is not. */
    @Test
    void aStartThatIsNoBetterRefinedThanCleanKeepsNoPromise() {
        try (SmallWorld.Start start = auto("affine", 0.2)) {
            AutoSearch search = search(start);
            AutoRating clean = unrated();
            AutoRating otherWayRound = unrated();
            for (long turn = 0; !search.isDone(); turn++) {
                Batch batch = start.images().batch(turn);
                search.turn(batch, start.images());
                int[] truths = batch.truths();
                clean.add(
                        truths,
                        (model, i) ->
                                start.images().clean(model, batch.place(i)).grade());
                otherWayRound.add(truths, (model, i) -> 4 - truths[i]);
            }
            assertThat(search.promises()).isTrue();
            assertThat(clean.value()).isPositive();
            assertThat(search.promises(clean)).isFalse();
            assertThat(search.promises(otherWayRound)).isTrue();
        }
    }

    /** What was said on a longer way outweighs what a few images say. */
    @Test
    void theTrialRemembersWhatWasSaidOnTheWay() {
        try (SmallWorld.Start start = auto(0.2)) {
            AutoRating fooled = unrated();
            int[] truths = start.images().batch(0).truths();
            for (int time = 0; time < 20; time++) {
                fooled.add(truths, (model, i) -> 4 - truths[i]);
            }
            AutoTrial trial = new AutoTrial(start.oracle(), start.images());
            trial.begin(0, List.of(unrated(), fooled));
            List<float[]> alike = List.of(new float[SmallWorld.SIZE], new float[SmallWorld.SIZE]);
            trial.turn(0, alike);
            trial.turn(1, alike);
            assertThat(trial.best()).isEqualTo(1);
        }
    }

    /** Whatever stage a small budget ends in. */
    @Test
    void whereABudgetEndsThereIsAPerturbation() {
        CraftingRunTest.Runs runs = new CraftingRunTest.Runs(laboratory, "auto");
        for (long budget = 1; budget <= 120; budget += budget < 60 ? 7 : 4) {
            CraftingRun.Crafted crafted = runs.run("auto-small-" + budget, budget, null);
            assertThat(crafted.evaluations()).isEqualTo(budget);
            assertThat(norm(crafted.delta()))
                    .as("at a budget of %d", budget)
                    .isPositive()
                    .isLessThanOrEqualTo(0.1f);
            for (float value : crafted.delta()) {
                assertThat(value).as("at a budget of %d", budget).isFinite();
            }
        }
    }

    /** Candidates: none, and one that hides disease; the trial finds the second, on the very same images. */
    @Test
    void theTrialFindsTheStrongestOfSeveral() {
        float[] strong;
        try (SmallWorld.Start start =
                world.start("ordinal", "layered", Norm.LINF, 0.2, null, SmallWorld.IMAGES, 0.1, "search=0")) {
            strong = start.after(60);
        }
        try (SmallWorld.Start start = auto(0.2)) {
            List<float[]> candidates = List.of(new float[SmallWorld.SIZE], strong);
            AutoTrial trial = new AutoTrial(start.oracle(), start.images());
            trial.begin(7, List.of(unrated(), unrated()));
            Attack.Turn first = trial.turn(7, candidates);
            AutoTrial other = new AutoTrial(start.oracle(), start.images());
            other.restore(trial.save());
            Attack.Turn second = other.turn(8, candidates);

            assertThat(first.fooled()).isZero();
            assertThat(second.fooled()).isPositive();
            assertThat(second.loss()).isLessThan(first.loss());
            assertThat(other.best()).isEqualTo(1);
            assertThat(start.oracle().evaluations()).isEqualTo(2L * SmallWorld.IMAGES);
        }
    }

    private static AutoSearch search(SmallWorld.Start start) {
        return new AutoSearch(start.problem(), start.oracle(), start.images().grades());
    }

    /** The search of a saved run, which is its first part. */
    private static AutoSearch search(SmallWorld.Start start, float[] saved) {
        AutoSearch search = search(start);
        search.restore(Saved.split(saved, 9)[0]);
        return search;
    }

    private static double cleanKappa(SmallWorld.Start start, AutoRun run) {
        return search(start, run.save()).cleanKappa();
    }

    private static AutoRating unrated() {
        return new AutoRating(null, 1, 5);
    }

    /** log(o + c) has the slope 1/(o + c) times that of c, and c is nothing beside a large o. */
    @Test
    void withALargeOffsetTheLogarithmIsClimbedAsTheCostItself() {
        double offset = 1e4;
        try (SmallWorld.Start start = auto(0.1)) {
            Batch all = start.images().batch(0);
            float[] none = new float[SmallWorld.SIZE];
            int[] truths = start.images().grades();
            float[] cost = start.oracle()
                    .slope(new OrdinalKappa(false, truths, 1).of(all, 0), all, none)
                    .gradient();
            float[] logarithm = start.oracle()
                    .slope(new OrdinalKappa(true, offset, truths, 1).of(all, 0), all, none)
                    .gradient();
            double largest = new Ball(Norm.LINF, 1).norm(cost);
            assertThat(largest).isGreaterThan(0.1);
            for (int k = 0; k < cost.length; k++) {
                assertThat(logarithm[k] * offset).isCloseTo(cost[k], within(0.01 * largest));
            }
        }
    }

    private SmallWorld.Start auto(double epsilon) {
        return auto("layered", epsilon);
    }

    private SmallWorld.Start auto(String model, double epsilon) {
        return world.start("auto", model, Norm.LINF, epsilon, null, SmallWorld.IMAGES, 0.1);
    }
}
