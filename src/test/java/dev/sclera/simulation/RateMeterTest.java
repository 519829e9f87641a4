package dev.sclera.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateMeterTest {

    @Test
    void whatComesAtOnceAndWhatIsSpreadAddUp() {
        RateMeter meter = new RateMeter();
        meter.rate(0, 7);
        meter.count(0.2, 10);
        meter.count(0.9, 5);
        meter.count(1.1, 3);
        assertThat(meter.peak()).isEqualTo(22);
        meter.rate(2, 20);
        assertThat(meter.peak()).isEqualTo(27);
        meter.rate(3, -20);
        meter.count(3.5, 19);
        assertThat(meter.peak()).isEqualTo(27);
    }
}
