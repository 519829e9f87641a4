package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The slopes of kernels that are applied channel by channel, in the form that {@link ConvWeightGradient} gives them:
 * every plane of the input is convolved by the same plane of the slope, and the images' results are added. The blocked
 * slope has the very order that a blocked convolution per channel wants of its weights, so nothing is moved.
 */
final class BlockedKernelSlopes {

    private final BlockedGraph graph;

    BlockedKernelSlopes(BlockedGraph graph) {
        this.graph = graph;
    }

    /**
     * Computes such a slope, where the node is the first of those that do.
     *
     * @param done receives the others
     * @return whether it was
     */
    boolean rewrite(NodeProto node, Set<NodeProto> done) {
        Optional<Nodes> nodes = Nodes.from(node, graph);
        nodes.ifPresent(found -> {
            graph.setPlain(found.last().getOutput(0), sum(found));
            done.addAll(found.all());
        });
        return nodes.isPresent();
    }

    private String sum(Nodes nodes) {
        GraphBuilder builder = graph.builder();
        int block = graph.block();
        String image = nodes.planes().getInput(0);
        String slope = nodes.slopes().getInput(0);
        long[] x = graph.blockedShape(image);
        long[] y = graph.blockedShape(slope);
        long[] kernel = graph.shape(nodes.last().getOutput(0));
        long taps = kernel[2] * kernel[3];
        long planes = x[0] * x[1];
        String seen = graph.blocked(image);
        if (nodes.crop().isPresent()) {
            long[] cropped = graph.shape(nodes.crop().get().getOutput(0));
            seen = builder.slice(
                    graph.split(image), new long[] {0, 0}, new long[] {cropped[2], cropped[3]}, new long[] {2, 3});
            x[2] = cropped[2];
            x[3] = cropped[3];
        }
        List<AttributeProto> attributes = new ArrayList<>(nodes.conv().getAttributeList());
        attributes.removeIf(attribute -> attribute.getName().equals("group"));
        attributes.add(Attributes.of("group", planes));
        String each = graph.add(
                "Conv",
                List.of(
                        builder.reshape(seen, 1, planes, x[2], x[3]),
                        builder.reshape(graph.blocked(slope), planes, 1, y[2], y[3])),
                attributes.toArray(AttributeProto[]::new));
        String sum = builder.sum(builder.reshape(each, x[0], x[1] / block, taps, block), false, 0);
        String all = builder.reshape(builder.transpose(sum, 0, 2, 1), x[1], 1, kernel[2], kernel[3]);
        return x[1] == kernel[0] ? all : builder.slice(all, new long[] {0}, new long[] {kernel[0]}, new long[] {0});
    }

    /** The nodes, in the standard graph. */
    private record Nodes(
            NodeProto planes,
            NodeProto slopes,
            Optional<NodeProto> crop,
            NodeProto conv,
            NodeProto apart,
            NodeProto sum,
            NodeProto last) {

        static Optional<Nodes> from(NodeProto planes, BlockedGraph graph) {
            long[] from = graph.shape(planes.getInput(0));
            long[] to = graph.shape(planes.getOutput(0));
            boolean flat = from.length == 4 && to.length == 4 && to[0] == 1 && to[1] == from[0] * from[1];
            if (!flat || to[2] != from[2] || to[3] != from[3]) {
                return Optional.empty();
            }
            Optional<NodeProto> crop = graph.only(planes, "Pad");
            NodeProto image = crop.orElse(planes);
            Optional<NodeProto> conv = graph.only(image, "Conv")
                    .filter(next -> next.getInput(0).equals(image.getOutput(0)))
                    .filter(next -> Attributes.integer(next, "group", 1) == to[1]);
            Optional<NodeProto> slopes = conv.flatMap(next -> graph.producer(next.getInput(1)))
                    .filter(node -> node.getOpType().equals("Reshape"))
                    .filter(node -> graph.singleUse(node.getOutput(0)));
            Optional<NodeProto> apart = conv.flatMap(next -> graph.only(next, "Reshape"));
            Optional<NodeProto> sum = apart.flatMap(next -> graph.only(next, "ReduceSum"));
            Optional<NodeProto> last = sum.flatMap(next -> graph.only(next, "Reshape"));
            if (last.isEmpty() || slopes.isEmpty()) {
                return Optional.empty();
            }
            String image4 = planes.getInput(0);
            String slope4 = slopes.get().getInput(0);
            boolean fitting = graph.isBlocked(image4) && graph.isBlocked(slope4) && isPerChannel(last.get(), graph);
            return fitting
                    ? Optional.of(new Nodes(planes, slopes.get(), crop, conv.get(), apart.get(), sum.get(), last.get()))
                    : Optional.empty();
        }

        private static boolean isPerChannel(NodeProto last, BlockedGraph graph) {
            long[] kernel = graph.shape(last.getOutput(0));
            return kernel.length == 4 && kernel[1] == 1;
        }

        List<NodeProto> all() {
            List<NodeProto> all = new ArrayList<>(List.of(slopes, conv, apart, sum, last));
            crop.ifPresent(all::add);
            return all;
        }
    }
}
