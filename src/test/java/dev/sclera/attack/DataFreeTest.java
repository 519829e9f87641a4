package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Norm;
import dev.sclera.dataset.Images;
import dev.sclera.gradient.FeatureLoss;
import dev.sclera.gradient.Layers;
import dev.sclera.model.Feature;
import dev.sclera.model.ImageGradients;
import dev.sclera.model.Model;
import dev.sclera.model.ModelDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What attacks without data see of a model, and show it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DataFreeTest {

    private SmallWorld world;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        world = new SmallWorld(folder);
    }

    @AfterAll
    void close() {
        world.close();
    }

    /**
     * The preprocessing is matrix products (which resize) and a convolution; of the network behind it there is one
     * layer. On a uniform image resizing changes nothing, and the loss has a closed form.
     */
    @Test
    void thePreprocessingIsNoLayer() {
        Model model = world.laboratory.models.get("layered");
        int side = 2 * SmallWorld.SIDE;
        byte[] pixels = new byte[side * side * 3];
        Arrays.fill(pixels, (byte) 200);
        Images image = new Images(side, side, pixels, new int[1], List.of("grey"));
        double square = 0;
        for (double value : SmallWorld.hidden(uniform(200 / 255f))) {
            square += value * value;
        }
        try (ImageGradients gradients = world.laboratory.models.featureGradients(
                model, new Layers.Hidden(), new FeatureLoss.LogNorms(), side, side)) {
            ImageGradients.Result result =
                    gradients.of(new ImageGradients.Query(image, new int[] {0}, new int[0]), new float[pixels.length]);
            assertThat(result.losses()[0]).isCloseTo(Math.log(Math.sqrt(square)), within(1e-5));
        }
    }

    @Test
    void aFeatureIsWhatTheNetworkComputes() {
        float[] image = new float[SmallWorld.SIZE];
        for (int k = 0; k < image.length; k++) {
            image[k] = SmallWorld.value(3, k) / 255f;
        }
        Feature feature = world.laboratory.models.feature(
                world.laboratory.models.get("layered"),
                new Layers.ActivatedAt(0.5),
                SmallWorld.SIDE,
                SmallWorld.SIDE,
                image);
        double[] hidden = SmallWorld.hidden(image);
        assertThat(feature.tensor()).isEqualTo("activated");
        assertThat(feature.shape()).containsExactly(1, 12, 1, 1);
        float[] gram = feature.gram();
        for (int one = 0; one < 12; one++) {
            assertThat((double) feature.values()[one]).isCloseTo(hidden[one], within(1e-5));
            for (int other = 0; other < 12; other++) {
                assertThat((double) gram[one * 12 + other]).isCloseTo(hidden[one] * hidden[other], within(1e-4));
            }
        }
    }

    /** {@code (x·255 − mean) / std} in the order blue, green, red is 0 at the mean pixel. */
    @Test
    void theMeanPixelIsTheOneThatAModelTakesForNothing() {
        double[] mean = Substitutes.mean(descriptor(ModelDescriptor.Channels.BGR, 255, List.of(103.9, 116.8, 123.7)));
        assertThat(mean).containsExactly(new double[] {123.7 / 255, 116.8 / 255, 103.9 / 255}, within(1e-12));
        assertThat(Substitutes.mean(descriptor(ModelDescriptor.Channels.RGB, 1, List.of(0.0, 0.0, 0.0))))
                .containsOnly(0.5);
        assertThat(Substitutes.mean(descriptor(ModelDescriptor.Channels.RGB, 2, List.of(0.97, 1.0, 1.99))))
                .containsExactly(new double[] {0.485, 0.5, 0.5}, within(1e-12));
    }

    private static ModelDescriptor descriptor(ModelDescriptor.Channels channels, double scale, List<Double> mean) {
        return new ModelDescriptor(
                ModelDescriptor.SCHEMA,
                "input",
                "output",
                8,
                8,
                ModelDescriptor.Layout.NCHW,
                channels,
                scale,
                mean,
                List.of(1.0, 1.0, 1.0),
                ModelDescriptor.OutputKind.LOGITS,
                5);
    }

    /** A Gaussian about 0.5 of which 99.9 % are in [0,1] has a deviation of 0.5/3.2905. */
    @Test
    void noiseHasTheRangeOfPixels() {
        try (SmallWorld.Start start = world.start("gd-uap", "layered", Norm.LINF, 0.05, null, 4, 0.01)) {
            Substitutes substitutes = Substitutes.of(start.problem(), start.oracle());
            byte[] pixels = substitutes.shown(100, 3).pixels();
            double sum = 0;
            double squares = 0;
            int atTheEnds = 0;
            for (byte pixel : pixels) {
                double value = (pixel & 0xff) / 255.0 - 0.5;
                sum += value;
                squares += value * value;
                atTheEnds += (pixel & 0xff) % 255 == 0 ? 1 : 0;
            }
            assertThat(sum / pixels.length).isCloseTo(0, within(0.005));
            assertThat(Math.sqrt(squares / pixels.length)).isCloseTo(0.5 / 3.2905, within(0.003));
            assertThat(atTheEnds / (double) pixels.length).isBetween(0.0003, 0.003);
            assertThat(substitutes.shown(100, 3).pixels()).isEqualTo(pixels);
            assertThat(substitutes.shown(100, 4).pixels()).isNotEqualTo(pixels);
        }
    }

    @Test
    void whereNothingIsKnownTheMeanPixelIsShown() {
        try (SmallWorld.Start start = world.start("gd-uap", "layered", Norm.LINF, 0.05, null, 4, 0.01, "prior=none")) {
            Images shown = Substitutes.of(start.problem(), start.oracle()).shown(4, 0);
            assertThat(shown.count()).isEqualTo(1);
            assertThat(shown.pixels()).containsOnly(128);
        }
    }

    /** Fast Feature Fool's loss falls, those of the others rise, when their attacks run. */
    @Test
    void attacksMoveTheirLossesTheRightWay() {
        assertThat(change("fff", "layers=all")).isNegative();
        assertThat(change("gd-uap", "prior=none")).isPositive();
        assertThat(change("pd-ua", "prior=none", "kept=1", "samples=1", "start=noise"))
                .isPositive();
    }

    /** Where the texture has all the say, δ comes to excite the middle layer as the texture does. */
    @Test
    void aHeavyTextureDrawsDeltaTowardsItsStyle() {
        try (SmallWorld.Start start = world.start(
                "pd-ua",
                "affine",
                Norm.LINF,
                0.1,
                null,
                4,
                0.05,
                "prior=none",
                "texture=1000",
                "start=noise",
                "frequencies=as-they-are")) {
            Attack.Run run = start.run();
            float[] texture = Rings.draw(SmallWorld.SIDE, SmallWorld.SIDE, SmallWorld.SEED);
            Ball.scale(texture, 0.1);
            float[] wanted = gram(start, texture);
            double before = apart(gram(start, run.delta()), wanted);
            for (int turn = 0; turn < 40; turn++) {
                run.turn(turn);
            }
            assertThat(apart(gram(start, run.delta()), wanted)).isLessThan(0.3 * before);
        }
    }

    private static float[] gram(SmallWorld.Start start, float[] delta) {
        float[] image = delta.clone();
        for (int k = 0; k < image.length; k++) {
            image[k] += 128 / 255f;
        }
        return start.oracle().feature(0, new Layers.ActivatedAt(0.5), image).gram();
    }

    private static double apart(float[] one, float[] other) {
        float[] difference = one.clone();
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= other[i];
        }
        return Ball.euclidean(difference);
    }

    @Test
    void ringsAreBlackAndWhiteAndFollowFromTheSeed() {
        float[] rings = Rings.draw(60, 80, 1);
        int white = 0;
        for (int i = 0; i < rings.length; i += 3) {
            assertThat(Math.abs(rings[i])).isEqualTo(1f);
            assertThat(rings[i + 1]).isEqualTo(rings[i]);
            assertThat(rings[i + 2]).isEqualTo(rings[i]);
            white += rings[i] > 0 ? 1 : 0;
        }
        assertThat(white / (60.0 * 80)).isBetween(0.35, 0.65);
        assertThat(Rings.draw(60, 80, 1)).isEqualTo(rings);
        assertThat(Rings.draw(60, 80, 2)).isNotEqualTo(rings);
    }

    private double change(String attack, String... options) {
        try (SmallWorld.Start start = world.start(attack, "layered", Norm.LINF, 0.1, null, 4, 0.1, options)) {
            Attack.Run run = start.run();
            double first = run.turn(0).loss();
            double last = first;
            for (int turn = 1; turn < 15; turn++) {
                last = run.turn(turn).loss();
            }
            return last - first;
        }
    }

    private static float[] uniform(float value) {
        float[] pixels = new float[SmallWorld.SIZE];
        Arrays.fill(pixels, value);
        return pixels;
    }
}
