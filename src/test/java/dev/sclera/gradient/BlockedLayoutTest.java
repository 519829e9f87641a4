package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the standard graph, run without any of the runtime's optimisations. */
class BlockedLayoutTest {

    private static final int BATCH = 3;

    private static final TrainingGraph.Training PLAIN_TRAINING = new TrainingGraph.Training(
            new Loss.CrossEntropy(),
            parameter -> true,
            new Optimiser.Sgd(0, 0, false),
            TrainingGraph.Normalisation.FIXED);

    /** What a small network does to {@code [n, 3, 21, 18]} images, before the pooling and the classifier. */
    private interface Body {

        String build(Network network, String images);
    }

    static Stream<Arguments> networks() {
        return Stream.of(
                network("odd channels", (n, x) -> n.conv(n.relu(n.conv(x, 3, 21, 3, 1, 1, 1)), 21, 13, 3, 1, 1, 1)),
                network("aligned channels", (n, x) -> n.conv(n.relu(n.conv(x, 3, 32, 3, 1, 1, 1)), 32, 16, 1, 1, 0, 1)),
                network(
                        "channels that fill no block",
                        (n, x) -> n.conv(n.relu(n.conv(x, 3, 20, 3, 1, 1, 1)), 20, 44, 3, 2, 1, 1)),
                network(
                        "stride 2 on odd lengths",
                        (n, x) -> n.conv(n.relu(n.conv(x, 3, 16, 7, 2, 3, 1)), 16, 32, 3, 2, 1, 1)),
                network(
                        "stride 3 beyond the kernel",
                        (n, x) -> n.conv(n.relu(n.conv(x, 3, 16, 3, 1, 1, 1)), 16, 32, 2, 3, 0, 1)),
                network("aligned groups", (n, x) -> n.conv(n.relu(n.conv(x, 3, 64, 3, 1, 1, 1)), 64, 64, 3, 2, 1, 2)),
                network("small groups", (n, x) -> n.conv(n.relu(n.conv(x, 3, 24, 3, 1, 1, 1)), 24, 24, 3, 1, 1, 4)),
                network("depthwise", (n, x) -> n.conv(n.clip(n.conv(x, 3, 24, 3, 1, 1, 1)), 24, 24, 5, 2, 2, 24)),
                network("residual with stride", (n, x) -> {
                    String y = n.relu(n.conv(x, 3, 16, 3, 1, 1, 1));
                    return n.relu(n.add(n.conv(y, 16, 32, 3, 2, 1, 1), n.conv(y, 16, 32, 1, 2, 0, 1)));
                }),
                network(
                        "maximum with pads",
                        (n, x) -> n.conv(
                                n.maxPool(n.relu(n.conv(x, 3, 16, 3, 1, 1, 1)), 3, 2, 1, 0), 16, 16, 3, 1, 1, 1)),
                network(
                        "maximum below zero",
                        (n, x) -> n.conv(n.maxPool(n.conv(x, 3, 16, 3, 1, 1, 1), 3, 2, 1, 1), 16, 16, 3, 1, 1, 1)),
                network(
                        "maximum with ceil_mode",
                        (n, x) -> n.conv(
                                n.maxPool(n.relu(n.conv(x, 3, 16, 3, 1, 1, 1)), 2, 2, 0, 1), 16, 16, 3, 1, 1, 1)),
                network(
                        "averages",
                        (n, x) -> n.averagePool(
                                n.averagePool(n.relu(n.conv(x, 3, 16, 3, 1, 1, 1)), 2, 2, 0, 1), 3, 1, 1, 0)),
                network(
                        "tiled average",
                        (n, x) -> n.averagePool(
                                n.conv(n.relu(n.conv(x, 3, 16, 3, 1, 1, 1)), 16, 32, 2, 1, 0, 1), 4, 4, 0, 0)),
                network("squeeze and excite", (n, x) -> {
                    String y = n.silu(n.conv(x, 3, 32, 3, 2, 1, 1));
                    String z = n.silu(n.conv(n.pooled(y), 32, 4, 1, 1, 0, 1));
                    String gate = n.node("Sigmoid", List.of(n.conv(z, 4, 32, 1, 1, 0, 1)));
                    return n.conv(n.node("Mul", List.of(gate, y)), 32, 24, 1, 1, 0, 1);
                }),
                network(
                        "from below",
                        (n, x) -> n.conv(n.clip(n.conv(x, 3, 16, 3, 1, 1, 1), 0.2f, null), 16, 16, 3, 1, 1, 1)),
                network(
                        "from above",
                        (n, x) -> n.conv(n.clip(n.conv(x, 3, 16, 3, 1, 1, 1), null, 0.3f), 16, 16, 3, 1, 1, 1)),
                network(
                        "about zero",
                        (n, x) -> n.conv(n.clip(n.conv(x, 3, 16, 3, 1, 1, 1), -0.5f, 0.4f), 16, 16, 3, 1, 1, 1)),
                network(
                        "without bounds",
                        (n, x) -> n.conv(
                                n.clip(n.conv(x, 3, 16, 3, 1, 1, 1), -Float.MAX_VALUE, Float.MAX_VALUE),
                                16,
                                16,
                                3,
                                1,
                                1,
                                1)),
                network(
                        "clipped in the fallback",
                        (n, x) -> n.averagePool(n.clip(n.conv(x, 3, 16, 3, 1, 1, 1), 0f, 0.5f), 2, 2, 0, 1)),
                network(
                        "a ReLU of a ReLU",
                        (n, x) -> n.conv(n.clip(n.relu(n.conv(x, 3, 16, 3, 1, 1, 1)), 0.1f, 0.6f), 16, 16, 3, 1, 1, 1)),
                network(
                        "hard swish",
                        (n, x) ->
                                n.conv(n.node("HardSwish", List.of(n.conv(x, 3, 16, 3, 1, 1, 1))), 16, 16, 3, 1, 1, 1)),
                network(
                        "normalised before a smooth function",
                        (n, x) -> n.conv(
                                n.node("Tanh", List.of(n.normalized(n.conv(x, 3, 16, 3, 1, 1, 1), 16))),
                                16,
                                16,
                                3,
                                1,
                                1,
                                1)),
                network("slices that overlap", (n, x) -> {
                    String y = n.relu(n.conv(x, 3, 48, 3, 1, 1, 1));
                    return n.conv(n.add(n.channels(y, 0, 32), n.channels(y, 16, 48)), 32, 16, 3, 1, 1, 1);
                }),
                network("slices that leave a gap", (n, x) -> {
                    String y = n.relu(n.conv(x, 3, 48, 3, 1, 1, 1));
                    return n.conv(n.add(n.channels(y, 0, 16), n.channels(y, 32, 48)), 16, 16, 3, 1, 1, 1);
                }),
                network("slices that repeat", (n, x) -> {
                    String y = n.relu(n.conv(x, 3, 48, 3, 1, 1, 1));
                    String twice = n.add(n.channels(y, 0, 16), n.relu(n.channels(y, 0, 16)));
                    return n.conv(n.add(n.conv(twice, 16, 32, 1, 1, 0, 1), n.channels(y, 16, 48)), 32, 16, 3, 1, 1, 1);
                }),
                network("slices of which the last fills no block", (n, x) -> {
                    String y = n.relu(n.conv(x, 3, 20, 3, 1, 1, 1));
                    String z = n.conv(n.channels(y, 16, 20), 4, 16, 3, 1, 1, 1);
                    return n.conv(n.add(n.channels(y, 0, 16), z), 16, 16, 3, 1, 1, 1);
                }),
                network("channels that are worth fewer products", BlockedLayoutTest::worthFewerProducts),
                network(
                        "three taps of five",
                        (n, x) -> n.conv(n.relu(n.conv(n.cropped(x), 3, 112, 3, 1, 1, 1)), 112, 112, 5, 2, 2, 1)),
                network("averages between dense blocks", (n, x) -> {
                    String y = n.conv(n.relu(n.conv(n.cropped(x), 3, 64, 3, 1, 1, 1)), 64, 32, 1, 1, 0, 1);
                    String z = n.conv(n.relu(n.averagePool(y, 2, 2, 0, 0)), 32, 20, 1, 1, 0, 1);
                    return n.conv(n.averagePool(z, 2, 2, 0, 0), 20, 16, 3, 1, 1, 1);
                }),
                network("a beginning before a pooling", beginning(32, 3, 1)),
                network("a beginning whose channels fill no block", beginning(20, 2, 0)),
                network("a beginning of which phases are not seen", beginning(32, 1, 0)),
                network(
                        "a transposed convolution before a pooling",
                        (n, x) -> n.maxPool(
                                n.relu(n.convTransposed(n.conv(x, 3, 32, 3, 1, 1, 1), 32, 16, 2, 0)), 2, 2, 0, 0)),
                network(
                        "a transposed convolution of which phases see nothing",
                        (n, x) -> n.maxPool(
                                n.relu(n.convTransposed(n.conv(x, 3, 32, 3, 1, 1, 1), 32, 16, 1, 1)), 2, 2, 0, 0)),
                network(
                        "a transposed convolution of whose results the last are its bias alone",
                        (n, x) -> n.maxPool(
                                n.relu(n.convTransposed(n.conv(x, 3, 32, 3, 1, 1, 1), 32, 16, 3, 1)), 2, 2, 0, 0)),
                network("dense", (n, x) -> {
                    String y = n.conv(x, 3, 32, 3, 1, 1, 1);
                    String z = n.conv(n.relu(n.normalized(y, 32)), 32, 16, 3, 1, 1, 1);
                    String both = n.node("Concat", List.of(y, z), Attributes.of("axis", 1L));
                    return n.conv(n.relu(n.normalized(both, 48)), 48, 16, 1, 1, 0, 1);
                }));
    }

    /** As ResNet begins, but for the pooling's window: the slope through it comes by phases. */
    private static Body beginning(int channels, int window, int pad) {
        return (n, x) -> {
            String y = n.relu(n.conv(n.cropped(x), 3, channels, 7, 2, 3, 1));
            return n.conv(n.maxPool(y, window, 2, pad, 0), channels, 16, 3, 1, 1, 1);
        };
    }

    /** Three convolutions whose slopes {@link WinogradConv} computes; another slope is added to the first's. */
    private static String worthFewerProducts(Network n, String x) {
        String y = n.relu(n.conv(n.cropped(x), 3, 112, 3, 1, 1, 1));
        String z = n.relu(n.add(n.conv(y, 112, 112, 3, 1, 1, 1), y));
        return n.conv(n.clip(n.conv(z, 112, 128, 3, 1, 1, 1), 0f, 3f), 128, 112, 3, 1, 1, 1);
    }

    private static Arguments network(String name, Body body) {
        return Arguments.of(name, body);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void computesWhatTheStandardGraphComputes(String name, Body body) throws Exception {
        assertAgreement(new Network(name).finish(body), 11);
        assertAgreement(new Network(name, 1).finish(body), 1, 16);
    }

    /** What squeezes and excites one image is values per channel, which convolutions take in their own pass. */
    @Test
    void valuesPerChannelOfOneImageAreNeitherSpreadNorReordered() throws Exception {
        int block = Runtime.block();
        ModelProto classifier = new Network("excited", 1).finish((n, x) -> {
            String y = n.relu(n.conv(x, 3, 32, 3, 1, 1, 1));
            String gate = n.node(
                    "Sigmoid", List.of(n.conv(n.relu(n.conv(n.pooled(y), 32, 8, 1, 1, 0, 1)), 8, 32, 1, 1, 0, 1)));
            String z = n.conv(n.node("Mul", List.of(gate, y)), 32, 16, 3, 1, 1, 1);
            return n.relu(z);
        });
        ModelProto standard = gradient(classifier, 1);
        ModelProto blocked = BlockedLayout.of(standard, block);
        assertThat(spreads(standard)).as("the standard graph").isEqualTo(2);
        assertThat(spreads(blocked)).as("but for the slope of the last pooling").isEqualTo(1);
        assertThat(blocked.getGraph().getNodeList())
                .filteredOn(node -> node.getOpType().equals("Conv"))
                .as("convolutions of the slopes and the images")
                .allMatch(node -> node.getDomain().equals(BlockedGraph.DOMAIN));
        assertThat(blocked.getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .as("reordered is the image's slope at most")
                .filteredOn(type -> type.startsWith("Reorder"))
                .hasSizeLessThanOrEqualTo(1);
        assertAgreement(classifier, 1, 17);
    }

    private static long spreads(ModelProto model) {
        return model.getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("Expand"))
                .count();
    }

    /**
     * Column phases of stride 2 become one convolution over columns moved apart, where the taps of both span three
     * columns at most; a kernel of five does not, nor one of which a phase has no tap.
     */
    @ParameterizedTest
    @CsvSource({"3,1,true", "2,0,true", "3,0,true", "5,2,false", "1,0,false"})
    void movesColumnsApartWhereTapsAreFew(int kernel, int pad, boolean apart) throws Exception {
        int block = Runtime.block();
        ModelProto classifier = new Network("columns " + kernel + pad)
                .finish((n, x) -> n.conv(n.relu(n.conv(x, 3, 32, 3, 1, 1, 1)), 32, 32, kernel, 2, pad, 32));
        ModelProto standard = gradient(classifier, BATCH);
        List<NodeProto> nodes = BlockedLayout.of(standard, block).getGraph().getNodeList();
        assertThat(nodes.stream().filter(node -> node.getOpType().equals("Pad")).count())
                .as("images whose columns are moved apart")
                .isEqualTo(apart ? 1 : 0);
        assertAgreement(classifier, 14);
    }

    /** PyTorch's ReLU6 lets no slope through at its bounds, nor beyond: exactly, in both layouts. */
    @Test
    void aClipLetsNothingThroughAtItsBounds() throws Exception {
        int block = Runtime.block();
        float[] values = {-1, -0f, 0, Float.MIN_NORMAL, 0.5f, Math.nextDown(1f), 1, Math.nextUp(1f), 2};
        float[] passed = {0, 0, 0, 1, 1, 1, 0, 0, 0};
        Network network = new Network("bounds");
        int channels = 16;
        float[] ones = new float[channels];
        float[] different = new float[channels];
        for (int channel = 0; channel < channels; channel++) {
            ones[channel] = 1;
            different[channel] = 1 + channel;
        }
        ModelProto classifier = network.finish((n, x) -> {
            // the first convolution gives the images' own values, in blocks; the second tells the channels apart
            String spread =
                    n.node("Concat", Collections.nCopies(channels, n.firstChannel(x)), Attributes.of("axis", 1L));
            return n.perChannel(n.clip(n.perChannel(spread, ones)), different);
        });
        ModelProto standard = gradient(classifier, BATCH);
        Map<String, TensorProto> inputs = new HashMap<>();
        float[] images = new float[BATCH * 3 * 21 * 18];
        for (int i = 0; i < images.length; i++) {
            images[i] = values[i % values.length];
        }
        inputs.put("images", Tensors.of("images", images, BATCH, 3, 21, 18));
        inputs.put(GradientGraph.LABELS, Tensors.of(GradientGraph.LABELS, new long[] {0, 0, 0}, BATCH));
        ModelProto blocked = BlockedLayout.of(standard, block);
        assertThat(blocked.getGraph().getNodeList())
                .as("what the bounds let through is told by bytes")
                .anyMatch(node -> node.getOpType().equals("DequantizeLinear"))
                .noneMatch(node -> node.getOpType().equals("HardSigmoid"));
        for (ModelProto graph : List.of(standard, blocked)) {
            float[] slope = Runtime.run(graph, OrtSession.SessionOptions.OptLevel.ALL_OPT, inputs)
                    .get(GradientGraph.GRADIENT);
            for (int i = 0; i < 21 * 18; i++) {
                assertThat(slope[i] != 0).as("through %s", images[i]).isEqualTo(passed[i % values.length] == 1);
            }
        }
    }

    /** Else the runtime joins them, and then computes late, and so keeps, what it could do without. */
    @Test
    void slicesThatShareOutTheChannelsBecomeOneSplit() throws Exception {
        int block = Runtime.block();
        ModelProto classifier = new Network("shared out").finish((n, x) -> {
            String y = n.relu(n.conv(x, 3, 32, 3, 1, 1, 1));
            String z = n.relu(n.conv(y, 32, 16, 3, 1, 1, 1));
            return n.conv(n.node("Concat", List.of(y, z), Attributes.of("axis", 1L)), 48, 16, 1, 1, 0, 1);
        });
        ModelProto standard = gradient(classifier, BATCH);
        assertThat(BlockedLayout.of(standard, block).getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .contains("Split")
                .doesNotContain("Slice");
        assertAgreement(classifier, 15);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void trainsAsTheStandardGraphDoes(String name, Body body) throws Exception {
        int block = Runtime.block();
        ModelProto classifier = new Network(name).finish(body);
        TrainingGraph standard = TrainingGraph.sums(classifier, GradientGraph.Output.LOGITS, BATCH, PLAIN_TRAINING);
        TrainingGraph inBlocks =
                TrainingGraph.sumsInBlocks(classifier, GradientGraph.Output.LOGITS, BATCH, PLAIN_TRAINING);
        Map<String, TensorProto> inputs = new HashMap<>();
        standard.variables().forEach(variable -> inputs.put(variable.input(), variable.initial()));
        inputs.put("images", Tensors.of("images", Network.gaussian(BATCH * 3 * 21 * 18, 13), BATCH, 3, 21, 18));
        inputs.put(GradientGraph.LABELS, Tensors.of(GradientGraph.LABELS, new long[] {0, 2, 1}, BATCH));
        inputs.put(TrainingGraph.WEIGHTS, Tensors.of(TrainingGraph.WEIGHTS, new float[] {1, 0.5f, 2}, BATCH));
        Map<String, float[]> expected =
                Runtime.run(standard.model(), OrtSession.SessionOptions.OptLevel.NO_OPT, inputs);

        Hoisting hoisting = Hoisting.of(BlockedLayout.of(inBlocks.model(), block), parameters(standard))
                .orElseThrow();
        Sinking sinking = Sinking.of(hoisting.each(), sums(standard));
        inputs.putAll(run(hoisting.once(), inputs));
        Map<String, TensorProto> made = run(RuntimeOrder.earlyOutputs(sinking.each()), inputs);
        Map<String, TensorProto> ordered = run(sinking.after(), made);
        assertThat(made).containsOnlyKeys(expected.keySet());
        expected.forEach((output, values) -> assertThat(Errors.relative(
                        Tensors.floats(
                                sinking.sunk().contains(output)
                                        ? ordered.get(Sinking.inOrder(output))
                                        : made.get(output)),
                        values))
                .as(output)
                .isLessThan(1e-4));
    }

    /** Each channel of the result is one of the image, clipped, so that what is at a bound is there exactly. */
    @ParameterizedTest
    @ValueSource(floats = {1, 6, 0.3f, 20, 1e-3f, 7.7f})
    void letsSlopesThroughBetweenTheVeryBoundsOfAClip(float bound) throws Exception {
        int block = Runtime.block();
        float[] pick = new float[16 * 3];
        for (int output = 0; output < 16; output++) {
            pick[output * 3 + output % 3] = 1;
        }
        ModelProto classifier = new Network("bounds")
                .finish((n, x) -> n.clip(n.node("Conv", List.of(x, n.builder.floats(pick, 16, 3, 1, 1))), 0f, bound));
        ModelProto blocked = BlockedLayout.of(gradient(classifier, BATCH), block);
        assertThat(blocked.getGraph().getNodeList())
                .filteredOn(node -> node.getOpType().equals("QuantizeLinear"))
                .hasSize(2);
        float[] values = {
            -bound,
            -Float.MIN_NORMAL,
            0,
            Float.MIN_NORMAL,
            bound / 3,
            Math.nextDown(bound),
            bound,
            Math.nextUp(bound),
            2 * bound
        };
        boolean[] open = {false, false, false, true, true, true, false, false, false};
        float[] pixels = new float[BATCH * 3 * 21 * 18];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = values[i % values.length];
        }
        float[] slopes =
                run(blocked, OrtSession.SessionOptions.OptLevel.ALL_OPT, pixels).get(GradientGraph.GRADIENT);
        for (int i = 0; i < slopes.length; i++) {
            assertThat(slopes[i] != 0).as("a slope at %s", pixels[i]).isEqualTo(open[i % values.length]);
        }
    }

    /** The parts of the turn, against the three graphs that it consists of, one after another. */
    @ParameterizedTest
    @MethodSource("turns")
    void turnsFromStepToStepAsTheGraphsApartDo(Optimiser optimiser, int opset, int most) throws Exception {
        int block = Runtime.block();
        ModelProto ofOpset17 = new Network("turn").finish((n, x) -> {
            String y = n.relu(n.conv(n.relu(n.conv(n.cropped(x), 3, 32, 3, 1, 1, 1)), 32, 112, 1, 1, 0, 1));
            return n.conv(n.relu(n.conv(y, 112, 112, 3, 1, 1, 1)), 112, 48, 3, 2, 1, 1);
        });
        ModelProto classifier = NormalForm.withOpset(ofOpset17, opset).build();
        TrainingGraph sums = TrainingGraph.sumsInBlocks(classifier, GradientGraph.Output.LOGITS, BATCH, PLAIN_TRAINING);
        TrainingGraph update = TrainingGraph.update(
                TrainingGraph.sums(classifier, GradientGraph.Output.LOGITS, BATCH, PLAIN_TRAINING), optimiser);
        Hoisting hoisting = Hoisting.of(BlockedLayout.of(sums.model(), block), parameters(sums))
                .orElseThrow();
        Sinking sinking = Sinking.of(hoisting.each(), sums(sums));
        Map<String, TensorProto> inputs = new HashMap<>();
        update.variables().forEach(variable -> inputs.put(variable.input(), started(variable.initial())));
        sinking.each()
                .getGraph()
                .getOutputList()
                .forEach(sum -> inputs.put(sum.getName(), noise(sum.getName(), Values.shape(sum))));
        inputs.put(TrainingGraph.WEIGHT, Tensors.of(TrainingGraph.WEIGHT, new float[] {3}));
        inputs.put(TrainingGraph.LEARNING_RATE, Tensors.of(TrainingGraph.LEARNING_RATE, new float[] {0.1f}));

        Map<String, TensorProto> ordered = new HashMap<>(inputs);
        run(sinking.after(), inputs)
                .forEach((name, sum) -> ordered.put(
                        name.substring(0, name.length() - Sinking.inOrder("").length()), sum));
        Map<String, TensorProto> expected = new HashMap<>(run(update.model(), ordered));
        Map<String, TensorProto> parameters = new HashMap<>();
        update.variables().forEach(variable -> parameters.put(variable.input(), expected.get(variable.output())));
        expected.putAll(run(hoisting.once(), parameters));

        ModelProto turn = TurnGraph.of(sinking, update, hoisting.once());
        Map<String, TensorProto> actual = new HashMap<>();
        for (ModelProto part : GraphParts.of(turn, most)) {
            Map<String, TensorProto> outputs = run(Sinking.withoutLastReshapes(part), inputs);
            assertThat(actual).doesNotContainKeys(outputs.keySet().toArray(String[]::new));
            actual.putAll(outputs);
        }
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach((output, tensor) -> {
            if (tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
                assertThat(Tensors.floats(actual.get(output))).as(output).containsExactly(Tensors.floats(tensor));
            } else {
                assertThat(Tensors.longs(actual.get(output))).as(output).containsExactly(Tensors.longs(tensor));
            }
        });
    }

    static Stream<Arguments> turns() {
        Optimiser momentum = new Optimiser.Sgd(0.9, 1e-2, true);
        Optimiser adam = new Optimiser.AdamW(0.9, 0.999, 1e-8, 0.05);
        return Stream.of(
                Arguments.of(momentum, 17, 2),
                Arguments.of(adam, 17, 2),
                Arguments.of(adam, 21, 2),
                // the count of steps is in a part by itself
                Arguments.of(adam, 17, 64));
    }

    /** What a variable may be after a few steps; squares, and with them all, are above zero. */
    private static TensorProto started(TensorProto initial) {
        String name = initial.getName();
        long[] shape = Tensors.shape(initial);
        if (initial.getDataType() != TensorProto.DataType.FLOAT_VALUE) {
            return Tensors.of(name, new long[] {3}, shape);
        }
        float[] values = Tensors.floats(noise(name, shape));
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return Tensors.of(name, values, shape);
    }

    private static TensorProto noise(String name, long[] shape) {
        return Tensors.of(name, Network.gaussian(Tensors.size(shape), name.hashCode()), shape);
    }

    private static Map<String, TensorProto> run(ModelProto model, Map<String, TensorProto> inputs) throws Exception {
        return Runtime.tensors(model, OrtSession.SessionOptions.OptLevel.ALL_OPT, inputs);
    }

    private static Set<String> sums(TrainingGraph graph) {
        return graph.variables(TrainingGraph.Kind.SUM).stream()
                .map(TrainingGraph.Variable::input)
                .collect(Collectors.toSet());
    }

    private static Set<String> parameters(TrainingGraph graph) {
        return graph.variables(TrainingGraph.Kind.PARAMETER).stream()
                .map(TrainingGraph.Variable::input)
                .collect(Collectors.toSet());
    }

    @Test
    void turnsAKernelOverByWholeSquares() {
        int block = Runtime.block();
        ModelProto classifier = new Network("squares")
                .finish((n, x) -> n.conv(n.relu(n.conv(x, 3, 64, 3, 1, 1, 1)), 64, 32, 3, 2, 1, 1));
        TrainingGraph sums = TrainingGraph.sumsInBlocks(classifier, GradientGraph.Output.LOGITS, BATCH, PLAIN_TRAINING);
        Hoisting hoisting = Hoisting.of(BlockedLayout.of(sums.model(), block), parameters(sums))
                .orElseThrow();
        assertThat(hoisting.once().getGraph().getNodeList())
                .as("the four phases of the slope pick from one kernel that is turned once")
                .filteredOn(node -> node.getOpType().equals("Transpose"))
                .extracting(node -> Attributes.integers(node, "perm").orElseThrow())
                .containsExactlyInAnyOrder(
                        new long[] {0, 2, 1}, new long[] {0, 2, 1}, new long[] {0, 2, 1, 3}, new long[] {0, 2, 1});
        assertThat(hoisting.once().getGraph().getNodeList())
                .filteredOn(node -> node.getOpType().equals("Gather"))
                .hasSize(4);
    }

    /** As ResNet begins: the slope through the pooling comes by phases, and so it is convolved. */
    @Test
    void convolvesThePhasesOfAnImageThatIsNotPutTogether() throws Exception {
        int block = Runtime.block();
        Body body = beginning(32, 3, 1);
        ModelProto classifier = new Network("begin", 1).finish(body);
        ModelProto blocked = BlockedLayout.of(gradient(classifier, 1), block);
        Map<String, long[]> shapes = TensorTypes.of(blocked).shapes();
        assertThat(blocked.getGraph().getNodeList())
                .filteredOn(node -> node.getOpType().equals("Conv"))
                .filteredOn(node -> shapes.get(node.getInput(1))[0] == 48)
                .as("the slope of four pixels each way and three colours, of four phases")
                .extracting(node -> shapes.get(node.getInput(0)))
                .containsExactly(
                        Collections.nCopies(4, new long[] {1, 32, 5, 4}).toArray(long[][]::new));
        assertAgreement(classifier, 1, 21);
        assertAgreement(new Network("beginning").finish(body), 22);
    }

    @Test
    void computesWithFewerProductsTheSlopesAloneAndNotTheNetwork() throws Exception {
        int block = Runtime.block();
        ModelProto classifier = new Network("fewer products", 1).finish(BlockedLayoutTest::worthFewerProducts);
        ModelProto standard = gradient(classifier, 1);
        assertThat(matrixProducts(standard)).isZero();
        assertThat(matrixProducts(BlockedLayout.of(standard, block)))
                .as("pixels of sixteen products, of each slope")
                .isEqualTo(3);
        assertAgreement(classifier, 1, 18);
    }

    @Test
    void sumsTheTapsOfATrainedKernelOnceAStep() {
        int block = Runtime.block();
        ModelProto classifier = new Network("summed taps").finish(BlockedLayoutTest::worthFewerProducts);
        TrainingGraph sums = TrainingGraph.sumsInBlocks(classifier, GradientGraph.Output.LOGITS, BATCH, PLAIN_TRAINING);
        Hoisting hoisting = Hoisting.of(BlockedLayout.of(sums.model(), block), parameters(sums))
                .orElseThrow();
        assertThat(matrixProducts(hoisting.once()))
                .as("sixteen sums of each kernel's taps")
                .isEqualTo(3);
        assertThat(matrixProducts(hoisting.each()))
                .as("pixels of sixteen products, of each slope")
                .isEqualTo(3);
        assertThat(hoisting.once().getGraph().getNodeList())
                .filteredOn(node -> node.getOpType().equals("Transpose"))
                .as("of the first kernel its outputs innermost; of the others too, their squares as a kernel and tap by"
                        + " tap, and the sums' squares turned over")
                .hasSize(1 + 3 * 4);
    }

    private static long matrixProducts(ModelProto model) {
        return model.getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("MatMul"))
                .count();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "resnet_basic",
                "resnet_bottleneck",
                "vgg",
                "mobilenetv2",
                "densenet",
                "squeezenet",
                "efficientnet_folded",
                "mobilenetv3",
                "shufflenet",
                "convnext",
                "vit"
            })
    void computesWhatTheStandardGraphComputesForWholeNetworks(String network) throws Exception {
        Path file = References.folder().resolve(network + ".onnx");
        assertAgreement(ModelProto.parseFrom(Files.readAllBytes(file)), 12);
    }

    private static ModelProto gradient(ModelProto classifier, int images) {
        return GradientGraph.derive(classifier, GradientGraph.Output.LOGITS, images, new Loss.CrossEntropy())
                .model();
    }

    private static void assertAgreement(ModelProto classifier, long seed) throws Exception {
        assertAgreement(classifier, BATCH, seed);
    }

    private static void assertAgreement(ModelProto classifier, int images, long seed) throws Exception {
        int block = Runtime.block();
        ModelProto standard = gradient(classifier, images);
        ModelProto blocked = BlockedLayout.of(standard, block);
        assertThat(blocked.getGraph().getNodeList())
                .anyMatch(node -> node.getDomain().equals(BlockedGraph.DOMAIN));
        Map<String, float[]> expected = run(standard, OrtSession.SessionOptions.OptLevel.NO_OPT, seed);
        Map<String, float[]> actual = run(blocked, OrtSession.SessionOptions.OptLevel.ALL_OPT, seed);
        expected.forEach((output, values) -> {
            double largest = 0;
            double difference = 0;
            for (int i = 0; i < values.length; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
                difference = Math.max(difference, Math.abs(values[i] - actual.get(output)[i]));
            }
            assertThat(largest).as(output).isPositive();
            assertThat(difference / largest).as(output).isLessThan(1e-4);
        });
    }

    private static Map<String, float[]> run(ModelProto model, OrtSession.SessionOptions.OptLevel level, long seed)
            throws Exception {
        Random random = new Random(seed);
        float[] pixels = new float[Tensors.size(Values.shape(images(model)))];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return run(model, level, pixels);
    }

    private static ValueInfoProto images(ModelProto model) {
        return model.getGraph().getInputList().stream()
                .filter(value -> !value.getName().equals(GradientGraph.LABELS))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, float[]> run(ModelProto model, OrtSession.SessionOptions.OptLevel level, float[] pixels)
            throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        ValueInfoProto input = images(model);
        long[] shape = Values.shape(input);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(level);
            BlockedLayout.configure(options, model);
            try (OrtSession session = environment.createSession(model.toByteArray(), options);
                    OnnxTensor images = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
                    OnnxTensor labels = OnnxTensor.createTensor(
                            environment, LongBuffer.wrap(new long[] {0, 2, 1}, 0, (int) shape[0]), new long[] {shape[0]
                            });
                    OrtSession.Result result =
                            session.run(Map.of(input.getName(), images, GradientGraph.LABELS, labels))) {
                return Stream.of(GradientGraph.LOGITS, GradientGraph.LOSSES, GradientGraph.GRADIENT)
                        .collect(Collectors.toMap(output -> output, output -> floats(result, output)));
            }
        }
    }

    private static float[] floats(OrtSession.Result result, String output) {
        FloatBuffer buffer = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    /** A classifier of random weights under construction; the name seeds them. */
    private static final class Network {

        private final GraphProto.Builder graph = GraphProto.newBuilder().setName("network");
        private final GraphBuilder builder = new GraphBuilder(graph, 17, "n/");
        private final Random random;
        private final int batch;

        Network(String name) {
            this(name, BATCH);
        }

        Network(String name, int batch) {
            random = new Random(name.hashCode());
            this.batch = batch;
        }

        ModelProto finish(Body body) {
            graph.addInput(value("images", batch, 3, 21, 18));
            String features = body.build(this, "images");
            String vector = node("Flatten", List.of(pooled(features)), Attributes.of("axis", 1L));
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("Identity")
                    .addInput(vector)
                    .addOutput("logits"));
            graph.addOutput(value("logits"));
            return ModelProto.newBuilder()
                    .setIrVersion(8)
                    .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                    .setGraph(graph)
                    .build();
        }

        String node(String operator, List<String> inputs, AttributeProto... attributes) {
            return builder.add(operator, inputs, attributes);
        }

        String conv(String x, int inputs, int outputs, int kernel, int stride, int pad, int groups) {
            String weight = builder.floats(
                    values(outputs * inputs / groups * kernel * kernel, Math.sqrt(2.0 * groups / inputs) / kernel),
                    outputs,
                    inputs / groups,
                    kernel,
                    kernel);
            return node(
                    "Conv",
                    List.of(x, weight, builder.floats(values(outputs, 0.1), outputs)),
                    Attributes.of("strides", new long[] {stride, stride}),
                    Attributes.of("pads", new long[] {pad, pad, pad, pad}),
                    Attributes.of("group", (long) groups));
        }

        /** In steps of two. */
        String convTransposed(String x, int inputs, int outputs, int kernel, int more) {
            String weight = builder.floats(
                    values(inputs * outputs * kernel * kernel, Math.sqrt(2.0 / inputs)),
                    inputs,
                    outputs,
                    kernel,
                    kernel);
            return node(
                    "ConvTranspose",
                    List.of(x, weight, builder.floats(values(outputs, 0.1), outputs)),
                    Attributes.of("strides", new long[] {2, 2}),
                    Attributes.of("output_padding", new long[] {more, more}));
        }

        String perChannel(String x, float... factors) {
            return node(
                    "Conv", List.of(x, builder.floats(factors, factors.length, 1, 1, 1)), Attributes.of("group", (long)
                            factors.length));
        }

        /** Of even height and width. */
        String cropped(String x) {
            return builder.slice(x, new long[] {0, 0}, new long[] {20, 16}, new long[] {2, 3});
        }

        String channels(String x, long from, long to) {
            return builder.slice(x, new long[] {from}, new long[] {to}, new long[] {1});
        }

        String clip(String x, @Nullable Float low, @Nullable Float high) {
            String least = low == null ? "" : builder.scalar(low);
            return high == null
                    ? node("Clip", List.of(x, least))
                    : node("Clip", List.of(x, least, builder.scalar(high)));
        }

        String firstChannel(String x) {
            return builder.slice(x, new long[] {0}, new long[] {1}, new long[] {1});
        }

        String relu(String x) {
            return node("Relu", List.of(x));
        }

        String clip(String x) {
            return node("Clip", List.of(x, builder.scalar(0), builder.scalar(1)));
        }

        String silu(String x) {
            return node("Mul", List.of(x, node("Sigmoid", List.of(x))));
        }

        String add(String a, String b) {
            return node("Add", List.of(a, b));
        }

        String pooled(String x) {
            return node("GlobalAveragePool", List.of(x));
        }

        String normalized(String x, int channels) {
            float[] variance = values(channels, 1);
            for (int i = 0; i < channels; i++) {
                variance[i] = 0.5f + Math.abs(variance[i]);
            }
            return node(
                    "BatchNormalization",
                    List.of(
                            x,
                            builder.floats(values(channels, 1), channels),
                            builder.floats(values(channels, 1), channels),
                            builder.floats(values(channels, 1), channels),
                            builder.floats(variance, channels)));
        }

        String maxPool(String x, int kernel, int stride, int pad, int ceil) {
            return node("MaxPool", List.of(x), pooling(kernel, stride, pad, ceil));
        }

        String averagePool(String x, int kernel, int stride, int pad, int ceil) {
            return node("AveragePool", List.of(x), pooling(kernel, stride, pad, ceil));
        }

        private static AttributeProto[] pooling(int kernel, int stride, int pad, int ceil) {
            return new AttributeProto[] {
                Attributes.of("kernel_shape", new long[] {kernel, kernel}),
                Attributes.of("strides", new long[] {stride, stride}),
                Attributes.of("pads", new long[] {pad, pad, pad, pad}),
                Attributes.of("ceil_mode", (long) ceil)
            };
        }

        static float[] gaussian(int count, long seed) {
            return new Network(Long.toString(seed)).values(count, 1);
        }

        private float[] values(int count, double deviation) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
            return values;
        }

        private static ValueInfoProto value(String name, long... shape) {
            TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
            for (long dimension : shape) {
                dimensions.addDim(Dimension.newBuilder().setDimValue(dimension));
            }
            TypeProto.Tensor.Builder tensor =
                    TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE);
            if (shape.length > 0) {
                tensor.setShape(dimensions);
            }
            return ValueInfoProto.newBuilder()
                    .setName(name)
                    .setType(TypeProto.newBuilder().setTensorType(tensor))
                    .build();
        }
    }
}
