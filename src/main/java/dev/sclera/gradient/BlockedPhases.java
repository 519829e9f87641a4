package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sums a convolution of each phase of an image in place of one that strides over the image put together from them, from
 * one place of a phase to the next. So the image need not be put together. Among these is the slope of the convolution
 * with which a network begins, where a pooling follows it.
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
        List<BlockedConv> summands = new ArrayList<>();
        for (int phase = 0; phase < together.get().phases().size(); phase++) {
            Window.Taps down = windows[0].taps(phase / windows[1].stride());
            Window.Taps across = windows[1].taps(phase % windows[1].stride());
            Optional<String> pixels = together.get().phases().get(phase);
            if (pixels.isEmpty() || down.count() == 0 || across.count() == 0) {
                continue;
            }
            long[] pads = {down.reach(), across.reach(), padAfter(windows[0], down), padAfter(windows[1], across)};
            if (pads[2] < 0 || pads[3] < 0) {
                // the runtime's blocked convolutions do not crop
                return Optional.empty();
            }
            summands.add(conv.ofPhase(pixels.get(), down, across, pads));
        }
        if (summands.isEmpty()) {
            return Optional.empty();
        }
        graph.take(image, BlockedInterleave.class);
        for (int i = 1; i < summands.size(); i++) {
            String before = node.getOutput(0) + "/phases_before_" + i;
            graph.defer(before, summands.get(i - 1));
            summands.get(i).plus(before);
        }
        return Optional.of(summands.get(summands.size() - 1));
    }

    /** How far the last tap of the last output lies behind the phase; negative where it does not come to its end. */
    private static long padAfter(Window window, Window.Taps taps) {
        return (long) window.output() - taps.lowest() - window.phaseLength();
    }
}
