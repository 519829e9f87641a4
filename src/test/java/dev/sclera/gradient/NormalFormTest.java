package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The normal form computes what the model computed, as ONNX Runtime runs the two. */
class NormalFormTest {

    private static final long[] SHAPE = {2, 4, 6, 6};

    static Stream<Arguments> oldForms() {
        return Stream.of(
                old(7, "Clip", Attributes.of("min", -0.5f), Attributes.of("max", 0.25f)),
                old(9, "Clip", Attributes.of("max", 0.25f)),
                old(9, "Clip"),
                old(7, "Dropout", Attributes.of("ratio", 0.5f)),
                old(10, "Dropout", Attributes.of("ratio", 0.5f)),
                old(7, "Pad", Attributes.of("pads", new long[] {0, 0, 1, 2, 0, 0, 0, 1}), Attributes.of("value", 0.5f)),
                old(10, "Pad", Attributes.of("mode", "reflect"), Attributes.of("pads", new long[] {
                    0, 0, 1, 2, 0, 0, 0, 1
                })),
                old(
                        9,
                        "Slice",
                        Attributes.of("starts", new long[] {1, -3}),
                        Attributes.of("ends", new long[] {9, -1}),
                        Attributes.of("axes", new long[] {1, 3})),
                old(9, "Slice", Attributes.of("starts", new long[] {0, 1}), Attributes.of("ends", new long[] {2, 3})),
                old(7, "Upsample", Attributes.of("mode", "nearest"), ModelMaker.floats("scales", 1, 1, 2, 3)),
                old(8, "Upsample", Attributes.of("mode", "linear"), ModelMaker.floats("scales", 1, 1, 2, 2)),
                old(7, "Softmax"),
                old(9, "Softmax", Attributes.of("axis", 3L)),
                old(11, "Softmax", Attributes.of("axis", 2L)),
                old(12, "Softmax", Attributes.of("axis", -1L)),
                old(12, "LogSoftmax", Attributes.of("axis", 0L)),
                old(12, "Hardmax", Attributes.of("axis", 2L)),
                old(9, "ReduceSum", Attributes.of("axes", new long[] {2, 3}), Attributes.of("keepdims", 0L)),
                old(12, "ReduceSum"),
                old(11, "ReduceMean", Attributes.of("axes", new long[] {1})),
                old(11, "Unsqueeze", Attributes.of("axes", new long[] {0, 3})),
                old(7, "Flatten", Attributes.of("axis", 2L)),
                old(
                        7,
                        "MaxPool",
                        Attributes.of("kernel_shape", new long[] {3, 3}),
                        Attributes.of("strides", new long[] {2, 2})),
                old(7, "LeakyRelu", Attributes.of("alpha", 0.2f)));
    }

    private static Arguments old(long opset, String operator, AttributeProto... attributes) {
        return Arguments.of(
                operator + "-" + opset
                        + List.of(attributes).stream()
                                .map(AttributeProto::getName)
                                .toList(),
                new ModelMaker(opset)
                        .input(SHAPE)
                        .node(operator, List.of("x"), "y", attributes)
                        .output("y"));
    }

    static Stream<Arguments> oldFormsWithWeights() {
        TensorProto doubling = Tensors.of("scales", new float[] {1, 1, 2, 2}, 4);
        TensorProto halving = Tensors.of("scales", new float[] {1, 1, 0.5f, 0.5f}, 4);
        return Stream.of(
                Arguments.of(
                        "Upsample-9",
                        new ModelMaker(9)
                                .input(SHAPE)
                                .weight(doubling)
                                .node("Upsample", List.of("x", "scales"), "y", Attributes.of("mode", "nearest"))
                                .output("y")),
                Arguments.of(
                        "Resize-10 up",
                        new ModelMaker(10)
                                .input(SHAPE)
                                .weight(doubling)
                                .node("Resize", List.of("x", "scales"), "y", Attributes.of("mode", "linear"))
                                .output("y")),
                Arguments.of(
                        "Resize-10 down",
                        new ModelMaker(10)
                                .input(SHAPE)
                                .weight(halving)
                                .node("Resize", List.of("x", "scales"), "y", Attributes.of("mode", "nearest"))
                                .output("y")),
                Arguments.of(
                        "BatchNormalization-7",
                        new ModelMaker(7)
                                .input(SHAPE)
                                .random("s", 1, 4)
                                .random("b", 2, 4)
                                .random("m", 3, 4)
                                .weight(Tensors.of("v", new float[] {1, 2, 3, 4}, 4))
                                .node(
                                        "BatchNormalization",
                                        List.of("x", "s", "b", "m", "v"),
                                        "y",
                                        Attributes.of("spatial", 1L))
                                .output("y")),
                Arguments.of(
                        "Split-11",
                        new ModelMaker(11)
                                .input(SHAPE)
                                .node(ModelMaker.made(
                                                "Split",
                                                List.of("x"),
                                                "a",
                                                Attributes.of("axis", 1L),
                                                Attributes.of("split", new long[] {1, 3}))
                                        .toBuilder()
                                        .addOutput("y")
                                        .build())
                                .output("y")),
                Arguments.of(
                        "Squeeze-11",
                        new ModelMaker(11)
                                .input(SHAPE)
                                .node("ReduceMax", List.of("x"), "m", Attributes.of("axes", new long[] {2}))
                                .node("Squeeze", List.of("m"), "y", Attributes.of("axes", new long[] {2}))
                                .output("y")),
                Arguments.of(
                        "TopK-9",
                        new ModelMaker(9)
                                .input(SHAPE)
                                .node(ModelMaker.made(
                                                "TopK",
                                                List.of("x"),
                                                "y",
                                                Attributes.of("k", 3L),
                                                Attributes.of("axis", 3L))
                                        .toBuilder()
                                        .addOutput("unused")
                                        .build())
                                .output("y")),
                Arguments.of(
                        "Gemm-7",
                        new ModelMaker(7)
                                .input(2, 3)
                                .random("w", 1, 5, 3)
                                .random("b", 2, 5)
                                .node("Gemm", List.of("x", "w", "b"), "y", Attributes.of("transB", 1L))
                                .output("y")),
                Arguments.of(
                        "GroupNormalization-18",
                        new ModelMaker(18)
                                .input(SHAPE)
                                .random("s", 1, 2)
                                .random("b", 2, 2)
                                .node(
                                        "GroupNormalization",
                                        List.of("x", "s", "b"),
                                        "y",
                                        Attributes.of("num_groups", 2L),
                                        Attributes.of("epsilon", 0.01f))
                                .output("y")),
                Arguments.of(
                        "GroupNormalization-21",
                        new ModelMaker(21)
                                .input(SHAPE)
                                .random("s", 1, 4)
                                .random("b", 2, 4)
                                .node(
                                        "GroupNormalization",
                                        List.of("x", "s", "b"),
                                        "y",
                                        Attributes.of("num_groups", 2L))
                                .output("y")),
                Arguments.of(
                        "Scatter-9",
                        new ModelMaker(9)
                                .input(2, 3)
                                .weight(Tensors.of("i", new long[] {2, 0}, 1, 2))
                                .random("u", 1, 1, 2)
                                .node("Scatter", List.of("x", "i", "u"), "y", Attributes.of("axis", 1L))
                                .output("y")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"oldForms", "oldFormsWithWeights"})
    void computesWhatTheOldFormDid(String name, ModelProto model) throws OrtException {
        ModelProto unfolded = NormalForm.unfolded(model, 2);
        assertThat(NormalForm.opset(unfolded)).isGreaterThanOrEqualTo(13);
        assertSame(model, unfolded, 1e-6f);
        assertSame(model, NormalForm.of(model, 2), 1e-6f);
    }

    @Test
    void rewritesTheNodesWithinBranches() throws OrtException {
        GraphProto clip = GraphProto.newBuilder()
                .setName("then")
                .addNode(ModelMaker.made("Clip", List.of("x"), "t", Attributes.of("min", 0f)))
                .addOutput(ModelMaker.value("t", TensorProto.DataType.FLOAT_VALUE, SHAPE))
                .build();
        GraphProto negative = GraphProto.newBuilder()
                .setName("else")
                .addNode(ModelMaker.made("Neg", List.of("x"), "e"))
                .addOutput(ModelMaker.value("e", TensorProto.DataType.FLOAT_VALUE, SHAPE))
                .build();
        ModelProto model = new ModelMaker(9)
                .input(SHAPE)
                .weight(ModelMaker.bool("c", true))
                .node(
                        "If",
                        List.of("c"),
                        "y",
                        ModelMaker.graph("then_branch", clip),
                        ModelMaker.graph("else_branch", negative))
                .output("y");
        assertSame(model, NormalForm.unfolded(model, 2), 0);
        ModelProto folded = NormalForm.of(model, 2);
        assertThat(operators(folded)).containsExactly("Clip");
        assertSame(model, folded, 0);
    }

    @Test
    void writesOutALoopOfKnownLength() throws OrtException {
        ModelProto model = loop(Tensors.of("m", new long[] {3}), ModelMaker.bool("c", true));
        ModelProto normal = NormalForm.of(model, 2);
        assertThat(operators(normal))
                .doesNotContain("Loop")
                .filteredOn("Tanh"::equals)
                .hasSize(3);
        assertSame(model, normal, 1e-6f);
    }

    @Test
    void refusesALoopThatWouldFillTheMemory() {
        ModelProto model = loop(Tensors.of("m", new long[] {1_000_000_000_000L}), ModelMaker.bool("c", true));
        assertThatThrownBy(() -> NormalForm.of(model, 2))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("more than 100000 nodes");
    }

    /** y = tanh(w·(v + turn)) again and again, with the sum of all turns' values added. */
    private static ModelProto loop(TensorProto turns, TensorProto condition) {
        GraphProto body = GraphProto.newBuilder()
                .setName("body")
                .addInput(ModelMaker.value("turn", TensorProto.DataType.INT64_VALUE))
                .addInput(ModelMaker.value("on", TensorProto.DataType.BOOL_VALUE))
                .addInput(ModelMaker.value("v", TensorProto.DataType.FLOAT_VALUE, SHAPE))
                .addInitializer(Tensors.of("half", new float[] {0.5f}))
                .addNode(ModelMaker.made("Cast", List.of("turn"), "number", Attributes.of("to", 1L)))
                .addNode(ModelMaker.made("Add", List.of("v", "number"), "moved"))
                .addNode(ModelMaker.made("Mul", List.of("moved", "half"), "scaled"))
                .addNode(ModelMaker.made("Mul", List.of("scaled", "w"), "weighted"))
                .addNode(ModelMaker.made("Tanh", List.of("weighted"), "next"))
                .addNode(ModelMaker.made("Identity", List.of("on"), "still"))
                .addOutput(ModelMaker.value("still", TensorProto.DataType.BOOL_VALUE))
                .addOutput(ModelMaker.value("next", TensorProto.DataType.FLOAT_VALUE, SHAPE))
                .addOutput(ModelMaker.value("weighted", TensorProto.DataType.FLOAT_VALUE, SHAPE))
                .build();
        return new ModelMaker(13)
                .input(SHAPE)
                .weight(turns)
                .weight(condition)
                .random("w", 5, 4, 1, 1)
                .weight(Tensors.of("first", new long[] {0}, 1))
                .node(
                        ModelMaker.made("Loop", List.of("m", "c", "x"), "last", ModelMaker.graph("body", body))
                                .toBuilder()
                                .addOutput("each")
                                .build())
                .node("ReduceSum", List.of("each", "first"), "sum", Attributes.of("keepdims", 0L))
                .node("Add", List.of("last", "sum"), "y")
                .output("y");
    }

    @Test
    void inlinesFunctionsWithinFunctions() throws OrtException {
        OperatorSetIdProto standard =
                OperatorSetIdProto.newBuilder().setVersion(18).build();
        OperatorSetIdProto own = OperatorSetIdProto.newBuilder()
                .setDomain("test.local")
                .setVersion(1)
                .build();
        AttributeProto referring = AttributeProto.newBuilder()
                .setName("alpha")
                .setType(AttributeProto.AttributeType.FLOAT)
                .setRefAttrName("leak")
                .build();
        FunctionProto inner = FunctionProto.newBuilder()
                .setDomain("test.local")
                .setName("Leaky")
                .addInput("a")
                .addOutput("b")
                .addAttribute("leak")
                .addNode(ModelMaker.made("LeakyRelu", List.of("a"), "t", referring))
                .addNode(ModelMaker.made("Neg", List.of("t"), "b"))
                .addOpsetImport(standard)
                .build();
        FunctionProto outer = FunctionProto.newBuilder()
                .setDomain("test.local")
                .setName("Twice")
                .addInput("a")
                .addInput("factor")
                .addOutput("b")
                .addNode(call("Leaky", List.of("a"), "t", Attributes.of("leak", 0.25f)))
                .addNode(ModelMaker.made("Mul", List.of("t", "factor"), "u"))
                .addNode(call("Leaky", List.of("u"), "b", Attributes.of("leak", 0.5f)))
                .addOpsetImport(standard)
                .addOpsetImport(own)
                .build();
        // the runtime that says what is right inlines by itself, and wants names that differ from call to call
        ModelProto model = new ModelMaker(18)
                .input(SHAPE)
                .random("w", 3, 4, 1, 1)
                .function(inner)
                .function(outer.toBuilder()
                        .clearOpsetImport()
                        .addOpsetImport(standard)
                        .addOpsetImport(own)
                        .build())
                .node(call("Twice", List.of("x", "w"), "t"))
                .node(call("Twice", List.of("t", "w"), "y"))
                .output("y");
        ModelProto single =
                model.toBuilder().setOpsetImport(1, own).removeOpsetImport(2).build();
        ModelProto normal = NormalForm.unfolded(single, 2);
        assertThat(normal.getFunctionsCount()).isZero();
        assertThat(operators(normal)).containsOnly("LeakyRelu", "Neg", "Mul");
        assertSame(single, normal, 1e-6f);
    }

    private static NodeProto call(String function, List<String> inputs, String output, AttributeProto... attributes) {
        return ModelMaker.made(function, inputs, output, attributes).toBuilder()
                .setDomain("test.local")
                .build();
    }

    @Test
    void refusesAFunctionThatCallsItself() {
        FunctionProto endless = FunctionProto.newBuilder()
                .setDomain("test.local")
                .setName("Endless")
                .addInput("a")
                .addOutput("b")
                .addNode(call("Endless", List.of("a"), "b"))
                .build();
        ModelProto model = new ModelMaker(18)
                .input(SHAPE)
                .function(endless)
                .node(call("Endless", List.of("x"), "y"))
                .output("y");
        assertThatThrownBy(() -> NormalForm.of(model, 2)).hasMessageContaining("\"Endless\"");
    }

    @Test
    void leavesALargeConstantToTheRun() {
        // 2^40 floats from a file of a few hundred bytes: folding it would need 4 TiB
        ModelProto model = new ModelMaker(17)
                .input(SHAPE)
                .weight(Tensors.of("k", new long[] {1 << 10, 1 << 10, 1 << 10, 1 << 10}, 4))
                .node("ConstantOfShape", List.of("k"), "big")
                .node("ReduceMax", List.of("big"), "m", Attributes.of("keepdims", 0L))
                .node("Add", List.of("x", "m"), "y")
                .output("y");
        assertThat(operators(NormalForm.of(model, 2))).contains("ConstantOfShape");
    }

    @Test
    void refusesAnOpsetBeforeSeven() {
        ModelProto model =
                new ModelMaker(6).input(SHAPE).node("Relu", List.of("x"), "y").output("y");
        assertThatThrownBy(() -> NormalForm.of(model, 2))
                .hasMessageContaining("opset 6")
                .hasMessageContaining("7");
    }

    @Test
    void namesTheDimensionThatIsOpen() {
        ModelProto model = new ModelMaker(13)
                .input(0, 3, 0, 32)
                .node("Relu", List.of("x"), "y")
                .output("y");
        assertThatThrownBy(() -> NormalForm.of(model, 2))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("\"x\"")
                .hasMessageContaining("dimension 2")
                .hasMessageContaining("\"open2\"");
    }

    private static List<String> operators(ModelProto model) {
        return model.getGraph().getNodeList().stream().map(NodeProto::getOpType).toList();
    }

    private static void assertSame(ModelProto model, ModelProto normal, float tolerance) throws OrtException {
        long[] shape = model.getGraph().getInput(0).getType().getTensorType().getShape().getDimList().stream()
                .mapToLong(dimension -> dimension.getDimValue())
                .toArray();
        float[] x = ModelMaker.uniform(42, Tensors.size(shape));
        try (Session before = Session.of(model, OptLevel.NO_OPT);
                Session after = Session.of(normal, OptLevel.NO_OPT)) {
            assertThat(after.run("x", x, shape).get("y"))
                    .containsExactly(before.run("x", x, shape).get("y"), within(tolerance));
        }
    }
}
