package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes large tensors between a convolution and a convolution per channel a group of channels at a time. An inverted
 * residual (Sandler et al. 2018, section 3.3) expands its input to several times the channels for just that: as a whole
 * they fill a processor's caches, so that each operator and its slope would read from memory what the one before wrote.
 * The depthwise convolution's results, which are smaller or soon smaller, are put together again.
 */
final class ChannelGroups {

    /** Values of a group: what they take is about what a core has of the second level of its caches. */
    static final long LARGEST = 1 << 19;

    /** Channels of a group: with fewer, the runtime's blocked convolutions have too little to do at once. */
    private static final long NARROWEST = 32;

    private static final long BLOCK = 16;

    /** Operators on single values, or on the single values of several tensors of one shape. */
    private static final Set<String> ELEMENTWISE =
            Set.of("Relu", "Clip", "LeakyRelu", "Sigmoid", "HardSigmoid", "HardSwish", "Elu", "Mul");

    private final StaticGraph source;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Set<String> outputs;
    private final GraphProto.Builder graph;
    private final Map<String, long[]> shapes = new HashMap<>();

    private ChannelGroups(StaticGraph source) {
        this.source = source;
        GraphProto whole = source.model().getGraph();
        whole.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
        outputs = new HashSet<>(Values.names(whole.getOutputList()));
        graph = whole.toBuilder().clearNode();
    }

    /** The graph with such tensors in groups; what it computes is the same, but for the order of sums in its slopes. */
    static StaticGraph of(StaticGraph source) {
        ChannelGroups groups = new ChannelGroups(source);
        Map<NodeProto, Stretch> ends = new HashMap<>();
        Set<NodeProto> within = new HashSet<>();
        List<NodeProto> nodes = source.model().getGraph().getNodeList();
        for (int i = 0; i < nodes.size(); i++) {
            groups.stretch(nodes.get(i), nodes.subList(i + 1, nodes.size())).ifPresent(stretch -> {
                ends.put(stretch.depthwise(), stretch);
                within.add(stretch.conv());
                within.addAll(stretch.between());
            });
        }
        if (ends.isEmpty()) {
            return source;
        }
        for (NodeProto node : nodes) {
            if (ends.containsKey(node)) {
                groups.add(ends.get(node));
            } else if (!within.contains(node)) {
                groups.graph.addNode(node);
            }
        }
        groups.dropWholeWeights(ends.values());
        return source.with(source.model().toBuilder().setGraph(groups.graph).build(), groups.shapes);
    }

    /**
     * A convolution, what follows value by value, and the convolution per channel that alone reads it.
     *
     * @param groups in how many it is computed
     */
    private record Stretch(NodeProto conv, List<NodeProto> between, NodeProto depthwise, int groups) {}

    /** @param after the nodes that come after the convolution */
    private Optional<Stretch> stretch(NodeProto conv, List<NodeProto> after) {
        String expanded = conv.getOutputCount() > 0 ? conv.getOutput(0) : "";
        long[] shape = source.types().shape(expanded).orElse(new long[0]);
        if (!isConv(conv) || Attributes.integer(conv, "group", 1) != 1 || shape.length != 4 || groups(shape) == 1) {
            return Optional.empty();
        }
        Set<String> tensors = new HashSet<>(Set.of(expanded));
        List<NodeProto> between = new ArrayList<>();
        NodeProto depthwise = null;
        for (NodeProto next : after) {
            if (next.getInputList().stream().noneMatch(tensors::contains)) {
                continue;
            }
            if (isElementwise(next, tensors)) {
                between.add(next);
                tensors.add(next.getOutput(0));
            } else if (isDepthwise(next, shape[1]) && depthwise == null) {
                depthwise = next;
            } else {
                return Optional.empty();
            }
        }
        boolean inside = tensors.stream().noneMatch(outputs::contains);
        return depthwise != null && inside
                ? Optional.of(new Stretch(conv, between, depthwise, groups(shape)))
                : Optional.empty();
    }

    /** The fewest groups that are small enough, or the smallest; 1 where it cannot or need not be split. */
    private static int groups(long[] shape) {
        long values = Tensors.size(shape);
        int groups = 1;
        for (int count = 2; values / groups > LARGEST && shape[1] / count >= NARROWEST; count++) {
            if (shape[1] % (count * BLOCK) == 0) {
                groups = count;
            }
        }
        return groups;
    }

    private boolean isConv(NodeProto node) {
        return node.getOpType().equals("Conv")
                && node.getInputList().stream().skip(1).allMatch(constants::containsKey);
    }

    private boolean isDepthwise(NodeProto node, long channels) {
        return isConv(node)
                && Attributes.integer(node, "group", 1) == channels
                && constants.get(node.getInput(1)).getDims(0) == channels;
    }

    private boolean isElementwise(NodeProto node, Set<String> tensors) {
        return ELEMENTWISE.contains(node.getOpType())
                && node.getInputList().stream()
                        .allMatch(input -> input.isEmpty() || tensors.contains(input) || isScalar(input));
    }

    private boolean isScalar(String input) {
        TensorProto constant = constants.get(input);
        return constant != null && constant.getDimsCount() <= 4 && Tensors.size(Tensors.shape(constant)) == 1;
    }

    /** Takes away the weights of which only parts are read now. */
    private void dropWholeWeights(Collection<Stretch> stretches) {
        Set<String> whole = new HashSet<>();
        stretches.forEach(stretch -> {
            whole.addAll(stretch.conv().getInputList());
            whole.addAll(stretch.depthwise().getInputList());
        });
        graph.getNodeList().forEach(node -> whole.removeAll(node.getInputList()));
        List<TensorProto> kept = graph.getInitializerList().stream()
                .filter(weight -> !whole.contains(weight.getName()))
                .toList();
        graph.clearInitializer().addAllInitializer(kept);
    }

    private void add(Stretch stretch) {
        List<String> parts = new ArrayList<>();
        for (int group = 0; group < stretch.groups(); group++) {
            String suffix = "/group_" + group;
            Map<String, String> names = new HashMap<>();
            add(part(stretch.conv(), stretch.groups(), group), names, suffix, stretch.groups());
            stretch.between().forEach(node -> add(node, names, suffix, stretch.groups()));
            NodeProto depthwise = part(stretch.depthwise(), stretch.groups(), group);
            parts.add(add(withGroups(depthwise, stretch.groups()), names, suffix, stretch.groups()));
        }
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Concat")
                .setName(stretch.depthwise().getName() + "/groups")
                .addAllInput(parts)
                .addOutput(stretch.depthwise().getOutput(0))
                .addAttribute(Attributes.of("axis", 1L)));
    }

    private String add(NodeProto node, Map<String, String> names, String suffix, int groups) {
        String output = node.getOutput(0);
        String part = output + suffix;
        NodeProto.Builder added =
                node.toBuilder().setName(node.getName() + suffix).setOutput(0, part);
        for (int i = 0; i < node.getInputCount(); i++) {
            added.setInput(i, names.getOrDefault(node.getInput(i), node.getInput(i)));
        }
        names.put(output, part);
        graph.addNode(added);
        long[] shape = source.types().shape(output).orElseThrow().clone();
        shape[1] /= groups;
        shapes.put(part, shape);
        return part;
    }

    /** A convolution with the weights of one group of its outputs. */
    private NodeProto part(NodeProto conv, int groups, int group) {
        NodeProto.Builder part = conv.toBuilder();
        for (int i = 1; i < conv.getInputCount(); i++) {
            TensorProto whole = constants.get(conv.getInput(i));
            float[] values = Tensors.floats(whole);
            int length = values.length / groups;
            long[] shape = Tensors.shape(whole);
            shape[0] /= groups;
            // two convolutions may share weights, and not be split alike
            String name = conv.getInput(i) + "/group_" + group + "_of_" + groups;
            if (!constants.containsKey(name)) {
                TensorProto weights =
                        Tensors.of(name, Arrays.copyOfRange(values, group * length, (group + 1) * length), shape);
                constants.put(name, weights);
                graph.addInitializer(weights);
                shapes.put(name, shape);
            }
            part.setInput(i, name);
        }
        return part.build();
    }

    private static NodeProto withGroups(NodeProto depthwise, int groups) {
        NodeProto.Builder fewer = depthwise.toBuilder();
        fewer.getAttributeBuilderList().stream()
                .filter(attribute -> attribute.getName().equals("group"))
                .forEach(attribute -> attribute.setI(attribute.getI() / groups));
        return fewer.build();
    }
}
