package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.dataset.Images;
import dev.sclera.model.PixelView;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {

    private static final int HEIGHT = 40;
    private static final int WIDTH = 33;
    private static final int SIZE = HEIGHT * WIDTH * 3;
    private static final int IMAGES = 16;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatAViewBringsBackIsItsTranspose(long seed) {
        for (PixelView view : views(seed, 5)) {
            float[] x = random(seed);
            float[] y = random(seed + 100);

            assertThat(dot(seen(view, x), y)).isCloseTo(dot(x, back(view, y)), within(1e-3));
        }
    }

    @Test
    void aboutHalfOfTheImagesAreMadeSmallerOnBlack() {
        float[] ones = new float[SIZE];
        Arrays.fill(ones, 1);
        int smaller = 0;
        for (int moment = 0; moment < 20; moment++) {
            for (PixelView view : views(9, moment)) {
                float[] seen = seen(view, ones);
                for (float value : seen) {
                    // a mean of ones is one, and around the image there is nothing
                    assertThat(value < 1e-6 || Math.abs(value - 1) < 1e-6).isTrue();
                }
                double share = dot(seen, ones) / SIZE;
                assertThat(share).isGreaterThan(0.77);
                smaller += share < 1 - 1e-6 ? 1 : 0;
            }
        }
        // 320 throws of a coin, but that a few are so little smaller that no row is lost
        assertThat(smaller).isBetween(110, 200);
    }

    @Test
    void viewsFollowFromTheSeedAndTheMoment() {
        float[] x = random(4);

        assertThat(all(views(1, 2), x)).isEqualTo(all(views(1, 2), x));
        assertThat(all(views(1, 2), x)).isNotEqualTo(all(views(1, 3), x)).isNotEqualTo(all(views(2, 2), x));
    }

    @Test
    void smoothingIsItsOwnTransposeAndKeepsTheSum() {
        TranslationSmoothing smoothing = new TranslationSmoothing(HEIGHT, WIDTH);
        float[] x = random(5);
        float[] y = random(6);
        float[] point = new float[SIZE];
        int centre = (HEIGHT / 2 * WIDTH + WIDTH / 2) * 3;
        point[centre] = 1;

        float[] kernel = smoothing.smooth(point);

        assertThat(dot(smoothing.smooth(x), y)).isCloseTo(dot(x, smoothing.smooth(y)), within(1e-3));
        assertThat(IntStream.range(0, SIZE).mapToDouble(i -> kernel[i]).sum()).isCloseTo(1, within(1e-5));
        // a Gaussian of σ = 3: three pixels away it is exp(−1/2) of the centre, on either axis
        assertThat(kernel[centre + 3 * 3] / kernel[centre]).isCloseTo((float) Math.exp(-0.5), within(1e-5f));
        assertThat(kernel[centre + 3 * 3 * WIDTH] / kernel[centre]).isCloseTo((float) Math.exp(-0.5), within(1e-5f));
        assertThat(kernel[centre + 1]).isZero();
    }

    private static List<PixelView> views(long seed, long moment) {
        Images images = new Images(
                HEIGHT,
                WIDTH,
                new byte[IMAGES * SIZE],
                new int[IMAGES],
                IntStream.range(0, IMAGES).mapToObj(Integer::toString).toList());
        Batch batch = new Batch(images, IntStream.range(0, IMAGES).toArray(), 0);
        return new InputDiversity(HEIGHT, WIDTH, seed).views(batch, moment);
    }

    private static List<List<Float>> all(List<PixelView> views, float[] x) {
        return views.stream()
                .map(view -> {
                    float[] seen = seen(view, x);
                    return IntStream.range(0, SIZE).mapToObj(i -> seen[i]).toList();
                })
                .toList();
    }

    private static float[] seen(PixelView view, float[] x) {
        float[] seen = random(77);
        view.see(x, seen);
        return seen;
    }

    private static float[] back(PixelView view, float[] y) {
        float[] onto = random(78);
        view.back(y, onto);
        return onto;
    }

    private static float[] random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private static double dot(float[] one, float[] other) {
        return IntStream.range(0, SIZE)
                .mapToDouble(i -> (double) one[i] * other[i])
                .sum();
    }
}
