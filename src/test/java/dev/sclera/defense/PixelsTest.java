package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PixelsTest {

    private static final int SIDE = 6;
    private static final int VALUES = SIDE * SIDE * 3;
    private static final Images IMAGES = images();
    private static final Delta DELTA = delta();

    @Test
    void withoutAugmentationAPerturbedImageIsWhatAUserSees() {
        float[] levels = new float[VALUES];
        Pixels pixels = new Pixels(SIDE, SIDE, Augmentation.NONE, Mix.DEFAULT);
        pixels.augment(IMAGES, 1, new SplittableRandom(1), levels);
        pixels.perturb(DELTA, pixels.variation(new SplittableRandom(2)), levels);
        Pixels.finish(levels);
        byte[] seen = DELTA.applyTo(IMAGES).pixels();
        for (int i = 0; i < VALUES; i++) {
            assertThat(levels[i]).isEqualTo((seen[VALUES + i] & 0xff) / 255f);
        }
    }

    @Test
    void flipsGiveTheImageAndItsThreeMirrors() {
        Set<List<Float>> seen = new HashSet<>();
        Pixels pixels = new Pixels(SIDE, SIDE, new Augmentation(true, true, 0), Mix.DEFAULT);
        for (int seed = 0; seed < 40; seed++) {
            float[] levels = new float[VALUES];
            pixels.augment(IMAGES, 0, new SplittableRandom(seed), levels);
            seen.add(boxed(levels));
        }
        Set<List<Float>> expected = new HashSet<>();
        for (boolean down : new boolean[] {false, true}) {
            for (boolean across : new boolean[] {false, true}) {
                float[] levels = new float[VALUES];
                for (int i = 0; i < VALUES; i++) {
                    int y = i / 3 / SIDE;
                    int x = i / 3 % SIDE;
                    int from = ((down ? SIDE - 1 - y : y) * SIDE + (across ? SIDE - 1 - x : x)) * 3 + i % 3;
                    levels[i] = IMAGES.pixels()[from] & 0xff;
                }
                expected.add(boxed(levels));
            }
        }
        assertThat(seen).isEqualTo(expected);
    }

    /** On a plane, bilinear interpolation is exact: what lies inside is the plane at the turned point. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aTurnedPlaneIsAPlane(long seed) {
        byte[] plane = new byte[VALUES];
        for (int i = 0; i < VALUES; i++) {
            plane[i] = (byte) (20 * (i / 3 / SIDE) + 10 * (i / 3 % SIDE));
        }
        Images image = new Images(SIDE, SIDE, plane, new int[1], List.of("plane"));
        float[] levels = new float[VALUES];
        new Pixels(SIDE, SIDE, new Augmentation(false, false, 30), Mix.DEFAULT)
                .augment(image, 0, new SplittableRandom(seed), levels);
        // the middle pixels: fixed in the mean, and turned by one angle all
        double right = levels[(2 * SIDE + 3) * 3] - levels[(2 * SIDE + 2) * 3];
        double down = levels[(3 * SIDE + 2) * 3] - levels[(2 * SIDE + 2) * 3];
        assertThat(Math.hypot(right, down)).isCloseTo(Math.hypot(10, 20), within(1e-3));
        double middle = 0;
        for (int y = 2; y <= 3; y++) {
            for (int x = 2; x <= 3; x++) {
                middle += levels[(y * SIDE + x) * 3] / 4;
            }
        }
        assertThat(middle).isCloseTo(2.5 * 20 + 2.5 * 10, within(1e-3));
    }

    @Test
    void signScaleAndShiftVaryThePerturbationWithinTheirBounds() {
        Mix mix = Mix.of(1, true, 0.5, 2);
        Pixels pixels = new Pixels(SIDE, SIDE, Augmentation.NONE, mix);
        boolean positive = false;
        boolean negative = false;
        Set<Integer> places = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            float[] levels = new float[VALUES];
            float[] spike = new float[VALUES];
            spike[0] = 1 / 255f;
            pixels.perturb(new Delta(SIDE, SIDE, spike), pixels.variation(new SplittableRandom(seed)), levels);
            int at = -1;
            for (int i = 0; i < VALUES; i++) {
                if (levels[i] != 0) {
                    assertThat(at).isEqualTo(-1);
                    at = i;
                }
            }
            assertThat(Math.abs(levels[at])).isBetween(0.5f, 1.0001f);
            positive |= levels[at] > 0;
            negative |= levels[at] < 0;
            places.add(at);
        }
        assertThat(positive && negative).isTrue();
        // five places in each direction, around the corner where the spike is
        assertThat(places).hasSize(25).contains(0, (5 * SIDE + 5) * 3, (2 * SIDE + 2) * 3);
    }

    private static List<Float> boxed(float[] values) {
        List<Float> list = new ArrayList<>();
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    private static Images images() {
        byte[] pixels = new byte[2 * VALUES];
        new Random(3).nextBytes(pixels);
        return new Images(SIDE, SIDE, pixels, new int[] {0, 1}, List.of("a", "b"));
    }

    private static Delta delta() {
        SplittableRandom random = new SplittableRandom(4);
        float[] values = new float[VALUES];
        for (int i = 0; i < VALUES; i++) {
            values[i] = (float) (0.2 * (random.nextDouble() - 0.5));
        }
        return new Delta(SIDE, SIDE, values);
    }
}
