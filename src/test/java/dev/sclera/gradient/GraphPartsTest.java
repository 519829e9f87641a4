package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Of a, b and c, each times the square of a scalar: {@code a1} and {@code a2} of a, {@code b1} of b, {@code c1} of c.
 */
class GraphPartsTest {

    @Test
    void outputsOfOneTensorStayTogetherAndPartsAreOfLikeSize() {
        assertThat(GraphParts.of(model(), 2))
                .extracting(part -> Values.names(part.getGraph().getOutputList()))
                .containsExactlyInAnyOrder(List.of("a1", "a2"), List.of("b1", "c1"));
    }

    @Test
    void moreThanThereIsToDoApartAreNotMade() {
        assertThat(GraphParts.of(model(), 16)).hasSize(3);
        assertThat(GraphParts.of(model(), 1)).hasSize(1);
        assertThat(GraphParts.of(
                        model().toBuilder()
                                .setGraph(GraphProto.newBuilder().setName("none"))
                                .build(),
                        2))
                .isEmpty();
    }

    @Test
    void thePartsComputeWhatTheWholeComputes() throws Exception {
        Map<String, TensorProto> inputs = new HashMap<>();
        inputs.put("s", Tensors.of("s", new float[] {3}));
        for (String name : List.of("a", "b", "c")) {
            inputs.put(name, Tensors.of(name, new float[] {1, -2, name.charAt(0)}, 3));
        }
        Map<String, float[]> whole = Runtime.run(model(), OptLevel.ALL_OPT, inputs);
        Map<String, float[]> together = new HashMap<>();
        for (ModelProto part : GraphParts.of(model(), 2)) {
            together.putAll(Runtime.run(part, OptLevel.ALL_OPT, inputs));
        }
        assertThat(together).containsOnlyKeys(whole.keySet());
        whole.forEach((output, values) -> assertThat(together.get(output)).containsExactly(values));
    }

    private static ModelProto model() {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("products");
        GraphBuilder builder = new GraphBuilder(graph, 17, "n/");
        graph.addInput(Values.of("s", TensorProto.DataType.FLOAT_VALUE));
        String square = builder.multiply("s", "s");
        for (String name : List.of("a", "b", "c")) {
            graph.addInput(Values.of(name, TensorProto.DataType.FLOAT_VALUE, 3));
            String product = builder.multiply(name, square);
            builder.addNamed(name + "1", "Neg", List.of(product));
            graph.addOutput(Values.of(name + "1", TensorProto.DataType.FLOAT_VALUE, 3));
            if (name.equals("a")) {
                builder.addNamed("a2", "Abs", List.of(product));
                graph.addOutput(Values.of("a2", TensorProto.DataType.FLOAT_VALUE, 3));
            }
        }
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
    }
}
