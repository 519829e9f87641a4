package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Optional;

/**
 * A convolution that strides over an image put together from its phases, from one place of a phase to the next: the sum
 * of a convolution of each phase, with the taps that see it. So the image need not be put together. The slope of a
 * network's first convolution is one, where a pooling follows it.
 */
final class BlockedPhases {

    private BlockedPhases() {}

    /** The last summand, which takes the others; empty where the convolution is none of these. */
    static Optional<BlockedConv> convolved(NodeProto node, BlockedConv conv, BlockedGraph graph) {
        String image = node.getInput(0);
        Optional<BlockedInterleave> together =
                graph.peek(image, BlockedInterleave.class).filter(found -> conv.isPlainDense());
        if (together.isEmpty()) {
            return Optional.empty();
        }
        Window[] windows = Window.of(
                node, graph.shape(image), graph.shape(node.getOutput(0)), new long[] {conv.rows(), conv.columns()});
        if (windows[0].stride() != together.get().rows()
                || windows[1].stride() != together.get().columns()) {
            return Optional.empty();
        }
        Optional<BlockedConv> sum = Optional.empty();
        for (int phase = 0; phase < together.get().phases().size(); phase++) {
            Window.Taps down = windows[0].taps(phase / windows[1].stride());
            Window.Taps across = windows[1].taps(phase % windows[1].stride());
            Optional<String> seen = together.get().phases().get(phase);
            if (seen.isEmpty() || down.count() == 0 || across.count() == 0) {
                continue;
            }
            long[] pads = {down.reach(), across.reach(), padAfter(windows[0], down), padAfter(windows[1], across)};
            if (pads[2] < 0 || pads[3] < 0) {
                return Optional.empty();
            }
            BlockedConv summand = conv.ofPhase(seen.get(), down, across, pads);
            if (sum.isPresent()) {
                String before = node.getOutput(0) + "/phases_before_" + phase;
                graph.defer(before, sum.get());
                summand = summand.plus(before);
            }
            sum = Optional.of(summand);
        }
        if (sum.isPresent()) {
            graph.take(image, BlockedInterleave.class);
        }
        return sum;
    }

    /** How far the last tap of the last output lies behind the phase; negative where it does not come to its end. */
    private static long padAfter(Window window, Window.Taps taps) {
        return (long) window.output() - taps.lowest() - window.phaseLength();
    }
}
