package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JackknifeTest {

    /** Working a figure out once for each kind of images changes no figure. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void imagesOfOneKindAreInterchangeable(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Grading first = Grading.random(random, 60, 5, 0.4);
        int[] second = Grading.noisy(random, first.truth(), 5, 0.6);
        ImageStatistic difference = first.statistic(CohenKappa.QUADRATIC)
                .minus(ImageStatistic.of(first.truth(), second, 5, CohenKappa.UNWEIGHTED));

        Measure[] without = Jackknife.withoutEach(difference);

        assertThat(Arrays.stream(difference.kinds()).max().orElseThrow()).isLessThan(59);
        for (int image = 0; image < 60; image++) {
            int[] draws = new int[60];
            Arrays.fill(draws, 1);
            draws[image] = 0;
            assertThat(without[image]).isEqualTo(difference.over(draws));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whereNoKindsAreKnownEachImageIsItsOwn(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] truth = random.ints(30, 0, 5).toArray();
        ImageStatistic area = ReferableDr.aucOver(truth, random.doubles(30).toArray());

        assertThat(area.kinds()).doesNotHaveDuplicates().hasSize(30);
        assertThat(Jackknife.withoutEach(area)).doesNotContainNull();
    }
}
