package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FoolingRateTest {

    /** Counted by hand: images 1, 2, 4 and 7 change; of the six not at grade 0 when clean, images 1 and 4 end there. */
    private static final ConfusionMatrix CHANGES =
            FoolingRate.changes(new int[] {0, 1, 2, 2, 3, 4, 4, 0}, new int[] {0, 0, 3, 2, 0, 4, 4, 2}, 5);

    @Test
    void theFoolingRateIsTheShareOfChangedPredictions() {
        assertThat(FoolingRate.of(CHANGES)).isEqualTo(Measure.of(0.5));
    }

    @Test
    void theTargetedRateLeavesOutWhatWasAtTheTargetAlready() {
        assertThat(FoolingRate.towards(0, CHANGES)).isEqualTo(Measure.of(2.0 / 6));
        assertThat(FoolingRate.towards(2, CHANGES)).isEqualTo(Measure.of(1.0 / 6));
        assertThat(FoolingRate.towards(1, CHANGES)).isEqualTo(Measure.of(0));
    }

    @Test
    void nothingFooledIsExactlyZeroAndEverythingExactlyOne() {
        int[] clean = {0, 1, 2, 3, 4, 0, 1};

        assertThat(FoolingRate.of(FoolingRate.changes(clean, clean, 5))).isEqualTo(Measure.of(0));
        assertThat(FoolingRate.of(FoolingRate.changes(clean, new int[] {1, 0, 0, 0, 0, 1, 0}, 5)))
                .isEqualTo(Measure.of(1));
    }

    @Test
    void withoutImagesOrRoomForTheTargetThereIsNoRate() {
        assertThat(FoolingRate.of(FoolingRate.changes(new int[0], new int[0], 5)))
                .isEqualTo(Measure.undefined("there are no images"));
        assertThat(FoolingRate.towards(3, FoolingRate.changes(new int[] {3, 3}, new int[] {3, 1}, 5)))
                .isEqualTo(Measure.undefined("no clean image is predicted as another grade than the target 3"));
    }

    @Test
    void badPredictionsAndTargetsAreRefusedWithTheirReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FoolingRate.changes(new int[] {1}, new int[] {7}, 5))
                .withMessage("perturbed[0] is 7, but a grade is 0 to 4.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FoolingRate.changes(new int[] {1, 2}, new int[] {1}, 5))
                .withMessage("clean has 2 images and perturbed has 1, but both have to hold the same images in the"
                        + " same order.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FoolingRate.towards(5, CHANGES))
                .withMessage("target is 5, but a grade is 0 to 4.");
    }
}
