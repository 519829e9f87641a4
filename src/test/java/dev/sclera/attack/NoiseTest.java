package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Norm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NoiseTest {

    static List<Arguments> controls() {
        List<Arguments> controls = new ArrayList<>();
        for (Attacks.Description attack : Attacks.descriptions().values()) {
            for (Norm norm : Norm.values()) {
                if (attack.access() == Access.CONTROL) {
                    controls.add(Arguments.of(attack.name(), norm));
                }
            }
        }
        return controls;
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("controls")
    void hasExactlyTheNormOfTheBound(String control, Norm norm) {
        double epsilon = norm == Norm.LINF ? 8 / 255.0 : 3;
        float[] noise = draw(control, norm, epsilon, 7);
        assertThat(new Ball(norm, epsilon).norm(noise)).isCloseTo(epsilon, within(1e-4 * epsilon));
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("controls")
    void isDeterminedByItsSeed(String control, Norm norm) {
        float[] first = draw(control, norm, 0.1, 7);
        assertThat(draw(control, norm, 0.1, 7)).containsExactly(first);
        assertThat(draw(control, norm, 0.1, 8)).isNotEqualTo(first);
    }

    private static float[] draw(String control, Norm norm, double epsilon, long seed) {
        Noise noise = (Noise) Attacks.named(control);
        return noise.draw(Problems.of(norm, epsilon, seed, noise.options()));
    }
}
