package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Norm;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Spectrum;
import dev.sclera.store.Recipe;
import dev.sclera.store.Software;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PursuitTest {

    private static final int SIDE = 2;
    private static final int HEALTHY = 0;
    private static final Variation AS_IT_IS = new Variation(1, 0, 0);

    @Test
    void eachValueClimbsByAShareOfEpsilonAndStaysWithinIt() {
        Pursuit pursuit = pursuit("linf", 0.1, 0.25);
        for (int step = 1; step <= 3; step++) {
            hear(pursuit, AS_IT_IS, slope(0, 5, 1, -0.001f));
            pursuit.climb();
            assertThat(value(pursuit, 0)).isCloseTo(0.025f * step, within(1e-6f));
            assertThat(value(pursuit, 1)).isCloseTo(-0.025f * step, within(1e-6f));
            assertThat(value(pursuit, 2)).isZero();
        }
        for (int step = 0; step < 5; step++) {
            hear(pursuit, AS_IT_IS, slope(0, 5, 1, -0.001f));
            pursuit.climb();
        }
        assertThat(value(pursuit, 0)).isEqualTo(0.1f);
        assertThat(value(pursuit, 1)).isEqualTo(-0.1f);
    }

    @Test
    void slopesOfAStepAreAdded() {
        Pursuit pursuit = pursuit("linf", 0.1, 0.25);
        hear(pursuit, AS_IT_IS, slope(0, 1));
        hear(pursuit, AS_IT_IS, slope(0, -3));
        pursuit.climb();
        assertThat(value(pursuit, 0)).isEqualTo(-0.025f);
    }

    @Test
    void ofTheSlopesBeforeNineTenthsStayFromStepToStepWhateverTheirMagnitude() {
        Pursuit pursuit = pursuit("linf", 1, 0.01);
        hear(pursuit, AS_IT_IS, slope(0, 5));
        pursuit.climb();
        float[] way = pursuit.saved().get(0).average();
        assertThat(way[0]).as("a mean magnitude of 1").isEqualTo(way.length);
        hear(pursuit, AS_IT_IS, slope(0, -0.001f, 1, 0.001f));
        pursuit.climb();
        way = pursuit.saved().get(0).average();
        assertThat(way[0]).isCloseTo((0.9f - 0.5f) * way.length, within(1e-4f));
        assertThat(way[1]).isCloseTo(0.5f * way.length, within(1e-4f));
        pursuit.climb();
        assertThat(value(pursuit, 0)).as("on its way, where nothing was taken").isCloseTo(0.03f, within(1e-6f));
    }

    @Test
    void theSlopeOfAVariedPerturbationComesBackToWhereItWasTaken() {
        Pixels pixels = new Pixels(SIDE, SIDE, Augmentation.NONE, Mix.DEFAULT);
        Variation turned = new Variation(-0.5, 1, 1);
        float[] spike = new float[SIDE * SIDE * 3];
        spike[4] = 1;
        float[] levels = new float[spike.length];
        pixels.perturb(new Delta(SIDE, SIDE, spike), turned, levels);
        float[] inProportion = new float[spike.length];
        for (int i = 0; i < levels.length; i++) {
            inProportion[i] = levels[i] / 255;
        }
        Pursuit pursuit = pursuit("l2", 1, 1);
        hear(pursuit, turned, inProportion);
        pursuit.climb();
        assertThat(pursuit.present().get(0).values())
                .as("a quarter of the spike, made a step of length 1")
                .isEqualTo(spike);
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void inEachNormAStepIsAShareOfEpsilonAndDeltaStaysWithinIt(Norm norm) {
        Ball ball = new Ball(norm, 0.5);
        Pursuit pursuit = pursuit(norm.name().toLowerCase(Locale.ROOT), 0.5, 0.8);
        for (int step = 0; step < 3; step++) {
            hear(pursuit, AS_IT_IS, slope(0, 3, 1, 4));
            pursuit.climb();
            assertThat(ball.norm(pursuit.present().get(0).values())).isCloseTo(step == 0 ? 0.4 : 0.5, within(1e-6));
        }
    }

    @Test
    void whereNoSlopeWasTakenNothingMoves() {
        for (String norm : List.of("linf", "l2", "l1")) {
            Pursuit pursuit = pursuit(norm, 0.5, 0.8);
            pursuit.climb();
            assertThat(pursuit.present().get(0).values()).containsOnly(0f);
        }
    }

    @Test
    void inEachStepOneOfThemClimbs() {
        Pursuit pursuit = pursuit("linf", 0.1, 0.25, 2, 0);
        for (int step = 0; step < 7; step++) {
            pursuit.turn(step);
            hear(pursuit, AS_IT_IS, slope(0, 1));
            pursuit.climb();
        }
        assertThat(firsts(pursuit)).as("two per perturbation").containsExactly(0.05f, 0.05f, 0.05f, 0.025f);
    }

    @Test
    void oneListensToTheMostCommonGradeAndOneToAllOthers() {
        Pursuit pursuit = pursuit("linf", 0.1, 0.25);
        for (int step = 0; step < 2; step++) {
            pursuit.turn(step);
            pursuit.take(AS_IT_IS, HEALTHY, slope(0, 5, 1, 1));
            pursuit.take(AS_IT_IS, 3, slope(0, -1, 2, 1));
            pursuit.take(AS_IT_IS, 2, slope(0, -2));
            pursuit.climb();
        }
        assertThat(pursuit.present())
                .extracting(delta -> Arrays.copyOf(delta.values(), 3))
                .containsExactly(new float[] {0.025f, 0.025f, 0}, new float[] {-0.025f, 0, 0.025f});
    }

    @Test
    void eachBeginsAnewInItsTurnAndNoneInTheFirstEpoch() {
        Pursuit pursuit = pursuit("linf", 0.1, 1, 1, 2);
        List<List<Float>> begun = new ArrayList<>();
        for (int epoch = 0; epoch < 4; epoch++) {
            for (int step = 0; step < 2; step++) {
                pursuit.turn(step);
                hear(pursuit, AS_IT_IS, slope(0, 1));
                pursuit.climb();
            }
            pursuit.epochBegins(epoch);
            begun.add(firsts(pursuit));
        }
        assertThat(begun).containsExactly(List.of(0.1f, 0.1f), List.of(0.1f, 0f), List.of(0f, 0.1f), List.of(0.1f, 0f));
    }

    /** Takes a slope as that of a healthy eye and of a diseased one: whoever's turn it is listens to one of them. */
    private static void hear(Pursuit pursuit, Variation variation, float[] slope) {
        pursuit.take(variation, HEALTHY, slope);
        pursuit.take(variation, 1, slope);
    }

    private static List<Float> firsts(Pursuit pursuit) {
        return pursuit.present().stream().map(delta -> delta.values()[0]).toList();
    }

    private static float value(Pursuit pursuit, int at) {
        return pursuit.present().get(0).values()[at];
    }

    /** A slope that is zero but at the places that are given, each with its value. */
    private static float[] slope(float... placesAndValues) {
        float[] slope = new float[SIDE * SIDE * 3];
        for (int i = 0; i < placesAndValues.length; i += 2) {
            slope[(int) placesAndValues[i]] = placesAndValues[i + 1];
        }
        return slope;
    }

    private static Pursuit pursuit(String norm, double epsilon, double pace) {
        return pursuit(norm, epsilon, pace, 1, 0);
    }

    private static Pursuit pursuit(String norm, double epsilon, double pace, int count, int restartEvery) {
        Delta still = new Delta(SIDE, SIDE, new float[SIDE * SIDE * 3]);
        Perturbation perturbation = new Perturbation(
                Perturbation.SCHEMA,
                "id",
                "pgd",
                "white-box",
                norm,
                epsilon,
                null,
                List.of(),
                List.of(),
                null,
                SIDE,
                SIDE,
                Perturbation.Norms.of(still),
                Spectrum.of(still),
                0,
                0,
                0,
                Perturbation.Stopped.DONE,
                List.of(),
                "",
                "",
                new Recipe("test/1", Map.of(), Map.of()),
                Software.provenance(Instant.EPOCH, Duration.ZERO));
        Mix mix = new Mix(1, false, 1, 0, 0, pace, restartEvery);
        return new Pursuit(
                Collections.nCopies(count, perturbation),
                mix,
                HEALTHY,
                Pursuit.setOut(Collections.nCopies(count, still)));
    }
}
