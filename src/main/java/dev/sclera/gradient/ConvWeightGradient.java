package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The slope of a convolution's kernel: for each tap, what the tap saw of the input (a strided slice of it) times the
 * output's slope, summed over images and positions. As products of matrices, by shape:
 *
 * <ul>
 *   <li>many positions: one product per image, its positions summed in it, and the products added up;
 *   <li>few positions and many channels: the products of the images would be larger than what is multiplied, so images
 *       and positions are laid out as one axis, for a single product;
 *   <li>one channel per group: a product has nothing to share, and a grouped convolution of the input by the slope is
 *       fastest;
 *   <li>where convolutions will run in the {@linkplain BlockedLayout blocked layout}, many positions, several taps: a
 *       convolution of the input by the slope too, for each image, its channels as images. Each tap is a pixel of its
 *       result, so that nothing is copied per tap.
 * </ul>
 */
final class ConvWeightGradient {

    private static final long MANY_POSITIONS = 150;

    /** Each is a convolution of its own; with more, the graph grows long. */
    private static final long MOST_IMAGES = 16;

    private ConvWeightGradient() {}

    static void weight(NodeProto node, String slope, BackwardPass pass) {
        long[] w = pass.shape(node.getInput(1));
        long[] x = pass.shape(node.getInput(0));
        long[] y = pass.shape(node.getOutput(0));
        long[] kernel = w.length == 4 ? new long[] {w[2], w[3]} : new long[2];
        Convolution convolution =
                new Convolution(Window.of(node, x, y, kernel), w, x, y, Attributes.integer(node, "group", 1));
        String gradient;
        if (convolution.channels() == 1 && convolution.outputs() == 1) {
            gradient = depthwise(node.getInput(0), slope, convolution, pass.graph());
        } else if (pass.blockedConvolutions() && convolution.suitsBlocks()) {
            gradient = convolved(node.getInput(0), slope, convolution, pass.graph());
        } else if (convolution.groups() == 1 && convolution.productsOutweighFactors()) {
            gradient = singleProduct(node.getInput(0), slope, convolution, pass.graph());
        } else {
            gradient = productPerImage(node.getInput(0), slope, convolution, pass.graph());
        }
        pass.add(node.getInput(1), gradient);
    }

    static void bias(NodeProto node, String slope, BackwardPass pass) {
        pass.add(node.getInput(2), pass.graph().channelSum(slope, pass.shape(node.getOutput(0))));
    }

    private static String depthwise(String input, String slope, Convolution conv, GraphBuilder graph) {
        Window rows = conv.windows()[0];
        Window columns = conv.windows()[1];
        long planes = conv.images() * conv.groups();
        String image = graph.reshape(input, 1, planes, rows.input(), columns.input());
        String kernel = graph.reshape(slope, planes, 1, rows.output(), columns.output());
        // where the windows leave a rest of the input unseen, the pads crop it: the output is the kernel then
        String padded =
                graph.pad(image, 0, 0, 0, 0, 0, 0, Math.min(0, rows.overhang()), Math.min(0, columns.overhang()));
        String seen = graph.add(
                "Conv",
                List.of(padded, kernel),
                Attributes.of("kernel_shape", new long[] {rows.output(), columns.output()}),
                Attributes.of("dilations", new long[] {rows.stride(), columns.stride()}),
                Attributes.of("strides", new long[] {rows.dilation(), columns.dilation()}),
                Attributes.of("pads", new long[] {
                    rows.padBefore(), columns.padBefore(), Math.max(0, rows.overhang()), Math.max(0, columns.overhang())
                }),
                Attributes.of("group", planes));
        long[] w = conv.kernel();
        String apart = graph.reshape(seen, conv.images(), w[0], w[2] * w[3]);
        return graph.reshape(graph.sum(apart, false, 0), w);
    }

    /** Image by image: the slope of one, as a kernel, stays in the cache while it passes over the channels. */
    private static String convolved(String input, String slope, Convolution conv, GraphBuilder graph) {
        Window rows = conv.windows()[0];
        Window columns = conv.windows()[1];
        String sum = "";
        for (long image = 0; image < conv.images(); image++) {
            String channels =
                    graph.reshape(image(input, image, conv, graph), conv.x()[1], 1, rows.input(), columns.input());
            // padded beforehand: a pad within the convolution would be one at two of the three pixels of a line
            String padded = graph.pad(
                    channels, 0, 0, rows.padBefore(), columns.padBefore(), 0, 0, rows.overhang(), columns.overhang());
            String seen = graph.add(
                    "Conv",
                    List.of(padded, graph.transpose(image(slope, image, conv, graph), 1, 0, 2, 3)),
                    Attributes.of("kernel_shape", new long[] {rows.output(), columns.output()}),
                    Attributes.of("dilations", new long[] {rows.stride(), columns.stride()}),
                    Attributes.of("strides", new long[] {rows.dilation(), columns.dilation()}));
            sum = image == 0 ? seen : graph.plus(sum, seen);
        }
        return graph.transpose(sum, 1, 0, 2, 3);
    }

    private static String image(String images, long which, Convolution conv, GraphBuilder graph) {
        return conv.images() == 1
                ? images
                : graph.slice(images, new long[] {which}, new long[] {which + 1}, new long[] {0});
    }

    private static String singleProduct(String input, String slope, Convolution conv, GraphBuilder graph) {
        long[] w = conv.kernel();
        long columns = conv.images() * conv.positions();
        List<String> taps = taps(graph.transpose(input, 1, 0, 2, 3), conv, graph);
        String stacked = taps.size() == 1 ? taps.get(0) : graph.add("Concat", taps, Attributes.of("axis", 0L));
        String product = graph.add(
                "Gemm",
                List.of(
                        graph.reshape(graph.transpose(slope, 1, 0, 2, 3), w[0], columns),
                        graph.reshape(stacked, w[1] * taps.size(), columns)),
                Attributes.of("transB", 1L));
        return tapsLast(product, w, graph);
    }

    private static String productPerImage(String input, String slope, Convolution conv, GraphBuilder graph) {
        long[] w = conv.kernel();
        long[] perGroup = {conv.images(), conv.groups(), conv.channels(), conv.positions()};
        List<String> taps = taps(input, conv, graph);
        List<String> grouped = new ArrayList<>();
        taps.forEach(tap -> grouped.add(graph.reshape(tap, perGroup)));
        String stacked = taps.size() == 1 ? grouped.get(0) : graph.add("Concat", grouped, Attributes.of("axis", 2L));
        String slopes = graph.reshape(slope, conv.images(), conv.groups(), conv.outputs(), conv.positions());
        String products = graph.add("MatMul", List.of(slopes, graph.transpose(stacked, 0, 1, 3, 2)));
        return tapsLast(graph.sum(products, false, 0), w, graph);
    }

    /** From {@code [outputs, taps, channels]} to the kernel's shape. */
    private static String tapsLast(String product, long[] w, GraphBuilder graph) {
        long count = w[2] * w[3];
        return count == 1
                ? graph.reshape(product, w)
                : graph.reshape(graph.transpose(graph.reshape(product, w[0], count, w[1]), 0, 2, 1), w);
    }

    /** What each tap of the kernel saw of the input, in reading order: {@code [·,·,output rows, output columns]}. */
    private static List<String> taps(String input, Convolution conv, GraphBuilder graph) {
        Window rows = conv.windows()[0];
        Window columns = conv.windows()[1];
        String padded = graph.pad(
                input,
                0,
                0,
                rows.padBefore(),
                columns.padBefore(),
                0,
                0,
                Math.max(0, rows.overhang()),
                Math.max(0, columns.overhang()));
        List<String> taps = new ArrayList<>();
        for (int row = 0; row < rows.kernel(); row++) {
            for (int column = 0; column < columns.kernel(); column++) {
                taps.add(conv.seesAll() ? padded : tap(padded, row, column, rows, columns, graph));
            }
        }
        return taps;
    }

    private static String tap(String padded, int row, int column, Window rows, Window columns, GraphBuilder graph) {
        long top = (long) row * rows.dilation();
        long left = (long) column * columns.dilation();
        return graph.add(
                "Slice",
                List.of(
                        padded,
                        graph.longs(top, left),
                        graph.longs(
                                top + (rows.output() - 1L) * rows.stride() + 1,
                                left + (columns.output() - 1L) * columns.stride() + 1),
                        graph.longs(2, 3),
                        graph.longs(rows.stride(), columns.stride())));
    }

    /**
     * A convolution's shapes.
     *
     * @param windows where the kernel is applied
     * @param kernel {@code [outputs, channels per group, rows, columns]}
     * @param x {@code [n, channels, h, w]}
     * @param y {@code [n, outputs, h', w']}
     * @param groups into how many groups the channels fall
     */
    private record Convolution(Window[] windows, long[] kernel, long[] x, long[] y, long groups) {

        long images() {
            return x[0];
        }

        /** Input channels of a group. */
        long channels() {
            return kernel[1];
        }

        /** Output channels of a group. */
        long outputs() {
            return kernel[0] / groups;
        }

        long positions() {
            return y[2] * y[3];
        }

        /** Measured on ResNet-18's and EfficientNet-B0's layers: this is where the two formulations change places. */
        boolean productsOutweighFactors() {
            long product = LongStream.of(kernel).reduce(1, (a, b) -> a * b);
            return product > (kernel[0] + kernel[1]) * positions();
        }

        /** Measured on ResNet-18's layers: with fewer positions, or one pixel, the products are faster. */
        boolean suitsBlocks() {
            return groups == 1
                    && kernel[2] * kernel[3] > 1
                    && kernel[0] % 4 == 0
                    && positions() >= MANY_POSITIONS
                    && images() <= MOST_IMAGES;
        }

        /** Whether the one tap of the kernel sees the whole input. */
        boolean seesAll() {
            return kernel[2] * kernel[3] == 1
                    && windows[0].stride() == 1
                    && windows[1].stride() == 1
                    && windows[0].input() == windows[0].output()
                    && windows[1].input() == windows[1].output();
        }
    }
}
