package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DivergenceWatchTest {

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1e6})
    void aLossThatExplodesRaisesTheAlarmAtOnce(double loss) {
        assertThat(DivergenceWatch.fresh().after(0.5).after(loss).alarm(loss, 5))
                .isPresent();
    }

    @Test
    void aLossThatIsNoNumberFromTheStartRaisesIt() {
        assertThat(DivergenceWatch.fresh().after(Double.NaN).alarm(Double.NaN, 5))
                .isPresent();
    }

    @Test
    void anOutlierDoesNotAndALastingRiseDoes() {
        DivergenceWatch watch = DivergenceWatch.fresh().after(0.5).after(0.4).after(15);
        assertThat(watch.alarm(15, 5)).isEmpty();
        for (int step = 0; step < 5; step++) {
            watch = watch.after(8);
        }
        assertThat(watch.alarm(8, 5)).hasValueSatisfying(why -> assertThat(why).contains("0.5"));
    }

    @Test
    void aGraderThatIsFooledFromTheStartMayCostMore() {
        DivergenceWatch watch = DivergenceWatch.fresh();
        for (int step = 0; step < 20; step++) {
            watch = watch.after(9);
        }
        assertThat(watch.alarm(9, 5)).isEmpty();
    }
}
