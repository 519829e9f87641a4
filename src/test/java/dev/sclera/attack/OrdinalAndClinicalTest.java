package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.ascent.Norm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What our own attacks promise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrdinalAndClinicalTest {

    private SmallWorld world;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        world = new SmallWorld(folder);
    }

    @AfterAll
    void close() {
        world.close();
    }

    /**
     * Central differences of kappa itself, over the whole set, with probabilities in place of answers. The objective's
     * slope is n·D times that of the loss of kappa, D the disagreement by chance.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theOrdinalObjectiveHasTheSlopeOfKappa(long seed) {
        try (SmallWorld.Start start =
                world.start("ordinal", "affine", Norm.LINF, 0.1, null, SmallWorld.IMAGES, 0.1, "objective=cost")) {
            Batch all = start.images().batch(0);
            assertThat(all.size()).isEqualTo(SmallWorld.IMAGES);
            float[] delta = random(seed, 0.02);
            OrdinalKappa objective = new OrdinalKappa(false, start.images().grades(), 1);
            Oracle.Slope before = start.oracle().slope(objective.of(all, 0), all, delta);
            objective.answered(all, before);
            assertThat(objective.kappa()).isCloseTo(Kappa.of(all, before).value(), within(1e-6));

            float[] slope =
                    start.oracle().slope(objective.of(all, 0), all, delta).gradient();
            float[] direction = random(seed + 100, 1);
            double along = 0;
            for (int k = 0; k < slope.length; k++) {
                along += (double) slope[k] * direction[k];
            }
            double step = 1e-3;
            double above = kappa(start, objective, all, delta, direction, step).value();
            double below = kappa(start, objective, all, delta, direction, -step).value();
            double expected = SmallWorld.IMAGES * Kappa.of(all, before).byChance() * (below - above) / (2 * step);
            assertThat(Math.abs(expected)).isGreaterThan(0.5);
            assertThat(along).isCloseTo(expected, within(1e-2 * Math.abs(expected) + 1e-2));
        }
    }

    /** Of images of one grade alone there is no kappa, and no slope of it. */
    @Test
    void ofImagesOfOneGradeTheSquaredDistanceIsClimbed() {
        try (SmallWorld.Start start = world.start("ordinal", "affine", Norm.LINF, 0.1, null, SmallWorld.IMAGES, 0.1)) {
            Batch moderate = start.images().batch(0).where(truth -> truth == 2);
            assertThat(moderate.size()).isPositive();
            OrdinalKappa objective = new OrdinalKappa(false, new int[] {0, 0, moderate.size(), 0, 0}, 1);
            float[] none = new float[SmallWorld.SIZE];
            objective.answered(moderate, start.oracle().slope(objective.of(moderate, 0), moderate, none));

            for (float[] costs : objective.of(moderate, 0).vectorsOf(0)) {
                assertThat(costs).containsExactly(4, 1, 0, 1, 4);
            }
        }
    }

    private static Kappa kappa(
            SmallWorld.Start start, OrdinalKappa objective, Batch all, float[] delta, float[] direction, double step) {
        float[] moved = delta.clone();
        for (int k = 0; k < moved.length; k++) {
            moved[k] += (float) (step * direction[k]);
        }
        return Kappa.of(all, start.oracle().slope(objective.of(all, 0), all, moved));
    }

    /** Quadratic-weighted kappa of probabilities: {@code 1 − observed/byChance}, from its definition. */
    private record Kappa(double observed, double byChance) {

        static Kappa of(Batch all, Oracle.Slope slope) {
            int[] truths = all.truths();
            double observed = 0;
            double byChance = 0;
            for (int i = 0; i < truths.length; i++) {
                float[] logits = slope.logits().get(0)[i];
                double sum = 0;
                for (float logit : logits) {
                    sum += Math.exp(logit);
                }
                for (int grade = 0; grade < logits.length; grade++) {
                    double probability = Math.exp(logits[grade]) / sum;
                    observed += probability * (grade - truths[i]) * (grade - truths[i]) / truths.length;
                    for (int truth : truths) {
                        byChance += probability * (grade - truth) * (grade - truth) / truths.length / truths.length;
                    }
                }
            }
            return new Kappa(observed, byChance);
        }

        double value() {
            return 1 - observed / byChance;
        }
    }

    /** At 5/255 and 60 steps, where neither has run into the end of what there is. */
    @Test
    void clinicalHidesMoreDiseaseThanPgd() {
        double clean = sensitivity("clinical", 0);
        double pgd = sensitivity("pgd", 0.02);
        double clinical = sensitivity("clinical", 0.02);
        assertThat(clean).isGreaterThan(0.8);
        assertThat(clean - clinical).isGreaterThan(0.5).isGreaterThan(2 * (clean - pgd));
    }

    /** Of the eyes of grade 2 and above, the share that is still graded so, in 8 bits. */
    private double sensitivity(String attack, double epsilon) {
        try (SmallWorld.Start start =
                world.start(attack, "layered", Norm.LINF, Math.max(epsilon, 1e-6), null, SmallWorld.IMAGES, 0.1)) {
            float[] delta = start.after(epsilon == 0 ? 0 : 60);
            Batch all = start.images().sample(SmallWorld.IMAGES, 0);
            int diseased = 0;
            int found = 0;
            for (int i = 0; i < all.size(); i++) {
                if (all.truths()[i] >= ClinicalAttack.REFERABLE) {
                    diseased++;
                    found += start.oracle()
                                            .grades(all.only(i).gathered(), delta)
                                            .get(0)
                                            .get(0)
                                            .grade()
                                    >= ClinicalAttack.REFERABLE
                            ? 1
                            : 0;
                }
            }
            return (double) found / diseased;
        }
    }

    private static float[] random(long seed, double scale) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[SmallWorld.SIZE];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) (scale * random.nextDouble(-1, 1));
        }
        return values;
    }
}
