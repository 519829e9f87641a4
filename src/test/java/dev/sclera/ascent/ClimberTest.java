package dev.sclera.ascent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClimberTest {

    @Test
    void oneThatIsRestoredGoesOnAsTheOtherDoes() {
        Climber one = climber();
        one.step(new float[] {1, -2, 3}, 0.1);
        Climber other = climber();
        other.restore(one.delta(), one.average());
        one.step(new float[] {-4, 0, 1}, 0.1);
        assertThat(other.delta()).isNotEqualTo(one.delta());
        other.step(new float[] {-4, 0, 1}, 0.1);
        assertThat(other.delta()).containsExactly(one.delta());
        assertThat(other.average()).containsExactly(one.average());
    }

    @Test
    void oneThatRestartsRemembersNothing() {
        Climber climber = climber();
        climber.step(new float[] {1, -2, 3}, 0.1);
        climber.restart();
        assertThat(climber.delta()).containsOnly(0);
        climber.step(new float[] {0, 0, -1}, 0.1);
        assertThat(climber.delta()).containsExactly(0, 0, -0.1f);
    }

    private static Climber climber() {
        return new Climber(new Ball(Norm.LINF, 0.5), Climber.MOMENTUM, new float[3], new float[3]);
    }
}
