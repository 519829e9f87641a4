package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PhasedSlopeTest {

    private final GraphProto.Builder nodes = GraphProto.newBuilder();
    private final GraphBuilder graph = new GraphBuilder(nodes, 17, "test/");

    /** As where a residual block begins: a kernel of 3 pixels and one of 1, both in strides of 2. */
    @Test
    void slopesInTheSamePhasesAreAddedBeforeTheyArePutTogether() {
        PhasedSlope wide = of(3, 2, 1, List.of(Optional.of("a"), Optional.of("b"), Optional.of("c"), Optional.of("d")));
        PhasedSlope narrow =
                of(1, 2, 0, List.of(Optional.of("e"), Optional.empty(), Optional.empty(), Optional.empty()));

        List<PhasedSlope> sums = PhasedSlope.sums(List.of(wide, narrow), graph);

        assertThat(nodes.getNodeList()).singleElement().satisfies(add -> {
            assertThat(add.getOpType()).isEqualTo("Add");
            assertThat(add.getInputList()).containsExactly("a", "e");
            assertThat(sums)
                    .singleElement()
                    .extracting(PhasedSlope::phases)
                    .isEqualTo(List.of(
                            Optional.of(add.getOutput(0)), Optional.of("b"), Optional.of("c"), Optional.of("d")));
        });
    }

    @Test
    void slopesInOtherPhasesStayApart() {
        PhasedSlope twos = of(1, 2, 0, List.of(Optional.of("a"), Optional.empty(), Optional.empty(), Optional.empty()));
        PhasedSlope ones = of(1, 1, 0, List.of(Optional.of("b")));
        assertThat(PhasedSlope.sums(List.of(twos, ones), graph)).containsExactly(twos, ones);
        assertThat(nodes.getNodeList()).isEmpty();
    }

    /** The slope of an image of 8 × 8, as a square kernel on it leaves it. */
    private static PhasedSlope of(int kernel, int stride, int pad, List<Optional<String>> phases) {
        long output = (8 + 2L * pad - kernel) / stride + 1;
        Window[] windows = Window.of(
                SmallGraph.node(
                        "Conv",
                        List.of("x", "w"),
                        Attributes.of("strides", new long[] {stride, stride}),
                        Attributes.of("pads", new long[] {pad, pad, pad, pad})),
                new long[] {1, 4, 8, 8},
                new long[] {1, 4, output, output},
                new long[] {kernel, kernel});
        return new PhasedSlope(new Interleave(windows[0], windows[1], 1, 4), phases);
    }
}
