package dev.sclera.gradient;

import static dev.sclera.gradient.SmallGraph.eighths;
import static dev.sclera.gradient.SmallGraph.node;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rule of Resize in its modes. It is linear, so differences of the runtime's float32 need no small step: with one
 * of 1 they carry the rounding of the result alone.
 */
class ResizeRulesTest {

    static Stream<Arguments> modes() {
        return Stream.of("nearest", "linear", "cubic")
                .flatMap(mode -> Stream.of(
                                "half_pixel",
                                "asymmetric",
                                "align_corners",
                                "pytorch_half_pixel",
                                "half_pixel_symmetric")
                        .flatMap(coordinates -> Stream.of(
                                Arguments.of(mode, coordinates, new float[] {1, 1, 2, 1.5f}),
                                Arguments.of(mode, coordinates, new float[] {1, 1, 0.6f, 3}))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("modes")
    void byScales(String mode, String coordinates, float[] scales) throws Exception {
        agrees(SmallGraph.of(
                        19,
                        node(
                                "Resize",
                                List.of("x", "", "scales"),
                                Attributes.of("mode", mode),
                                Attributes.of("coordinate_transformation_mode", coordinates)))
                .floats("scales", scales));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("modes")
    void bySizes(String mode, String coordinates, float[] scales) throws Exception {
        agrees(SmallGraph.of(
                        13,
                        node(
                                "Resize",
                                List.of("x", "", "", "sizes"),
                                Attributes.of("mode", mode),
                                Attributes.of(
                                        "coordinate_transformation_mode",
                                        coordinates.equals("half_pixel_symmetric") ? "half_pixel" : coordinates)))
                .longs("sizes", 1, 2, scales[2] > 1 ? 7 : 3, 10));
    }

    private static void agrees(SmallGraph graph) throws Exception {
        graph.operand("x", eighths(1, 1, 2, 5, 4), 1, 2, 5, 4);
        graph.agreesWithDifferences(graph.inFloats(), 1, 5e-6);
    }

    static Stream<Arguments> options() {
        return Stream.of(
                Arguments.of("nearest", new AttributeProto[] {Attributes.of("nearest_mode", "floor")}),
                Arguments.of("nearest", new AttributeProto[] {Attributes.of("nearest_mode", "ceil")}),
                Arguments.of("nearest", new AttributeProto[] {Attributes.of("nearest_mode", "round_prefer_ceil")}),
                Arguments.of("linear", new AttributeProto[] {Attributes.of("antialias", 1L)}),
                Arguments.of("cubic", new AttributeProto[] {Attributes.of("antialias", 1L)}),
                Arguments.of("cubic", new AttributeProto[] {Attributes.of("cubic_coeff_a", -0.5f)}),
                Arguments.of("cubic", new AttributeProto[] {Attributes.of("exclude_outside", 1L)}));
    }

    @ParameterizedTest
    @MethodSource("options")
    void withOptions(String mode, AttributeProto[] options) throws Exception {
        List<AttributeProto> all = new ArrayList<>(List.of(options));
        all.add(Attributes.of("mode", mode));
        AttributeProto[] attributes = all.toArray(AttributeProto[]::new);
        agrees(SmallGraph.of(18, node("Resize", List.of("x", "", "scales"), attributes))
                .floats("scales", 1, 1, 0.6f, 0.5f));
        agrees(SmallGraph.of(18, node("Resize", List.of("x", "", "scales"), attributes))
                .floats("scales", 1, 1, 2, 1.75f));
    }

    @Test
    void ofChosenAxes() throws Exception {
        agrees(SmallGraph.of(
                        18,
                        node(
                                "Resize",
                                List.of("x", "", "", "sizes"),
                                Attributes.of("mode", "linear"),
                                Attributes.of("axes", new long[] {3, 2})))
                .longs("sizes", 7, 8));
        agrees(SmallGraph.of(
                        18,
                        node(
                                "Resize",
                                List.of("x", "", "scales"),
                                Attributes.of("mode", "nearest"),
                                Attributes.of("axes", new long[] {2, 3})))
                .floats("scales", 2, 3));
    }

    @Test
    void ofACroppedRegion() throws Exception {
        agrees(SmallGraph.of(
                        13,
                        node(
                                "Resize",
                                List.of("x", "roi", "", "sizes"),
                                Attributes.of("mode", "linear"),
                                Attributes.of("coordinate_transformation_mode", "tf_crop_and_resize"),
                                Attributes.of("extrapolation_value", 3f)))
                .floats("roi", 0, 0, 0.2f, -0.3f, 1, 1, 0.8f, 0.9f)
                .longs("sizes", 1, 2, 5, 6));
    }

    @Test
    void keepingTheAspectRatioIsRefusedByName() {
        assertThatThrownBy(() -> agrees(SmallGraph.of(
                                18,
                                node(
                                        "Resize",
                                        List.of("x", "", "", "sizes"),
                                        Attributes.of("keep_aspect_ratio_policy", "not_larger"),
                                        Attributes.of("axes", new long[] {2, 3})))
                        .longs("sizes", 7, 7)))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("the Resize")
                .hasMessageContaining("stretch");
    }
}
