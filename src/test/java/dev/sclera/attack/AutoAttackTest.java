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
     * before and after it is compared, at its end, in the trial.
     */
    @ParameterizedTest
    @ValueSource(longs = {20, 60, 75, 90, 120, 195, 210, 365, 380, 399})
    void aRunThatIsCutOffInAnyStageEndsAsIfItHadNotBeen(long cutOffAt) {
        CraftingRunTest.Runs runs = new CraftingRunTest.Runs(laboratory, "auto");
        CraftingRun.Crafted whole = runs.run("auto-whole-" + cutOffAt, BUDGET, null);

        assertThatThrownBy(() -> runs.run("auto-" + cutOffAt, BUDGET, cutOffAt)).hasMessage("cut off");
        List<Long> advances = new ArrayList<>();
        CraftingRun.Crafted resumed = runs.run("auto-" + cutOffAt, BUDGET, null, advances);

        assertThat(advances.get(0)).as("what was saved").isBetween(Math.max(1, cutOffAt - 16), cutOffAt);
        assertThat(resumed.delta()).isEqualTo(whole.delta());
        assertThat(resumed.curve()).isEqualTo(whole.curve());
        assertThat(whole.evaluations()).isEqualTo(BUDGET);
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

    /** No climb here is ever far behind; one is made to be. */
    @Test
    void whereTheClimbIsFarBehindTheAimIsGoneForAnewFromNought() {
        float epsilon = 0.02f;
        try (SmallWorld.Start start = auto(epsilon)) {
            Oracle oracle = start.oracle();
            AutoRun run = new AutoRun(start.problem(), oracle, start.images());
            long turn = 0;
            while (oracle.progress() < 0.49) {
                run.turn(turn++);
            }
            assertThat(run.turn(turn++).images()).as("it climbs").isEqualTo(SmallWorld.IMAGES);

            run.restore(behind(run.save()));
            while (norm(onward(run)) > 0) {
                run.turn(turn++);
            }
            assertThat(oracle.progress()).isCloseTo(0.5, within(0.03));
            float[] saved = run.save();
            long evaluations = oracle.evaluations();
            Attack.Turn anew = run.turn(turn);
            float[] after = run.save();

            assertThat(norm(onward(run))).as("the first step").isCloseTo(0.1 * epsilon, within(1e-6));
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
            assertThat(run.delta()).as("far behind what the start was told").isEqualTo(corner(refined(run), epsilon));
            run.restore(rated(run.save(), i -> i));
            assertThat(run.delta()).as("ahead of it").isEqualTo(corner(onward(run), epsilon));
        }
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
    void whereTheRefinedStartIsNoBetterThanNothingItsAimIsGoneForFromNought() {
        float epsilon = 0.2f;
        try (SmallWorld.Start start = auto(epsilon)) {
            Oracle oracle = start.oracle();
            AutoRun run = new AutoRun(start.problem(), oracle, start.images());
            long turn = 0;
            while (oracle.progress() < 0.2) {
                run.turn(turn++);
            }
            float[] before = refined(run);
            run.restore(rightAboutAll(run.save()));
            assertThat(norm(before)).as("it is refined as yet").isPositive();
            while (norm(refined(run)) > 0) {
                run.turn(turn++);
            }
            Attack.Turn first = run.turn(turn++);
            assertThat(norm(refined(run))).as("the first step").isCloseTo(0.1 * epsilon, within(1e-6));
            assertThat(first.images()).as("an aim").isLessThan(SmallWorld.IMAGES);
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

    /** Goes on until the first step of the climb, and says which turn is next. */
    private static long untilItClimbs(AutoRun run) {
        long turn = 0;
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
