package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import org.junit.jupiter.api.Test;

class NestedConcatsTest {

    @Test
    void aConcatenationThatBeginsAsAnEarlierOneTakesItAndTheRest() {
        List<NodeProto> nested = nested(
                concat("ab", 1, "a", "b"), concat("abc", 1, "a", "b", "c"), concat("abcd", 1, "a", "b", "c", "d"));
        assertThat(nested.get(0).getInputList()).containsExactly("a", "b");
        assertThat(nested.get(1).getInputList()).containsExactly("ab", "c");
        assertThat(nested.get(2).getInputList())
                .as("the longest beginning, though it was itself nested")
                .containsExactly("abc", "d");
        assertThat(nested).extracting(NodeProto::getName).containsExactly("ab", "abc", "abcd");
    }

    @Test
    void anotherAxisOrderOrLengthIsNoBeginning() {
        List<NodeProto> nodes = List.of(
                concat("rows", 2, "a", "b"),
                concat("turned", 1, "b", "a"),
                concat("single", 1, "a"),
                concat("whole", 1, "a", "b", "c"));
        assertThat(nested(nodes.toArray(NodeProto[]::new))).isEqualTo(nodes);
    }

    @Test
    void theSameConcatenationTwiceStaysAsItIs() {
        List<NodeProto> nodes = List.of(concat("one", 1, "a", "b"), concat("other", 1, "a", "b"));
        assertThat(nested(nodes.toArray(NodeProto[]::new))).isEqualTo(nodes);
    }

    private static List<NodeProto> nested(NodeProto... nodes) {
        ModelProto model = ModelProto.newBuilder()
                .setGraph(GraphProto.newBuilder().addAllNode(List.of(nodes)))
                .build();
        return NestedConcats.of(model).getGraph().getNodeList();
    }

    private static NodeProto concat(String name, long axis, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType("Concat")
                .setName(name)
                .addAllInput(List.of(inputs))
                .addOutput(name)
                .addAttribute(Attributes.of("axis", axis))
                .build();
    }
}
