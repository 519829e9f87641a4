package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeOpsetTest {

    private static final long[] SHAPE = {2, 4, 3, 5};

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ReduceL1",
                "ReduceL2",
                "ReduceLogSum",
                "ReduceLogSumExp",
                "ReduceMax",
                "ReduceMean",
                "ReduceMin",
                "ReduceProd",
                "ReduceSumSquare"
            })
    void aReductionComputesTheSame(String reduction) throws Exception {
        assertSame(model().node(
                        reduction,
                        List.of("x"),
                        "y",
                        Attributes.of("axes", new long[] {1, 3}),
                        Attributes.of("keepdims", 0L))
                .output("y"));
    }

    @Test
    void aReductionOverAllComputesTheSame() throws Exception {
        assertSame(model().node("ReduceMean", List.of("x"), "y").output("y"));
    }

    @Test
    void aSplitInEqualPartsComputesTheSame() throws Exception {
        NodeProto split = ModelMaker.made("Split", List.of("x"), "a", Attributes.of("axis", 1L)).toBuilder()
                .addOutput("b")
                .build();
        assertSame(model().node(split).node("Sub", List.of("a", "b"), "y").output("y"));
        NodeProto withoutSizes = split.toBuilder().addInput("").build();
        assertSame(
                model().node(withoutSizes).node("Sub", List.of("a", "b"), "y").output("y"));
    }

    @Test
    void aMeaningThatChangedKeepsTheOpset() {
        ModelProto model = model().node(
                        "AveragePool",
                        List.of("x"),
                        "y",
                        Attributes.of("kernel_shape", new long[] {2, 2}),
                        Attributes.of("ceil_mode", 1L))
                .output("y");
        assertThat(RuntimeOpset.of(model)).isSameAs(model);
    }

    @Test
    void aLaterOpsetStays() {
        ModelProto model =
                new ModelMaker(22).input(SHAPE).node("Relu", List.of("x"), "y").output("y");
        assertThat(RuntimeOpset.of(model)).isSameAs(model);
    }

    private static ModelMaker model() {
        return new ModelMaker(13).input(SHAPE);
    }

    private static void assertSame(ModelProto model) throws Exception {
        ModelProto raised = RuntimeOpset.of(model);
        assertThat(StaticGraph.opset(raised)).isEqualTo(RuntimeOpset.OPSET);
        float[] values = new float[120];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.5f + (i * 37 % 120) / 120f;
        }
        Map<String, TensorProto> images = Map.of("x", Tensors.of("x", values, SHAPE));
        assertThat(Runtime.run(raised, OptLevel.NO_OPT, images).get("y"))
                .isEqualTo(Runtime.run(model, OptLevel.NO_OPT, images).get("y"));
    }
}
