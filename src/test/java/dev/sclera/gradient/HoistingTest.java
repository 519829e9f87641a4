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

/** {@code y = x·(2w)² + w}, and {@code z = 2w}, of which the square depends on w alone. */
class HoistingTest {

    @Test
    void whatDependsOnTheChosenInputsAloneIsComputedApart() throws Exception {
        Hoisting hoisting = Hoisting.of(model(), Set.of("w")).orElseThrow();
        assertThat(hoisting.once().getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("Add", "Mul");
        assertThat(Values.names(hoisting.each().getGraph().getInputList()))
                .as("w itself is still read")
                .containsExactly("x", "w", "square");
        assertThat(hoisting.each().getGraph().getNodeList())
                .extracting(NodeProto::getName)
                .doesNotContain("square");

        Map<String, TensorProto> inputs = new HashMap<>();
        inputs.put("x", Tensors.of("x", new float[] {1, -2}, 2));
        inputs.put("w", Tensors.of("w", new float[] {3, 0.5f}, 2));
        try (Runtime once = new Runtime(hoisting.once(), OptLevel.ALL_OPT)) {
            inputs.putAll(once.run(inputs));
        }
        Map<String, float[]> results = Runtime.run(hoisting.each(), OptLevel.ALL_OPT, inputs);
        assertThat(results.get("y")).containsExactly(39, -1.5f);
        assertThat(results.get("z")).containsExactly(6, 1);
    }

    @Test
    void whereNothingDependsOnThemAloneThereIsNothingToDo() {
        ModelProto.Builder model = model().toBuilder();
        model.getGraphBuilder().removeNode(4).removeNode(3).removeNode(2).removeNode(1);
        model.getGraphBuilder().removeOutput(0);
        assertThat(Hoisting.of(model.build(), Set.of("w")))
                .as("what is an output of the graph stays in it")
                .isEmpty();
    }

    private static ModelProto model() {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(GraphProto.newBuilder()
                        .setName("square")
                        .addInput(Values.of("x", TensorProto.DataType.FLOAT_VALUE, 2))
                        .addInput(Values.of("w", TensorProto.DataType.FLOAT_VALUE, 2))
                        .addNode(node("Add", "z", "w", "w"))
                        .addNode(node("Add", "double", "w", "w"))
                        .addNode(node("Mul", "square", "double", "double"))
                        .addNode(node("Mul", "product", "x", "square"))
                        .addNode(node("Add", "y", "product", "w"))
                        .addOutput(Values.of("y", TensorProto.DataType.FLOAT_VALUE, 2))
                        .addOutput(Values.of("z", TensorProto.DataType.FLOAT_VALUE, 2)))
                .build();
    }

    private static NodeProto node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }
}
