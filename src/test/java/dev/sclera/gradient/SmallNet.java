package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Small models for tests, whose values are given by a formula that other languages compute too: value i of a tensor is
 * {@code shift + scale·sin(seed + 1.7·i)}.
 */
final class SmallNet {

    static final int BATCH = 4;

    private SmallNet() {}

    static float[] fill(int count, double seed, double scale, double shift) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (shift + scale * Math.sin(seed + 1.7 * i));
        }
        return values;
    }

    private static TensorProto weight(String name, double seed, double scale, double shift, long... shape) {
        return Tensors.of(name, fill(Tensors.size(shape), seed, scale, shift), shape);
    }

    static ValueInfoProto value(String name, long... shape) {
        return Values.of(name, TensorProto.DataType.FLOAT_VALUE, shape);
    }

    static ModelProto model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
    }

    /** Conv (stride 2) → BatchNormalization → Relu → GlobalAveragePool → Gemm: {@code [4,2,7,7] → [4,3]}. */
    static ModelProto classifier() {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("small");
        GraphBuilder nodes = new GraphBuilder(graph, 17, "");
        graph.addInput(value("images", BATCH, 2, 7, 7)).addOutput(value("scores", BATCH, 3));
        graph.addInitializer(weight("conv.weight", 1, 0.5, 0, 4, 2, 3, 3));
        graph.addInitializer(weight("conv.bias", 2, 0.3, 0, 4));
        graph.addInitializer(weight("bn.weight", 3, 0.4, 1, 4));
        graph.addInitializer(weight("bn.bias", 4, 0.2, 0, 4));
        graph.addInitializer(weight("bn.running_mean", 5, 0.1, 0, 4));
        graph.addInitializer(weight("bn.running_var", 6, 0.3, 0.8, 4));
        graph.addInitializer(weight("fc.weight", 7, 0.9, 0, 3, 4));
        graph.addInitializer(weight("fc.bias", 8, 0.1, 0, 3));
        nodes.addNamed(
                "convolved",
                "Conv",
                List.of("images", "conv.weight", "conv.bias"),
                Attributes.of("strides", new long[] {2, 2}),
                Attributes.of("pads", new long[] {1, 1, 1, 1}));
        nodes.addNamed(
                "normalised",
                "BatchNormalization",
                List.of("convolved", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"),
                Attributes.of("momentum", 0.8f));
        nodes.addNamed("activated", "Relu", List.of("normalised"));
        nodes.addNamed("pooled", "GlobalAveragePool", List.of("activated"));
        nodes.addNamed("flat", "Flatten", List.of("pooled"));
        nodes.addNamed("scores", "Gemm", List.of("flat", "fc.weight", "fc.bias"), Attributes.of("transB", 1L));
        return model(graph);
    }

    /** A classifier whose logits are its input: {@code [n,classes] → [n,classes]}. */
    static ModelProto identity(int batch, int classes) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("identity");
        graph.addInput(value("images", batch, classes)).addOutput(value("scores", batch, classes));
        float[] unit = new float[classes * classes];
        for (int i = 0; i < classes; i++) {
            unit[i * classes + i] = 1;
        }
        graph.addInitializer(Tensors.of("unit", unit, classes, classes));
        new GraphBuilder(graph, 17, "").addNamed("scores", "MatMul", List.of("images", "unit"));
        return model(graph);
    }

    static Map<String, TensorProto> batch() {
        Map<String, TensorProto> inputs = new HashMap<>();
        inputs.put("images", Tensors.of("images", fill(BATCH * 98, 9, 1, 0), BATCH, 2, 7, 7));
        inputs.put(GradientGraph.LABELS, Tensors.of(GradientGraph.LABELS, new long[] {0, 1, 2, 1}, BATCH));
        inputs.put(TrainingGraph.WEIGHTS, Tensors.of(TrainingGraph.WEIGHTS, new float[] {1, 1, 1, 0.5f}, BATCH));
        return inputs;
    }
}
