package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaddedConvolutionsTest {

    private static final float ZERO = 0;

    @Test
    void theConvolutionTakesThePaddingToItsOwn() {
        List<NodeProto> merged = merged(
                ZERO,
                pad("padded", new long[] {0, 0, 0, 1, 0, 0, 2, 3}),
                conv("y", "padded", Attributes.of("pads", new long[] {1, 1, 1, 1})));
        assertThat(merged).singleElement().satisfies(conv -> {
            assertThat(conv.getInput(0)).isEqualTo("x");
            assertThat(Attributes.integers(conv, "pads")).hasValue(new long[] {1, 2, 3, 4});
        });
    }

    @Test
    void aConvolutionWithoutPadsHasThoseOfThePadding() {
        List<NodeProto> merged = merged(
                ZERO,
                pad("padded", new long[] {0, 0, 0, 0, 0, 0, 1, 1}),
                conv("y", "padded", Attributes.of("auto_pad", "VALID")));
        assertThat(merged).singleElement().satisfies(conv -> {
            assertThat(Attributes.integers(conv, "pads")).hasValue(new long[] {0, 0, 1, 1});
            assertThat(Attributes.text(conv, "auto_pad", "NOTSET")).isEqualTo("NOTSET");
        });
    }

    @Test
    void whoElseReadsWhatIsPaddedStillFindsIt() {
        NodeProto pad = pad("padded", new long[] {0, 0, 1, 1, 0, 0, 1, 1});
        NodeProto pool = NodeProto.newBuilder()
                .setOpType("MaxPool")
                .addInput("padded")
                .addOutput("pooled")
                .build();
        List<NodeProto> merged = merged(ZERO, pad, conv("y", "padded"), pool);
        assertThat(merged).hasSize(3).contains(pad, pool);
        assertThat(merged.get(1).getInput(0)).isEqualTo("x");
    }

    @Test
    void paddingWithAnotherValueStays() {
        List<NodeProto> nodes = List.of(pad("padded", new long[] {0, 0, 1, 1, 0, 0, 1, 1}), conv("y", "padded"));
        assertThat(merged(1, nodes.toArray(NodeProto[]::new))).isEqualTo(nodes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0,1,1,1,0,0,1,1", "1,0,0,0,0,0,0,0", "0,0,-1,0,0,0,1,1"})
    void paddingOfChannelsOrImagesAndCroppingStay(String amounts) {
        long[] pads = java.util.Arrays.stream(amounts.split(","))
                .mapToLong(Long::parseLong)
                .toArray();
        List<NodeProto> nodes = List.of(pad("padded", pads), conv("y", "padded"));
        assertThat(merged(ZERO, nodes.toArray(NodeProto[]::new))).isEqualTo(nodes);
    }

    @Test
    void paddingByReflectionAndConvolutionsThatPadThemselvesStay() {
        long[] pads = {0, 0, 1, 1, 0, 0, 1, 1};
        NodeProto reflecting = pad("padded", pads).toBuilder()
                .addAttribute(Attributes.of("mode", "reflect"))
                .build();
        List<NodeProto> reflected = List.of(reflecting, conv("y", "padded"));
        assertThat(merged(ZERO, reflected.toArray(NodeProto[]::new))).isEqualTo(reflected);
        List<NodeProto> automatic =
                List.of(pad("padded", pads), conv("y", "padded", Attributes.of("auto_pad", "SAME_UPPER")));
        assertThat(merged(ZERO, automatic.toArray(NodeProto[]::new))).isEqualTo(automatic);
    }

    private static List<NodeProto> merged(float value, NodeProto... nodes) {
        GraphProto.Builder graph = GraphProto.newBuilder().addInitializer(Tensors.of("value", new float[] {value}));
        for (NodeProto node : nodes) {
            if (node.getOpType().equals("Pad")) {
                Attributes.integers(node, "test_amounts")
                        .ifPresent(pads -> graph.addInitializer(Tensors.of("amounts", pads, pads.length)));
            }
            graph.addNode(node);
        }
        ModelProto model = ModelProto.newBuilder().setGraph(graph).build();
        return PaddedConvolutions.of(model).getGraph().getNodeList();
    }

    private static NodeProto pad(String output, long[] amounts) {
        return NodeProto.newBuilder()
                .setOpType("Pad")
                .setName(output)
                .addAllInput(List.of("x", "amounts", "value"))
                .addOutput(output)
                .addAttribute(Attributes.of("test_amounts", amounts))
                .build();
    }

    private static NodeProto conv(String output, String input, AttributeProto... attributes) {
        return NodeProto.newBuilder()
                .setOpType("Conv")
                .setName(output)
                .addAllInput(List.of(input, "w"))
                .addOutput(output)
                .addAllAttribute(List.of(attributes))
                .build();
    }
}
