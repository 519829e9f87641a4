package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A transposed convolution is the input gradient of a convolution, so its own input's slope is that convolution of the
 * slope; its kernel's slope correlates the slope with the input, stride and dilation exchanged.
 */
final class TransposedConvGradient implements OperatorGradient {

    @Override
    public void backward(NodeProto node, String slope, BackwardPass pass) {
        new Geometry(node, pass).backward(slope);
    }

    private record Geometry(
            NodeProto node, BackwardPass pass, long[] x, long[] w, long[] y, long[] strides, long[] dilations) {

        Geometry(NodeProto node, BackwardPass pass) {
            this(
                    node,
                    pass,
                    pass.shape(node.getInput(0)),
                    pass.shape(node.getInput(1)),
                    pass.shape(node.getOutput(0)),
                    Attributes.perAxis(node, "strides", pass.shape(node.getInput(0)).length - 2, 1),
                    Attributes.perAxis(node, "dilations", pass.shape(node.getInput(0)).length - 2, 1));
        }

        void backward(String slope) {
            if (pass.wants(node.getInput(0))) {
                pass.add(node.getInput(0), input(slope));
            }
            if (pass.wants(node.getInput(1))) {
                pass.add(node.getInput(1), kernel(slope));
            }
            if (node.getInputCount() > 2 && pass.wants(node.getInput(2))) {
                long[] others =
                        LongStream.range(0, y.length).filter(axis -> axis != 1).toArray();
                pass.add(node.getInput(2), pass.graph().sum(slope, false, others));
            }
        }

        private String input(String slope) {
            String back = pass.graph()
                    .add(
                            "Conv",
                            List.of(slope, node.getInput(1)),
                            Attributes.of("kernel_shape", Arrays.copyOfRange(w, 2, w.length)),
                            Attributes.of("strides", strides),
                            Attributes.of("dilations", dilations),
                            Attributes.of("pads", pads()),
                            Attributes.of("group", groups()));
            return cropped(back, x);
        }

        /**
         * The groups lie side by side in the batch: {@code [outputs/groups, groups·n, …]} with {@code [inputs, n, …]}.
         */
        private String kernel(String slope) {
            GraphBuilder graph = pass.graph();
            long n = x[0];
            long perGroup = w[1];
            long[] split = AxisProduct.inserted(y, 1, groups());
            split[2] = perGroup;
            long[] order = order(split.length, 2, 1, 0);
            String moved = graph.transpose(graph.reshape(slope, split), order);
            long[] joined = y.clone();
            joined[0] = perGroup;
            joined[1] = groups() * n;
            AttributeProto[] attributes = {
                Attributes.of("kernel_shape", Arrays.copyOfRange(x, 2, x.length)),
                Attributes.of("strides", dilations),
                Attributes.of("dilations", strides),
                Attributes.of("pads", pads()),
                Attributes.of("group", groups())
            };
            String inputs = graph.transpose(node.getInput(0), order(x.length, 1, 0));
            String found = graph.add("Conv", List.of(graph.reshape(moved, joined), inputs), attributes);
            return cropped(graph.transpose(found, order(w.length, 1, 0)), w);
        }

        /** All axes, of which the first are in another order. */
        private static long[] order(int rank, long... first) {
            long[] order = LongStream.range(0, rank).toArray();
            System.arraycopy(first, 0, order, 0, first.length);
            return order;
        }

        /** Output padding of a stride or more lets the windows run on beyond the end. */
        private String cropped(String tensor, long[] to) {
            boolean longer = false;
            long[] pads = pads();
            int axes = strides.length;
            for (int axis = 0; axis < axes; axis++) {
                long padded = y[axis + 2] + pads[axis] + pads[axes + axis];
                long window = (to == x ? dilations[axis] * (w[axis + 2] - 1) : strides[axis] * (x[axis + 2] - 1)) + 1;
                long step = to == x ? strides[axis] : dilations[axis];
                longer |= (padded - window) / step + 1 > to[axis + 2];
            }
            if (!longer) {
                return tensor;
            }
            long[] spatial = LongStream.range(2, to.length).toArray();
            return pass.graph().slice(tensor, new long[axes], Arrays.copyOfRange(to, 2, to.length), spatial);
        }

        private long groups() {
            return Attributes.integer(node, "group", 1);
        }

        /** The declared pads, or those that the output's length implies. */
        private long[] pads() {
            int axes = strides.length;
            String auto = Attributes.text(node, "auto_pad", "NOTSET");
            boolean implied = Attributes.integers(node, "output_shape").isPresent() || auto.startsWith("SAME");
            if (!implied) {
                return auto.equals("VALID") ? new long[2 * axes] : Attributes.perAxis(node, "pads", 2 * axes, 0);
            }
            long[] extra = Attributes.perAxis(node, "output_padding", axes, 0);
            long[] pads = new long[2 * axes];
            for (int axis = 0; axis < axes; axis++) {
                long full = strides[axis] * (x[axis + 2] - 1) + dilations[axis] * (w[axis + 2] - 1) + 1 + extra[axis];
                long total = Math.max(0, full - y[axis + 2]);
                pads[axis] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                pads[axes + axis] = total - pads[axis];
            }
            return pads;
        }
    }
}
