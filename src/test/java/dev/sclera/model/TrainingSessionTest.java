package dev.sclera.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.sclera.gradient.BlockSize;
import dev.sclera.gradient.Optimiser;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.problem.UnusableInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two steps of a tiny grader against PyTorch 2.13 in float64: the net and weights of {@code TinyGrader.seeded(1)}, six
 * images whose value k of image i is {@code ((7k + 31i) mod 256)/255}, labels 0 to 4 and 0, the loss
 * {@code (F.cross_entropy(net((x − 0.5)/0.5), y, reduction="none") * w).sum() / w.sum()} with weights 1, 1, 1, 0.5, 2,
 * 1.
 */
class TrainingSessionTest {

    private static final int SIDE = 16;
    private static final Optimiser MOMENTUM = new Optimiser.Sgd(0.9, 0.01, false);

    @BeforeAll
    static void engine() {
        Grader.openRuntime();
    }

    /** {@code torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01)}. */
    @Test
    void stepsByMomentumAsPyTorchDoes() {
        try (TrainingSession session = session(TrainedLayers.ALL, MOMENTUM)) {
            assertThat(session.step(batch(session), 0.1).mean()).isCloseTo(2.495272453279104, within(1e-5));
            assertThat(session.step(batch(session), 0.1).mean()).isCloseTo(2.102269365381799, within(1e-5));
            Map<String, float[]> weights = session.weights();
            close(
                    weights.get("fc.bias"),
                    0.03423985345705114,
                    -0.06152030154790931,
                    -0.21969948942851303,
                    -0.10657747031365707,
                    0.01875759597010876);
            assertThat(weights.get("conv.bias")[2]).isCloseTo(-0.3207707753952799f, within(1e-5f));
            assertThat(weights.get("conv.weight")[0]).isCloseTo(0.16998941664655506f, within(1e-5f));
            assertThat(weights.get("conv.weight")[215]).isCloseTo(0.7517574226836694f, within(1e-5f));
            assertThat(weights.get("fc.weight")[39]).isCloseTo(0.13092813561039698f, within(1e-5f));
        }
    }

    /** {@code torch.optim.AdamW(p, lr=0.01, weight_decay=0.05)}. */
    @Test
    void stepsByAdamAsPyTorchDoes() {
        try (TrainingSession session = session(TrainedLayers.ALL, new Optimiser.AdamW(0.9, 0.999, 1e-8, 0.05))) {
            session.step(batch(session), 0.01);
            assertThat(session.step(batch(session), 0.01).mean()).isCloseTo(2.2776274988484024, within(1e-5));
            Map<String, float[]> weights = session.weights();
            close(
                    weights.get("fc.bias"),
                    -0.01398923846896393,
                    -0.07882987208984683,
                    -0.1142460135970347,
                    -0.08096999283521847,
                    -0.027449011379205746);
            assertThat(weights.get("conv.weight")[215]).isCloseTo(0.7471415699351642f, within(1e-5f));
        }
    }

    @Test
    void trainsTheChosenLayersAlone() {
        try (TrainingSession session = session(TrainedLayers.HEAD, MOMENTUM)) {
            assertThat(session.weights()).containsOnlyKeys("fc.weight", "fc.bias");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ALL", "HEAD"})
    void runsInBlocksWhereTheRuntimeHasThem(TrainedLayers layers) {
        for (Optimiser optimiser : List.of(MOMENTUM, new Optimiser.AdamW(0.9, 0.999, 1e-8, 0.05))) {
            try (TrainingSession session = session(layers, optimiser)) {
                assertThat(session.isBlocked()).isEqualTo(BlockSize.detect().isPresent());
            }
        }
    }

    @Test
    void aSessionThatIsRestoredToWhereItWasForgetsWhatCameAfter() {
        try (TrainingSession session = session(TrainedLayers.ALL, MOMENTUM)) {
            session.step(batch(session), 0.1);
            byte[] saved = session.save();
            session.step(batch(session), 0.1);
            byte[] further = session.save();
            session.restore(saved);
            session.step(batch(session), 0.1);
            assertThat(session.save()).isEqualTo(further);
        }
    }

    @Test
    void aStepThatFailedCanBeMadeAgain() {
        try (TrainingSession session = session(TrainedLayers.ALL, MOMENTUM);
                TrainingSession other = session(TrainedLayers.ALL, MOMENTUM)) {
            TrainingSession.Batch batch = batch(session);
            TrainingSession.Batch broken = new TrainingSession.Batch(
                    (place, pixels) -> {
                        throw new IllegalStateException("image %d is gone".formatted(place));
                    },
                    batch.labels(),
                    batch.weights());
            // as many failures as would use up all that a step has at hand
            for (int i = 0; i < 2 + Runtime.getRuntime().availableProcessors(); i++) {
                assertThatThrownBy(() -> session.step(broken, 0.1)).hasMessageContaining("is gone");
            }
            session.step(batch, 0.1);
            other.step(batch, 0.1);
            assertThat(session.save()).isEqualTo(other.save());
        }
    }

    @Test
    void aSessionThatIsRestoredGoesOnToTheBit() {
        Optimiser adam = new Optimiser.AdamW(0.9, 0.999, 1e-8, 0.05);
        try (TrainingSession whole = session(TrainedLayers.ALL, adam);
                TrainingSession later = session(TrainedLayers.ALL, adam)) {
            whole.step(batch(whole), 0.01);
            byte[] saved = whole.save();
            whole.step(batch(whole), 0.01);
            later.restore(saved);
            later.step(batch(later), 0.01);
            assertThat(later.save()).isEqualTo(whole.save());
        }
    }

    @Test
    void writtenWeightsAreAllThatDiffers() throws Exception {
        byte[] original = TinyGrader.seeded(1).onnx();
        try (TrainingSession session = session(TrainedLayers.ALL, MOMENTUM)) {
            session.step(batch(session), 0.1);
            byte[] written = ModelWeights.write(original, session.weights(), Map.of("made", "by a test"));
            ModelProto.Builder undone = ModelProto.parseFrom(written).toBuilder();
            assertThat(undone.build().getMetadataProps(0).getValue()).isEqualTo("by a test");
            assertThat(undone.getGraph().getInitializerList())
                    .isNotEqualTo(ModelProto.parseFrom(original).getGraph().getInitializerList());
            undone.clearMetadataProps();
            undone.getGraphBuilder()
                    .clearInitializer()
                    .addAllInitializer(ModelProto.parseFrom(original).getGraph().getInitializerList());
            assertThat(undone.build()).isEqualTo(ModelProto.parseFrom(original));
        }
    }

    @Test
    void aModelOfOneImageAtATimeTrainsButNotInPairs() {
        ModelProto single = TinyGrader.seeded(1).batch(1).proto();
        TrainingSetup setup = new TrainingSetup(TrainedLayers.ALL, TrainingGraph.Normalisation.FIXED, MOMENTUM, 0, 0);
        try (TrainingSession session =
                TrainingSession.load("tiny", single, descriptor(), setup, SIDE, SIDE, Processor.CPU)) {
            assertThat(session.step(batch(session), 0.1).mean()).isCloseTo(2.495272453279104, within(1e-5));
        }
        TrainingSetup pairs = new TrainingSetup(TrainedLayers.ALL, TrainingGraph.Normalisation.FIXED, MOMENTUM, 0, 6);
        assertThatThrownBy(() -> TrainingSession.load("tiny", single, descriptor(), pairs, SIDE, SIDE, Processor.CPU))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("batch of 1")
                .hasMessageContaining("pairs");
    }

    @Test
    void slopesOfTheImagesAreThoseOfTheLossAndOfTheirPlaces() {
        TrainingSetup setup =
                new TrainingSetup(TrainedLayers.ALL, TrainingGraph.Normalisation.FIXED, MOMENTUM, 0, 0, true);
        try (TrainingSession session = TrainingSession.load(
                "tiny", TinyGrader.seeded(1).proto(), descriptor(), setup, SIDE, SIDE, Processor.CPU)) {
            TrainingSession.Batch batch = batch(session);
            int images = batch.labels().length;
            float[][] slopes = new float[images][];
            List<Integer> places = new ArrayList<>();
            session.step(batch, 0, (place, slope) -> {
                places.add(place);
                slopes[place] = slope.clone();
            });
            assertThat(places)
                    .as("in the batch's order")
                    .isEqualTo(IntStream.range(0, images).boxed().toList());
            assertThat(slopes[images - 1])
                    .as("one that only fills the micro-batch")
                    .containsOnly(0f);
            for (int place = 0; place < 6; place++) {
                double length = 0;
                for (float value : slopes[place]) {
                    length += (double) value * value;
                }
                length = Math.sqrt(length);
                double step = 0.02;
                double up = session.step(moved(batch, place, slopes[place], step / length), 0)
                        .sum();
                double down = session.step(moved(batch, place, slopes[place], -step / length), 0)
                        .sum();
                assertThat((up - down) / (2 * step)).as("image %d", place).isCloseTo(length, withinPercentage(2));
            }
        }
    }

    private static TrainingSession.Batch moved(TrainingSession.Batch batch, int moved, float[] along, double factor) {
        return new TrainingSession.Batch(
                (place, pixels) -> {
                    batch.source().fill(place, pixels);
                    for (int i = 0; i < pixels.length && place == moved; i++) {
                        pixels[i] += (float) (factor * along[i]);
                    }
                },
                batch.labels(),
                batch.weights());
    }

    private static TrainingSession session(TrainedLayers layers, Optimiser optimiser) {
        TrainingSetup setup = new TrainingSetup(layers, TrainingGraph.Normalisation.FIXED, optimiser, 0, 0);
        return TrainingSession.load(
                "tiny", TinyGrader.seeded(1).proto(), descriptor(), setup, SIDE, SIDE, Processor.CPU);
    }

    private static ModelDescriptor descriptor() {
        List<Double> half = List.of(0.5, 0.5, 0.5);
        return new ModelDescriptor(
                ModelDescriptor.SCHEMA,
                "input",
                "logits",
                SIDE,
                SIDE,
                ModelDescriptor.Layout.NCHW,
                ModelDescriptor.Channels.RGB,
                1,
                half,
                half,
                ModelDescriptor.OutputKind.LOGITS,
                5);
    }

    /** The six images, and what fills the last micro-batch: images that count nothing. */
    private static TrainingSession.Batch batch(TrainingSession session) {
        int micro = session.microBatch();
        int places = (6 + micro - 1) / micro * micro;
        int[] labels = new int[places];
        float[] weights = new float[places];
        for (int i = 0; i < 6; i++) {
            labels[i] = i % 5;
            weights[i] = new float[] {1, 1, 1, 0.5f, 2, 1}[i];
        }
        return new TrainingSession.Batch(TrainingSessionTest::fill, labels, weights);
    }

    private static void fill(int place, float[] pixels) {
        for (int k = 0; k < pixels.length; k++) {
            pixels[k] = (k * 7 + place * 31) % 256 / 255f;
        }
    }

    private static void close(float[] actual, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("value %d", i).isCloseTo(expected[i], within(1e-5));
        }
        assertThat(actual).hasSize(expected.length);
    }
}
