package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a graph before anything is derived from it. */
class GradientCoverageTest {

    @Test
    void countsTheOperatorsOnTheWay() {
        ModelProto model = new ModelMaker(11)
                .input(0, 4)
                .random("w", 1, 5, 4)
                .node("Relu", List.of("x"), "a")
                .node("Tanh", List.of("a"), "b")
                .node("Relu", List.of("b"), "c")
                .node("Shape", List.of("x"), "aside")
                .node("Gemm", List.of("c", "w"), "y", Attributes.of("transB", 1L))
                .output("y");
        GradientCoverage coverage = GradientCoverage.of(model);
        assertThat(coverage.opset()).isEqualTo(11);
        assertThat(coverage.parameters()).isEqualTo(20);
        assertThat(coverage.quantised()).isFalse();
        assertThat(coverage.supported()).isTrue();
        assertThat(coverage.operators())
                .containsExactly(
                        new GradientCoverage.Operator("Gemm", 1, true, List.of("Gemm_y")),
                        new GradientCoverage.Operator("Relu", 2, true, List.of("Relu_a", "Relu_c")),
                        new GradientCoverage.Operator("Tanh", 1, true, List.of("Tanh_b")));
    }

    @Test
    void namesAllUnsupportedOperatorsAtOnce() {
        ModelProto model = new ModelMaker(16)
                .input(2, 5, 3, 3)
                .random("grid", 1, 2, 3, 3, 2)
                .node("GridSample", List.of("x", "grid"), "sampled")
                .node("Relu", List.of("sampled"), "a")
                .node("Det", List.of("a"), "y")
                .output("y");
        assertThatThrownBy(() -> derive(model))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessage(
                        "The gradients of these operators are not known: GridSample (node \"GridSample_sampled\"), Det (node \"Det_y\"). Export the model with others, or add their gradients (see CONTRIBUTING.md).");
        GradientCoverage coverage = GradientCoverage.of(model);
        assertThat(coverage.supported()).isFalse();
        assertThat(coverage.unsupported())
                .extracting(GradientCoverage.Operator::name)
                .containsExactly("Det", "GridSample");
    }

    @Test
    void namesAFewNodesOfEachOperator() {
        ModelMaker maker = new ModelMaker(16).input(2, 5, 3, 3).random("grid", 1, 2, 3, 3, 2);
        for (int i = 0; i < 5; i++) {
            maker.node("GridSample", List.of(i == 0 ? "x" : "y" + (i - 1), "grid"), "y" + i);
        }
        assertThatThrownBy(() -> derive(maker.output("y4")))
                .hasMessageContaining(
                        "GridSample (nodes \"GridSample_y0\", \"GridSample_y1\", \"GridSample_y2\" and 2 more)");
    }

    @Test
    void saysWhereTheDifferentiablePathEnds() {
        ModelProto model = new ModelMaker(13)
                .input(2, 5)
                .node("Tanh", List.of("x"), "a")
                .node("ArgMax", List.of("a"), "grade", Attributes.of("axis", 1L))
                .node("Cast", List.of("grade"), "y", Attributes.of("to", 1L))
                .output("y");
        assertThatThrownBy(() -> derive(model))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessage(
                        "The output \"y\" does not depend on the input \"x\" in a differentiable way: no gradient passes ArgMax (node \"ArgMax_grade\"). Choose an output before that, such as the logits.");
    }

    @Test
    void saysThatTheOutputDoesNotDependOnTheInput() {
        ModelProto model = new ModelMaker(13)
                .input(2, 5)
                .node("Shape", List.of("x"), "s")
                .node("ConstantOfShape", List.of("s"), "zeros")
                .node("Relu", List.of("x"), "unused")
                .node("Tanh", List.of("zeros"), "y")
                .output("y");
        assertThatThrownBy(() -> derive(model)).hasMessageContaining("does not depend on the input \"x\" at all");
    }

    @Test
    void namesTheNodeWhoseShapeDependsOnTheImages() {
        ModelProto model = new ModelMaker(13)
                .input(2, 5)
                .weight(Tensors.of("first", new long[] {0}, 1))
                .weight(Tensors.of("axis", new long[] {1}, 1))
                .node(
                        "ReduceMax",
                        List.of("x"),
                        "m",
                        Attributes.of("axes", new long[] {0, 1}),
                        Attributes.of("keepdims", 0L))
                .node("Cast", List.of("m"), "n", Attributes.of("to", (long) TensorProto.DataType.INT64_VALUE))
                .node("Unsqueeze", List.of("n", "first"), "end")
                .node("Slice", List.of("x", "first", "end", "axis"), "part")
                .node("ReduceSum", List.of("part", "axis"), "y")
                .output("y");
        assertThatThrownBy(() -> derive(model))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("\"Slice_part\" (Slice)")
                .hasMessageContaining("shape depends on the values of the images");
        assertThatThrownBy(() -> GradientCoverage.of(model))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("\"Slice_part\" (Slice)");
    }

    /** A mask of comparisons is a constant to the gradient: y = x where x > 0.25. */
    @Test
    void followsNoSlopeThroughMasks() throws OrtException {
        ModelProto model = new ModelMaker(13)
                .input(1, 5)
                .weight(Tensors.of("limit", new float[] {0.25f}))
                .node("Greater", List.of("x", "limit"), "above")
                .node("Cast", List.of("above"), "mask", Attributes.of("to", 1L))
                .node("Mul", List.of("x", "mask"), "y")
                .output("y");
        assertThat(GradientCoverage.of(model).operators())
                .extracting(GradientCoverage.Operator::name)
                .containsExactly("Mul");
        float[] x = {0.5f, -0.5f, 0.2f, 0.3f, 1};
        try (Session session = Session.of(derive(model).model(), OptLevel.ALL_OPT)) {
            float[] gradient = session.run("x", x, new long[] {1, 5}, 0).get(GradientGraph.GRADIENT);
            assertThat(gradient[1]).isZero();
            assertThat(gradient[2]).isZero();
            assertThat(gradient[0]).isNegative();
            assertThat(gradient[3]).isPositive();
        }
    }

    private static GradientGraph derive(ModelProto model) {
        return GradientGraph.derive(
                model,
                GradientGraph.Output.LOGITS,
                (int) model.getGraph()
                        .getInput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDim(0)
                        .getDimValue(),
                new Loss.CrossEntropy());
    }
}
