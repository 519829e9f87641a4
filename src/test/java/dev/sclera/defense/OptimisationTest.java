package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.defense.Optimisation.Algorithm;
import dev.sclera.defense.Optimisation.ClassWeights;
import dev.sclera.defense.Optimisation.Schedule;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class OptimisationTest {

    private static final Offset<Double> EXACT = within(1e-12);

    /** Six images of grade 0, three of grade 2, one of grade 3. */
    private static final List<Example> SIX_THREE_ONE = IntStream.range(0, 10)
            .mapToObj(i -> new Example(i, 0, i, i < 6 ? 0 : i < 9 ? 2 : 3))
            .toList();

    @Test
    void warmsUpInALineAndFallsAlongHalfACosine() {
        Optimisation optimisation = optimisation(4, Schedule.COSINE, 1, ClassWeights.NONE);
        assertThat(optimisation.rate(0, 10)).isCloseTo(0.02, EXACT);
        assertThat(optimisation.rate(4, 10)).isCloseTo(0.1, EXACT);
        assertThat(optimisation.rate(9, 10)).isCloseTo(0.2, EXACT);
        assertThat(optimisation.rate(10, 10)).isCloseTo(0.2, EXACT);
        // half of the 30 steps that are left
        assertThat(optimisation.rate(25, 10)).isCloseTo(0.1, EXACT);
        assertThat(optimisation.rate(39, 10)).isCloseTo(0.1 * (1 + Math.cos(Math.PI * 29 / 30)), EXACT);
    }

    @Test
    void staysWhereItIsConstant() {
        Optimisation optimisation = optimisation(4, Schedule.CONSTANT, 0, ClassWeights.NONE);
        assertThat(optimisation.rate(0, 10)).isEqualTo(0.2);
        assertThat(optimisation.rate(39, 10)).isEqualTo(0.2);
    }

    /** {@code sklearn.utils.class_weight.compute_class_weight("balanced")} of 6, 3 and 1 images: 10/(3·6), … */
    @Test
    void balancedWeightsGiveEveryGradeThatIsThereTheSameSum() {
        double[] weights =
                optimisation(1, Schedule.CONSTANT, 0, ClassWeights.BALANCED).gradeWeights(SIX_THREE_ONE, 5);
        assertThat(weights).containsExactly(new double[] {10 / 18.0, 0, 10 / 9.0, 10 / 3.0, 0}, EXACT);
        assertThat(optimisation(1, Schedule.CONSTANT, 0, ClassWeights.NONE).gradeWeights(SIX_THREE_ONE, 5))
                .containsOnly(1);
    }

    /** Their square roots, √(5/9) : √(10/9) : √(10/3) = 1 : √2 : √6, so that 6 + 3√2 + √6 of the first make 10. */
    @Test
    void rootWeightsAreHalfWayToBalancedOnes() {
        double first = 10 / (6 + 3 * Math.sqrt(2) + Math.sqrt(6));
        assertThat(optimisation(1, Schedule.CONSTANT, 0, ClassWeights.ROOT).gradeWeights(SIX_THREE_ONE, 5))
                .containsExactly(new double[] {first, 0, first * Math.sqrt(2), first * Math.sqrt(6), 0}, EXACT);
    }

    private static Optimisation optimisation(int epochs, Schedule schedule, double warmUp, ClassWeights weights) {
        return new Optimisation(epochs, 8, Algorithm.SGD, 0.2, schedule, warmUp, 0.9, 0, weights);
    }
}
