package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The slope of a convolution's input where the kernel is no constant, as in training: it is turned at run time for a
 * convolution of stride 1, where that is little work beside the convolution, and else a transposed convolution takes it
 * as it is.
 */
final class RuntimeKernelGradient {

    /** Below so many positions, a kernel of many channels is larger than what it is applied to. */
    private static final long FEW_POSITIONS = 400;

    private RuntimeKernelGradient() {}

    static void input(NodeProto node, String slope, BackwardPass pass) {
        long[] w = pass.shape(node.getInput(1));
        long[] y = pass.shape(node.getOutput(0));
        long[] kernel = w.length == 4 ? new long[] {w[2], w[3]} : new long[2];
        Window[] windows = Window.of(node, pass.shape(node.getInput(0)), y, kernel);
        int groups = (int) Attributes.integer(node, "group", 1);
        Window rows = windows[0];
        Window columns = windows[1];
        boolean small = kernel[0] * kernel[1] == 1 || groups > 1 || y[2] * y[3] >= FEW_POSITIONS;
        boolean plain = rows.stride() == 1
                && columns.stride() == 1
                && rows.padBefore() <= rows.dilation() * (rows.kernel() - 1)
                && columns.padBefore() <= columns.dilation() * (columns.kernel() - 1)
                && rows.overhang() <= rows.dilation() * (rows.kernel() - 1)
                && columns.overhang() <= columns.dilation() * (columns.kernel() - 1);
        if (pass.blockedConvolutions() && !rows.stridesDilated() && !columns.stridesDilated()) {
            // the kernel is turned once for many images, in the graph that runs once per step
            ConvKernel turning = new ComputedKernel(node.getInput(1), (int) w[0], (int) w[1], windows, groups);
            ConvGradient.contribute(node.getInput(0), slope, turning, y[0], pass);
            return;
        }
        pass.add(
                node.getInput(0),
                plain && small
                        ? convolved(slope, node.getInput(1), w, windows, groups, pass.graph())
                        : pass.graph()
                                .add(
                                        "ConvTranspose",
                                        List.of(slope, node.getInput(1)),
                                        ConvGradient.undo(windows, groups)));
    }

    private static String convolved(
            String slope, String weight, long[] w, Window[] windows, long groups, GraphBuilder graph) {
        long taps = w[2] * w[3];
        String apart = graph.reshape(weight, groups, w[0] / groups, w[1], taps);
        if (taps > 1) {
            long[] backwards =
                    LongStream.range(0, taps).map(tap -> taps - 1 - tap).toArray();
            apart = graph.add("Gather", List.of(apart, graph.longs(backwards)), Attributes.of("axis", 3L));
        }
        String turned = graph.reshape(graph.transpose(apart, 0, 2, 1, 3), groups * w[1], w[0] / groups, w[2], w[3]);
        Window rows = windows[0];
        Window columns = windows[1];
        long down = (long) rows.dilation() * (rows.kernel() - 1);
        long across = (long) columns.dilation() * (columns.kernel() - 1);
        return graph.add(
                "Conv",
                List.of(slope, turned),
                Attributes.of("kernel_shape", new long[] {rows.kernel(), columns.kernel()}),
                Attributes.of("pads", new long[] {
                    down - rows.padBefore(),
                    across - columns.padBefore(),
                    down - rows.overhang(),
                    across - columns.overhang()
                }),
                Attributes.of("dilations", new long[] {rows.dilation(), columns.dilation()}),
                Attributes.of("group", groups));
    }
}
