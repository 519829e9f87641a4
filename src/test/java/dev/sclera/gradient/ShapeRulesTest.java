package dev.sclera.gradient;

import static dev.sclera.gradient.SmallGraph.distinct;
import static dev.sclera.gradient.SmallGraph.eighths;
import static dev.sclera.gradient.SmallGraph.node;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of operators that move values, which are linear: central differences in float64 are exact at any step. */
class ShapeRulesTest {

    private static void agrees(SmallGraph graph) throws Exception {
        graph.agreesWithDifferences(graph.inDoubles(), 1, 1e-6);
    }

    private static SmallGraph unary(String operator, AttributeProto... attributes) {
        return SmallGraph.of(17, node(operator, List.of("x"), attributes)).operand("x", eighths(1, 2, 3, 4), 2, 3, 4);
    }

    private static SmallGraph binary(String operator, String second, AttributeProto... attributes) {
        return SmallGraph.of(17, node(operator, List.of("x", second), attributes))
                .operand("x", eighths(1, 2, 3, 4), 2, 3, 4);
    }

    @Test
    void forms() throws Exception {
        agrees(binary("Reshape", "shape").longs("shape", 4, -1));
        agrees(unary("Flatten"));
        agrees(unary("Transpose"));
        agrees(unary("Transpose", Attributes.of("perm", new long[] {1, 2, 0})));
        agrees(binary("Unsqueeze", "axes").longs("axes", 0, 2));
        agrees(SmallGraph.of(17, node("Squeeze", List.of("x", "axes")))
                .operand("x", eighths(1, 2, 1, 3), 2, 1, 3)
                .longs("axes", 1));
        agrees(unary("Trilu", Attributes.of("upper", 0L)));
    }

    @Test
    void repetitions() throws Exception {
        agrees(SmallGraph.of(17, node("Expand", List.of("x", "shape")))
                .operand("x", eighths(1, 3, 1), 3, 1)
                .longs("shape", 2, 1, 4));
        agrees(binary("Tile", "repeats").longs("repeats", 2, 1, 3));
        agrees(binary("Tile", "repeats").longs("repeats", 2, 3, 2));
        agrees(binary("Tile", "repeats").longs("repeats", 1, 1, 1));
    }

    @Test
    void concatenations() throws Exception {
        agrees(SmallGraph.of(17, node("Concat", List.of("a", "b", "c"), Attributes.of("axis", -2L)))
                .operand("a", eighths(1, 2, 1, 3), 2, 1, 3)
                .operand("b", eighths(2, 2, 2, 3), 2, 2, 3)
                .operand("c", eighths(3, 2, 1, 3), 2, 1, 3));
    }

    /** The second part is not used, and the others change places. */
    @Test
    void splits() throws Exception {
        agrees(SmallGraph.of(
                        17,
                        node("Split", List.of("x", "lengths"), List.of("p", "q", "r"), Attributes.of("axis", 1L)),
                        node("Concat", List.of("r", "p", "p"), Attributes.of("axis", 1L)))
                .operand("x", eighths(1, 2, 6), 2, 6)
                .longs("lengths", 1, 2, 3));
        agrees(SmallGraph.of(
                        17,
                        node("Split", List.of("x"), List.of("p", "q"), Attributes.of("axis", -1L)),
                        node("Neg", List.of("q")))
                .operand("x", eighths(1, 2, 6), 2, 6));
    }

    static Stream<Arguments> slices() {
        return Stream.of(
                Arguments.of(new long[] {1}, new long[] {3}, new long[] {1}, new long[] {1}),
                Arguments.of(new long[] {0, 1}, new long[] {99, 99}, new long[] {1, 2}, new long[] {2, 3}),
                Arguments.of(new long[] {-3}, new long[] {-1}, new long[] {-1}, new long[] {1}),
                Arguments.of(new long[] {-1}, new long[] {-99}, new long[] {1}, new long[] {-1}),
                Arguments.of(new long[] {5, 3}, new long[] {0, 0}, new long[] {2, 1}, new long[] {-2, -1}),
                Arguments.of(new long[] {99, 1}, new long[] {1, 4}, new long[] {2, 1}, new long[] {-3, 2}));
    }

    @ParameterizedTest
    @MethodSource("slices")
    void slices(long[] starts, long[] ends, long[] axes, long[] steps) throws Exception {
        agrees(SmallGraph.of(17, node("Slice", List.of("x", "starts", "ends", "axes", "steps")))
                .operand("x", eighths(1, 2, 5, 6), 2, 5, 6)
                .longs("starts", starts)
                .longs("ends", ends)
                .longs("axes", axes)
                .longs("steps", steps));
    }

    @ParameterizedTest
    @CsvSource({"constant,2,1", "constant,-1,2", "reflect,3,2", "reflect,1,0", "edge,3,2", "edge,12,9", "wrap,2,3"})
    void pads(String mode, long before, long after) throws Exception {
        agrees(SmallGraph.of(19, node("Pad", List.of("x", "pads"), Attributes.of("mode", mode)))
                .operand("x", eighths(1, 2, 4, 5), 2, 4, 5)
                .longs("pads", 0, before, Math.abs(after), 0, after, Math.abs(before)));
    }

    @Test
    void padsOfChosenAxes() throws Exception {
        agrees(SmallGraph.of(18, node("Pad", List.of("x", "pads", "", "axes")))
                .operand("x", eighths(1, 2, 4, 5), 2, 4, 5)
                .longs("pads", 1, 0, 2, 3)
                .longs("axes", -1, 1));
    }

    static Stream<Arguments> gathers() {
        return Stream.of(
                Arguments.of(1, new long[] {2, 0, 1}, new long[] {3}),
                Arguments.of(0, new long[] {1}, new long[] {}),
                Arguments.of(2, new long[] {-1}, new long[] {1}),
                Arguments.of(1, new long[] {0, 2}, new long[] {2}),
                Arguments.of(1, new long[] {0, 2, 2, -1, 0, 1}, new long[] {2, 3}),
                Arguments.of(2, new long[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 1}, new long[] {13}),
                Arguments.of(0, new long[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1}, new long[] {13}));
    }

    @ParameterizedTest
    @MethodSource("gathers")
    void gathers(long axis, long[] indices, long[] form) throws Exception {
        agrees(SmallGraph.of(17, node("Gather", List.of("x", "indices"), Attributes.of("axis", axis)))
                .operand("x", eighths(1, 2, 3, 4), 2, 3, 4)
                .longs("indices", indices, form));
        // known at run time only
        agrees(SmallGraph.of(
                        17,
                        node("Abs", List.of("indices"), List.of("found")),
                        node("Gather", List.of("x", "found"), Attributes.of("axis", axis)))
                .operand("x", eighths(1, 2, 3, 4), 2, 3, 4)
                .longs("indices", indices, form));
    }

    @Test
    void gathersOfElements() throws Exception {
        long[] indices = {0, 2, 2, -1, 0, 1, 1, 1};
        agrees(SmallGraph.of(17, node("GatherElements", List.of("x", "indices"), Attributes.of("axis", 1L)))
                .operand("x", eighths(1, 2, 3, 4), 2, 3, 4)
                .longs("indices", indices, 1, 2, 4));
        agrees(SmallGraph.of(
                        17,
                        node("Abs", List.of("indices"), List.of("found")),
                        node("GatherElements", List.of("x", "found"), Attributes.of("axis", 1L)))
                .operand("x", eighths(1, 2, 3, 4), 2, 3, 4)
                .longs("indices", indices, 1, 2, 4));
    }

    @Test
    void gathersOfPlaces() throws Exception {
        agrees(binaryNd(0).longs("indices", new long[] {0, 1, 1, -1, 0, 1}, 3, 2));
        agrees(binaryNd(0).longs("indices", new long[] {0, 1, 2, 1, 2, 3}, 2, 1, 3));
        agrees(binaryNd(1).longs("indices", new long[] {0, 2, 2, 0}, 2, 2, 1));
        agrees(SmallGraph.of(
                        17, node("Abs", List.of("indices"), List.of("found")), node("GatherND", List.of("x", "found")))
                .operand("x", eighths(1, 2, 3, 4), 2, 3, 4)
                .longs("indices", new long[] {0, 1, 1, 2, 0, 1}, 3, 2));
    }

    private static SmallGraph binaryNd(long batch) {
        return binary("GatherND", "indices", Attributes.of("batch_dims", batch));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "add"})
    void scatters(String reduction) throws Exception {
        agrees(SmallGraph.of(
                        16,
                        node("ScatterND", List.of("x", "indices", "updates"), Attributes.of("reduction", reduction)))
                .operand("x", eighths(1, 2, 3, 4), 2, 3, 4)
                .operand("updates", eighths(2, 2, 4), 2, 4)
                .longs("indices", new long[] {1, 2, 0, 1}, 2, 2));
        agrees(SmallGraph.of(
                        16,
                        node(
                                "ScatterElements",
                                List.of("x", "indices", "updates"),
                                Attributes.of("axis", 1L),
                                Attributes.of("reduction", reduction)))
                .operand("x", eighths(1, 2, 3), 2, 3)
                .operand("updates", eighths(2, 2, 2), 2, 2)
                .longs("indices", new long[] {0, 2, 1, 0}, 2, 2));
    }

    @Test
    void aScatterOfMaximaIsRefusedByName() {
        assertThatThrownBy(() -> SmallGraph.of(
                                18, node("ScatterND", List.of("x", "indices", "u"), Attributes.of("reduction", "max")))
                        .operand("x", eighths(1, 3), 3)
                        .floats("u", 1)
                        .longs("indices", new long[] {1}, 1, 1)
                        .gradient("x"))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("the ScatterND")
                .hasMessageContaining("max");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DCR", "CRD"})
    void depthToSpace(String mode) throws Exception {
        agrees(SmallGraph.of(
                        13,
                        node("DepthToSpace", List.of("x"), Attributes.of("blocksize", 2L), Attributes.of("mode", mode)))
                .operand("x", distinct(1, 2, 8, 2, 3), 2, 8, 2, 3));
    }

    @Test
    void spaceToDepth() throws Exception {
        agrees(SmallGraph.of(13, node("SpaceToDepth", List.of("x"), Attributes.of("blocksize", 2L)))
                .operand("x", distinct(1, 2, 2, 4, 2), 2, 2, 4, 2));
    }
}
