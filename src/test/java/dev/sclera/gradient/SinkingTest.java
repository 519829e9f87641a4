package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * {@code moved} is the square of x {@code [2,3]}, transposed and then flattened; {@code kept} is transposed too, but
 * {@code read} comes of what is transposed; {@code turned} is x itself, transposed.
 */
class SinkingTest {

    private static final Map<String, TensorProto> INPUTS =
            Map.of("x", Tensors.of("x", new float[] {1, 2, 3, 4, 5, 6}, 2, 3));

    private final Sinking sinking = Sinking.of(model(), Set.of("moved", "kept", "read", "turned"));

    @Test
    void sumsThatAreOrderedLaterAreTheSumsOfWhatIsInOrder() throws Exception {
        Map<String, TensorProto> made = new HashMap<>(run(sinking.each(), INPUTS));
        assertThat(Tensors.floats(made.get("moved"))).containsExactly(1, 4, 9, 16, 25, 36);
        assertThat(Tensors.shape(made.get("moved"))).containsExactly(2, 3);
        Map<String, TensorProto> twice = Map.of("moved", Tensors.of("moved", new float[] {2, 8, 18, 32, 50, 72}, 2, 3));
        TensorProto ordered = run(sinking.after(), twice).get(Sinking.inOrder("moved"));
        assertThat(Tensors.floats(ordered)).containsExactly(2, 32, 8, 50, 18, 72);
        assertThat(Tensors.shape(ordered)).containsExactly(6);
    }

    @Test
    void whatIsReadOnTheWayOrNotComputedStays() throws Exception {
        assertThat(sinking.sunk()).containsExactly("moved");
        Map<String, TensorProto> made = run(sinking.each(), INPUTS);
        Map<String, TensorProto> whole = run(model(), INPUTS);
        for (String output : List.of("kept", "read", "turned")) {
            assertThat(Tensors.floats(made.get(output))).as(output).containsExactly(Tensors.floats(whole.get(output)));
            assertThat(Tensors.shape(made.get(output))).as(output).containsExactly(Tensors.shape(whole.get(output)));
        }
    }

    @Test
    void anotherShapeOfTheSameValuesNeedNotBeComputed() throws Exception {
        ModelProto shapeless = Sinking.withoutLastReshapes(model());
        assertThat(shapeless.getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .doesNotContain("Reshape");
        TensorProto moved = run(shapeless, INPUTS).get("moved");
        assertThat(Tensors.floats(moved)).containsExactly(1, 16, 4, 25, 9, 36);
        assertThat(Tensors.shape(moved)).containsExactly(3, 2);
    }

    /** {@code count} is an integer, flattened; {@code flat} and {@code read} come of one product. */
    @Test
    void onlyFloatsLoseTheirShapeAndWhatIsReadFurtherKeepsItsValue() throws Exception {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("shapes");
        GraphBuilder builder = new GraphBuilder(graph, 17, "n/");
        graph.addInput(Values.of("x", TensorProto.DataType.FLOAT_VALUE, 2, 3));
        String square = builder.multiply("x", "x");
        builder.addNamed("flat", "Reshape", List.of(square, builder.longs(6)));
        builder.addNamed("read", "Neg", List.of(square));
        builder.addNamed("count", "Reshape", List.of(builder.add("Shape", List.of(square)), builder.longs(2, 1)));
        graph.addOutput(Values.of("flat", TensorProto.DataType.FLOAT_VALUE, 6));
        graph.addOutput(Values.of("read", TensorProto.DataType.FLOAT_VALUE, 2, 3));
        graph.addOutput(Values.of("count", TensorProto.DataType.INT64_VALUE, 2, 1));
        ModelProto shapeless =
                Sinking.withoutLastReshapes(model().toBuilder().setGraph(graph).build());
        assertThat(shapeless.getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactlyInAnyOrder("Mul", "Neg", "Shape", "Reshape");
        Map<String, TensorProto> made = run(shapeless, INPUTS);
        assertThat(Tensors.shape(made.get("flat"))).containsExactly(2, 3);
        assertThat(Tensors.floats(made.get("flat"))).containsExactly(1, 4, 9, 16, 25, 36);
        assertThat(Tensors.floats(made.get("read"))).containsExactly(-1, -4, -9, -16, -25, -36);
        assertThat(Tensors.longs(made.get("count"))).containsExactly(2, 3);
        assertThat(Tensors.shape(made.get("count"))).containsExactly(2, 1);
    }

    @Test
    void whereNothingIsMovedAtTheEndThereIsNothingToDo() {
        Sinking none = Sinking.of(model(), Set.of("kept", "read"));
        assertThat(none.each()).isEqualTo(model());
        assertThat(none.sunk()).isEmpty();
    }

    private static Map<String, TensorProto> run(ModelProto model, Map<String, TensorProto> inputs) throws Exception {
        return Runtime.tensors(model, OptLevel.ALL_OPT, inputs);
    }

    private static ModelProto model() {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("moves");
        GraphBuilder builder = new GraphBuilder(graph, 17, "n/");
        graph.addInput(Values.of("x", TensorProto.DataType.FLOAT_VALUE, 2, 3));
        String square = builder.multiply("x", "x");
        builder.addNamed("moved", "Reshape", List.of(builder.transpose(square, 1, 0), builder.longs(6)));
        String sum = builder.plus("x", "x");
        String transposed = builder.transpose(sum, 1, 0);
        builder.addNamed("kept", "Identity", List.of(transposed));
        builder.addNamed("read", "Neg", List.of(transposed));
        builder.addNamed("turned", "Transpose", List.of("x"), Attributes.of("perm", new long[] {1, 0}));
        graph.addOutput(Values.of("moved", TensorProto.DataType.FLOAT_VALUE, 6));
        for (String output : List.of("kept", "read", "turned")) {
            graph.addOutput(Values.of(output, TensorProto.DataType.FLOAT_VALUE, 3, 2));
        }
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
    }
}
