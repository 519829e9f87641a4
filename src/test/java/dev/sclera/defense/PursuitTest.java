package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Spectrum;
import dev.sclera.store.Recipe;
import dev.sclera.store.Software;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PursuitTest {

    private static final int SIDE = 2;
    private static final Variation AS_IT_IS = new Variation(1, 0, 0);

    @Test
    void eachValueClimbsByAShareOfEpsilonAndStaysWithinIt() {
        Pursuit pursuit = pursuit("linf", 0.1, 0.25);
        for (int step = 1; step <= 3; step++) {
            pursuit.take(0, AS_IT_IS, slope(0, 5, 1, -0.001f));
            pursuit.climb();
            assertThat(value(pursuit, 0)).isCloseTo(0.025f * step, within(1e-6f));
            assertThat(value(pursuit, 1)).isCloseTo(-0.025f * step, within(1e-6f));
            assertThat(value(pursuit, 2)).isZero();
        }
        for (int step = 0; step < 5; step++) {
            pursuit.take(0, AS_IT_IS, slope(0, 5, 1, -0.001f));
            pursuit.climb();
        }
        assertThat(value(pursuit, 0)).isEqualTo(0.1f);
        assertThat(value(pursuit, 1)).isEqualTo(-0.1f);
    }

    @Test
    void slopesOfAStepAreAddedAndThenForgotten() {
        Pursuit pursuit = pursuit("linf", 0.1, 0.25);
        pursuit.take(0, AS_IT_IS, slope(0, 1));
        pursuit.take(0, AS_IT_IS, slope(0, -3));
        pursuit.climb();
        assertThat(value(pursuit, 0)).isNegative();
        float before = value(pursuit, 0);
        pursuit.climb();
        assertThat(value(pursuit, 0)).isEqualTo(before);
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
        pursuit.take(0, turned, inProportion);
        pursuit.climb();
        assertThat(pursuit.saved().get(0).values())
                .as("a quarter of the spike, made a step of length 1")
                .isEqualTo(spike);
    }

    @Test
    void inOtherNormsAStepIsAShareOfTheNormAndDeltaIsScaledBack() {
        for (String norm : List.of("l2", "l1")) {
            Pursuit pursuit = pursuit(norm, 0.5, 0.8);
            for (int step = 0; step < 3; step++) {
                pursuit.take(0, AS_IT_IS, slope(0, 3, 1, 4));
                pursuit.climb();
            }
            double a = value(pursuit, 0);
            double b = value(pursuit, 1);
            assertThat(norm.equals("l2") ? Math.hypot(a, b) : a + b).as(norm).isCloseTo(0.5, within(1e-6));
            assertThat(b / a).isCloseTo(4 / 3.0, within(1e-5));
        }
    }

    @Test
    void whereNoSlopeWasTakenNothingMoves() {
        for (String norm : List.of("linf", "l2", "l1")) {
            Pursuit pursuit = pursuit(norm, 0.5, 0.8);
            pursuit.climb();
            assertThat(pursuit.saved().get(0).values()).containsOnly(0f);
        }
    }

    private static float value(Pursuit pursuit, int at) {
        return pursuit.saved().get(0).values()[at];
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
        return new Pursuit(List.of(perturbation), pace, List.of(still));
    }
}
