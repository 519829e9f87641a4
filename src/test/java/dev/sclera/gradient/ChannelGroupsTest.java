package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChannelGroupsTest {

    private static final int SIDE = 96;
    private static final int CLASSES = 5;

    /** What lies between the two convolutions. */
    private enum Activation {
        RELU6,
        SILU,
        NONE
    }

    @ParameterizedTest
    @EnumSource
    void groupsComputeWhatTheWholeComputes(Activation activation) throws Exception {
        ModelProto classifier = inverted(activation, 64).output("logits");
        ModelProto whole = GradientGraph.derive(classifier, GradientGraph.Output.LOGITS, 1, new Loss.CrossEntropy())
                .model();
        ModelProto inGroups = GradientGraph.deriveForCaches(
                        classifier, GradientGraph.Output.LOGITS, 1, new Loss.CrossEntropy())
                .model();
        assertThat(convolutionsOf(inGroups)).isGreaterThan(convolutionsOf(whole));

        Map<String, TensorProto> inputs = Map.of(
                "x",
                Tensors.of("x", ModelMaker.uniform(7, 3 * SIDE * SIDE), 1, 3, SIDE, SIDE),
                GradientGraph.LABELS,
                Tensors.of(GradientGraph.LABELS, new long[] {2}, 1));
        Map<String, float[]> expected = Runtime.run(whole, OptLevel.NO_OPT, inputs);
        Map<String, float[]> actual = Runtime.run(inGroups, OptLevel.NO_OPT, inputs);
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach((output, values) -> assertThat(Errors.relative(actual.get(output), values))
                .as(output)
                .isLessThan(1e-5));
        OptionalInt block = BlockSize.detect();
        if (block.isPresent()) {
            Map<String, float[]> inBlocks =
                    Runtime.run(BlockedLayout.of(inGroups, block.getAsInt()), OptLevel.ALL_OPT, inputs);
            expected.forEach((output, values) -> assertThat(Errors.relative(inBlocks.get(output), values))
                    .as("%s in blocks", output)
                    .isLessThan(1e-4));
        }
    }

    /** At half the resolution there are fewer groups, of the same weights. */
    @Test
    void weightsMayBeSharedByConvolutionsInOtherGroups() throws Exception {
        long[] halves = {2, 2};
        ModelMaker maker = inverted(Activation.NONE, 256)
                .node(
                        "AveragePool",
                        List.of("x"),
                        "small",
                        Attributes.of("kernel_shape", new long[] {2, 1}),
                        Attributes.of("strides", new long[] {2, 1}))
                .node("Conv", List.of("small", "expand", "bias"), "expanded again")
                .node(
                        "Conv",
                        List.of("expanded again", "depthwise"),
                        "narrowed again",
                        Attributes.of("group", 256L),
                        Attributes.of("strides", halves))
                .node("GlobalAveragePool", List.of("narrowed"), "mean")
                .node("GlobalAveragePool", List.of("narrowed again"), "mean again")
                .node("Concat", List.of("mean", "mean again"), "means of both", Attributes.of("axis", 1L))
                .node("Flatten", List.of("means of both"), "both");
        StaticGraph source = StaticGraph.of(maker.output("both"), 1);
        StaticGraph grouped = ChannelGroups.of(source);
        assertThat(depthwise(grouped)).hasSize(8 + 4);
        assertThat(grouped.model().getGraph().getInitializerList())
                .extracting(TensorProto::getName)
                .as("the whole weights are read no more")
                .doesNotContain("expand", "depthwise");

        Map<String, TensorProto> images =
                Map.of("x", Tensors.of("x", ModelMaker.uniform(8, 3 * SIDE * SIDE), 1, 3, SIDE, SIDE));
        assertThat(Errors.relative(
                        Runtime.run(grouped.model(), OptLevel.NO_OPT, images).get("both"),
                        Runtime.run(source.model(), OptLevel.NO_OPT, images).get("both")))
                .isLessThan(1e-5);
    }

    /** Of 96 × 96 pixels, 56 channels are small enough; groups hold whole blocks of 16, and 32 channels at least. */
    @ParameterizedTest
    @CsvSource({"32,1", "48,1", "64,2", "80,1", "96,2", "128,4", "192,4", "320,10"})
    void thereAreAsManyGroupsAsFitTheCache(int channels, int groups) {
        StaticGraph source = StaticGraph.of(inverted(Activation.RELU6, channels).output("logits"), 1);
        StaticGraph grouped = ChannelGroups.of(source);
        assertThat(depthwise(grouped))
                .hasSize(groups)
                .allSatisfy(conv -> assertThat(grouped.shapes().get(conv.getOutput(0)))
                        .containsExactly(1, channels / groups, SIDE / 2, SIDE / 2));
    }

    @Test
    void whatSomethingElseReadsStaysWhole() {
        ModelMaker maker = inverted(Activation.RELU6, 64);
        ModelProto readElsewhere =
                maker.node("GlobalAveragePool", List.of("expanded"), "read").output("logits");
        assertUntouched(readElsewhere);
    }

    @Test
    void anOutputStaysWhole() {
        assertUntouched(inverted(Activation.RELU6, 64).output("expanded"));
    }

    private static void assertUntouched(ModelProto model) {
        StaticGraph source = StaticGraph.of(model, 1);
        assertThat(ChannelGroups.of(source)).isSameAs(source);
    }

    private static ModelMaker inverted(Activation activation, int channels) {
        ModelMaker maker = new ModelMaker(17)
                .input(1, 3, SIDE, SIDE)
                .random("expand", 1, channels, 3, 1, 1)
                .random("bias", 2, channels)
                .random("depthwise", 3, channels, 1, 3, 3)
                .random("project", 4, CLASSES, channels, 1, 1)
                .weight(Tensors.of("zero", new float[] {0}))
                .weight(Tensors.of("half", new float[] {0.5f}))
                .node("Conv", List.of("x", "expand", "bias"), "expanded");
        String active = switch (activation) {
            case NONE -> "expanded";
            case RELU6 -> {
                maker.node("Clip", List.of("expanded", "zero", "half"), "active");
                yield "active";
            }
            case SILU -> {
                maker.node("Sigmoid", List.of("expanded"), "sigmoid")
                        .node("Mul", List.of("expanded", "sigmoid"), "active");
                yield "active";
            }
        };
        return maker.node(
                        "Conv",
                        List.of(active, "depthwise"),
                        "narrowed",
                        Attributes.of("group", (long) channels),
                        Attributes.of("strides", new long[] {2, 2}),
                        Attributes.of("pads", new long[] {1, 1, 1, 1}))
                .node("Conv", List.of("narrowed", "project"), "scores")
                .node("GlobalAveragePool", List.of("scores"), "means")
                .node("Flatten", List.of("means"), "logits");
    }

    private static long convolutionsOf(ModelProto model) {
        return model.getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("Conv"))
                .count();
    }

    private static List<NodeProto> depthwise(StaticGraph graph) {
        return graph.model().getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("Conv") && Attributes.integer(node, "group", 1) > 1)
                .toList();
    }
}
