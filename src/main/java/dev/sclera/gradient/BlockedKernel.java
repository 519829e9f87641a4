package dev.sclera.gradient;

import java.util.List;

/**
 * A convolution's kernel on its way into the order in which the runtime's blocked convolutions read it;
 * {@link BlockedWeights} has the orders.
 */
sealed interface BlockedKernel {

    /** {@code [outputs, inputs of a group, rows, columns]}, as the standard graph has it. */
    long[] shape();

    /** The name of the kernel in order, filled up to whole blocks of outputs, and of inputs where those are blocked. */
    String inOrder(boolean blockedInputs, BlockedGraph graph);

    /** Its shape in order. */
    default long[] filled(boolean blockedInputs, BlockedGraph graph) {
        long[] filled = shape().clone();
        filled[0] = graph.weights().aligned(filled[0]);
        filled[1] = blockedInputs ? graph.weights().aligned(filled[1]) : filled[1];
        return filled;
    }

    /** One that is known beforehand. */
    record Constant(float[] values, long[] shape) implements BlockedKernel {

        @Override
        public String inOrder(boolean blockedInputs, BlockedGraph graph) {
            BlockedWeights weights = graph.weights();
            float[] ordered = blockedInputs ? weights.both(values, shape) : weights.outputs(values, shape);
            return graph.builder().floats(ordered, filled(blockedInputs, graph));
        }

        /** With a factor per output. */
        Constant scaled(float[] factor) {
            float[] products = values.clone();
            int each = products.length / factor.length;
            for (int i = 0; i < products.length; i++) {
                products[i] *= factor[i / each];
            }
            return new Constant(products, shape);
        }

        /** Some of the taps alone. */
        Constant taps(Window.Taps down, Window.Taps across) {
            long[] fewer = {shape[0], shape[1], down.count(), across.count()};
            float[] picked = new float[Tensors.size(fewer)];
            int at = 0;
            for (int plane = 0; plane < shape[0] * shape[1]; plane++) {
                for (int row = 0; row < down.count(); row++) {
                    for (int column = 0; column < across.count(); column++) {
                        long line = plane * shape[2] + down.tap(row);
                        picked[at++] = values[(int) (line * shape[3] + across.tap(column))];
                    }
                }
            }
            return new Constant(picked, fewer);
        }
    }

    /** One that is computed at run time, in the standard layout. */
    record Computed(String tensor, long[] shape) implements BlockedKernel {

        @Override
        public String inOrder(boolean blockedInputs, BlockedGraph graph) {
            return graph.shared(
                    List.of(tensor, blockedInputs, "shaped"),
                    () -> graph.builder().reshape(unshaped(blockedInputs, graph), filled(blockedInputs, graph)));
        }

        /** In order, in whatever shape. */
        String unshaped(boolean blockedInputs, BlockedGraph graph) {
            return graph.shared(List.of(tensor, blockedInputs), () -> ordered(blockedInputs, graph));
        }

        private String ordered(boolean blockedInputs, BlockedGraph graph) {
            // one axis at a time, which the runtime is fast at
            return blockedInputs && shape[2] * shape[3] > 1
                    ? graph.builder().transpose(squares(graph), 0, 2, 1, 3)
                    : outputsInnermost(filled(blockedInputs, graph), graph);
        }

        /** {@code [outputs/b, inputs·taps, b]}. */
        private String outputsInnermost(long[] filled, BlockedGraph graph) {
            GraphBuilder builder = graph.builder();
            int block = graph.block();
            String whole =
                    builder.pad(graph.plain(tensor), 0, 0, 0, 0, filled[0] - shape[0], filled[1] - shape[1], 0, 0);
            long each = filled[1] * shape[2] * shape[3];
            return each == 1
                    ? whole
                    : builder.transpose(builder.reshape(whole, filled[0] / block, block, each), 0, 2, 1);
        }

        /** {@code [squares, b of inputs, taps, b of outputs]}. */
        private String squares(BlockedGraph graph) {
            int block = graph.block();
            return graph.shared(
                    List.of(tensor, "squares"),
                    () -> graph.builder()
                            .reshape(
                                    outputsInnermost(filled(true, graph), graph),
                                    -1,
                                    block,
                                    shape[2] * shape[3],
                                    block));
        }

        /**
         * In the order of a tap by itself, tap by tap: {@code [taps, outputs·inputs]}, both filled up to whole blocks.
         */
        String tapsApart(BlockedGraph graph) {
            GraphBuilder builder = graph.builder();
            String apart = builder.transpose(squares(graph), 2, 0, 1, 3);
            return builder.reshape(apart, shape[2] * shape[3], -1);
        }
    }

    /**
     * One with inputs for outputs and some of the taps of another, as the slope of a convolution's input has it. In
     * order, both consist of the same squares of a block of inputs by a block of outputs: each is turned over, and they
     * are put in another order as wholes.
     *
     * @param forward the other, of whole blocks of inputs and outputs
     * @param shape of this one
     * @param taps of the other, which become those of this
     */
    record Turned(Computed forward, long[] shape, long[] taps) implements BlockedKernel {

        /** Whether one can be had so. */
        static boolean fits(Computed forward, BlockedGraph graph) {
            return forward.shape()[0] % graph.block() == 0 && forward.shape()[1] % graph.block() == 0;
        }

        @Override
        public String inOrder(boolean blockedInputs, BlockedGraph graph) {
            if (!blockedInputs) {
                throw new IllegalArgumentException("whole blocks of outputs are blocked inputs");
            }
            GraphBuilder builder = graph.builder();
            int block = graph.block();
            String ordered = forward.unshaped(true, graph);
            String turned = turnedOver(ordered, graph);
            return builder.reshape(builder.add("Gather", List.of(turned, builder.longs(squares(block)))), shape);
        }

        /** Each square of a block of inputs by a block of outputs turned over: {@code [squares, b, b]}. */
        static String turnedOver(String squares, BlockedGraph graph) {
            GraphBuilder builder = graph.builder();
            int block = graph.block();
            return graph.shared(
                    List.of(squares, "turned"),
                    () -> builder.transpose(builder.reshape(squares, -1, block, block), 0, 2, 1));
        }

        /** Where in the other's order this one's squares are. */
        private long[] squares(int block) {
            long[] of = forward.shape();
            int outputs = (int) of[0] / block;
            int inputs = (int) of[1] / block;
            long[] squares = new long[inputs * outputs * taps.length];
            int at = 0;
            for (int input = 0; input < inputs; input++) {
                for (int output = 0; output < outputs; output++) {
                    for (long tap : taps) {
                        squares[at++] = ((long) output * inputs + input) * of[2] * of[3] + tap;
                    }
                }
            }
            return squares;
        }
    }

    /** One that is computed at run time as {@code [inputs, rows, columns, outputs]}. */
    record OutputsLast(String tensor, long[] shape) implements BlockedKernel {

        @Override
        public String inOrder(boolean blockedInputs, BlockedGraph graph) {
            GraphBuilder builder = graph.builder();
            int block = graph.block();
            long[] filled = filled(blockedInputs, graph);
            String whole =
                    builder.pad(graph.plain(tensor), 0, 0, 0, 0, filled[1] - shape[1], 0, 0, filled[0] - shape[0]);
            long taps = shape[2] * shape[3];
            String ordered = blockedInputs
                    ? builder.transpose(
                            builder.reshape(whole, filled[1] / block, block, taps, filled[0] / block, block),
                            3,
                            0,
                            2,
                            1,
                            4)
                    : builder.transpose(builder.reshape(whole, filled[1], taps, filled[0] / block, block), 2, 0, 1, 3);
            return builder.reshape(ordered, filled);
        }
    }

    /** A blocked tensor {@code [n, outputs, rows, columns]}, of which each image is the kernel's part for one input. */
    record Exchanged(String tensor, long[] shape) implements BlockedKernel {

        @Override
        public String inOrder(boolean blockedInputs, BlockedGraph graph) {
            if (blockedInputs) {
                throw new IllegalArgumentException("images are no blocked inputs");
            }
            GraphBuilder builder = graph.builder();
            long[] filled = filled(false, graph);
            String blocked = graph.blocked(tensor);
            if (shape[1] == 1) {
                return builder.reshape(blocked, filled);
            }
            String images =
                    builder.reshape(blocked, shape[1], filled[0] / graph.block(), shape[2] * shape[3] * graph.block());
            return builder.reshape(builder.transpose(images, 1, 0, 2), filled);
        }
    }
}
