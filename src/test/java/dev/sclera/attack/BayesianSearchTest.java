package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BayesianSearchTest {

    private static final float[][] POINTS = {{0.1f, 0.2f}, {0.5f, 0.9f}, {0.8f, 0.3f}, {0.4f, 0.4f}, {0.95f, 0.75f}};
    private static final double[] VALUES = {0.3, 0.7, 0.55, 0.42, 0.61};

    /**
     * scikit-learn's {@code GaussianProcessRegressor(Matern(length_scale, nu=2.5), alpha, optimizer=None,
     * normalize_y=True)}, {@code predict(…, return_std=True)}; the improvement by scipy.stats.norm from these.
     */
    @ParameterizedTest
    @CsvSource({
        "0.4, 1e-3, 0.5, 0.5, 0.5079538575720599, 0.04536941608820875, 1.1259922260538707e-07",
        "0.4, 1e-3, 0.1, 0.25, 0.3045139250586142, 0.021195871530384658, 0",
        "0.4, 1e-3, 0.9, 0.05, 0.5335798972482939, 0.0946080078694664, 0.0014962086748355587",
        "1.0, 1e-2, 0.5, 0.5, 0.5036861656128281, 0.015455608337780867, 0",
        "1.0, 1e-2, 0.9, 0.05, 0.538375327605792, 0.039752282483170615, 2.117677594311625e-07"
    })
    void expectsWhatScikitLearnExpects(
            double length, double noise, float x, float y, double mean, double deviation, double improvement) {
        GaussianProcess.Expected expected = new GaussianProcess(POINTS, VALUES, length, noise).at(new float[] {x, y});
        assertThat(expected.mean()).isCloseTo(mean, within(1e-9));
        assertThat(expected.deviation()).isCloseTo(deviation, within(1e-9));
        assertThat(expected.improvement(0.7)).isCloseTo(improvement, within(1e-12));
    }

    /** {@code log_marginal_likelihood_value_} of the same. */
    @ParameterizedTest
    @CsvSource({"0.4, 1e-3, -6.456550874203233", "1.0, 1e-2, -10.209557130953051"})
    void likelihoodIsThatOfScikitLearn(double length, double noise, double likelihood) {
        assertThat(new GaussianProcess(POINTS, VALUES, length, noise).logLikelihood())
                .isCloseTo(likelihood, within(1e-9));
    }

    /** scipy.stats.norm.cdf. */
    @ParameterizedTest
    @CsvSource({
        "-6, 9.865876450376946e-10",
        "-3, 0.0013498980316300933",
        "-1, 0.15865525393145707",
        "0, 0.5",
        "0.5, 0.6914624612740131",
        "2, 0.9772498680518208",
        "5, 0.9999997133484281",
        "40, 1",
        "-40, 0"
    })
    void normalDistributionIsThatOfScipy(double value, double share) {
        assertThat(GaussianProcess.normal(value)).isCloseTo(share, within(1e-14));
    }

    /** The chance that 40 random points have one within a tenth of the peak of a plane is 0.72, for ten seeds 0.04. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void findsThePeakOfASmoothHill(long seed) {
        BayesianSearch search = new BayesianSearch(2, seed);
        for (int i = 0; i < 40; i++) {
            float[] point = search.next();
            assertThat(point[0]).isBetween(0f, 1f);
            assertThat(point[1]).isBetween(0f, 1f);
            search.tell(point, hill(point));
        }
        assertThat(distance(search.point(search.best()))).isLessThan(0.1);
    }

    @Test
    void goesOnFromWhatWasSaved() {
        BayesianSearch whole = new BayesianSearch(2, 3);
        for (int i = 0; i < 13; i++) {
            float[] point = whole.next();
            whole.tell(point, hill(point));
        }
        BayesianSearch resumed = new BayesianSearch(2, 3);
        resumed.restore(whole.save());
        assertThat(resumed.best()).isEqualTo(whole.best());
        assertThat(resumed.next()).containsExactly(whole.next());
    }

    private static float hill(float[] point) {
        return (float) Math.exp(-4 * Math.pow(distance(point), 2));
    }

    private static double distance(float[] point) {
        return Math.hypot(point[0] - 0.7, point[1] - 0.2);
    }
}
