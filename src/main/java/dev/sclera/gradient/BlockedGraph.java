package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A graph under way from the standard layout to the blocked one: which tensors exist in which of the two, and what
 * takes them from one to the other, added where it is first needed.
 *
 * <p>Blocked, {@code [n, c, h, w]} lies in memory as {@code [n, c/b, h, w, b]}; the runtime still calls its shape
 * {@code [n, c, h, w]}, c filled up to a multiple of b. What is in the filling is not defined, but finite.
 */
final class BlockedGraph {

    /** The domain of ONNX Runtime's own blocked operators. */
    static final String DOMAIN = "com.microsoft.nchwc";

    /** What the names of added nodes begin with. */
    static final String PREFIX = "blocked/";

    /** The runtime's reordering works on so many channels at once. */
    private static final int REORDERED = 4;

    private final int block;
    private final Map<String, long[]> shapes;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, List<NodeProto>> consumers = new HashMap<>();
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Set<String> zeros = new HashSet<>();
    private final Set<String> outputs = new HashSet<>();
    private final Set<String> known = new HashSet<>();
    private final Map<String, String> plain = new HashMap<>();
    private final Map<String, String> blocked = new HashMap<>();
    private final Map<String, Deferred> deferred = new HashMap<>();
    private final Map<String, BlockedKernel> kernels = new HashMap<>();
    private final Map<List<?>, String> shared = new HashMap<>();
    private final GraphProto.Builder graph;
    private final GraphBuilder builder;

    /** A blocked tensor whose computation is put off, since what consumes it may become part of it. */
    interface Deferred {

        /** Adds the computation, and gives the name of the blocked result. */
        String emit(BlockedGraph graph);
    }

    BlockedGraph(ModelProto model, int block) {
        this.block = block;
        this.shapes = TensorTypes.of(model).shapes();
        GraphProto source = model.getGraph();
        source.getInitializerList().forEach(weight -> {
            constants.put(weight.getName(), weight);
            known.add(weight.getName());
        });
        source.getInputList().forEach(input -> known.add(input.getName()));
        for (NodeProto node : source.getNodeList()) {
            node.getOutputList().forEach(output -> producers.put(output, node));
            for (String input : node.getInputList()) {
                consumers.computeIfAbsent(input, absent -> new ArrayList<>()).add(node);
            }
        }
        source.getNodeList().stream()
                .filter(node -> node.getOpType().equals("ConstantOfShape") && node.getAttributeCount() == 0)
                .forEach(node -> zeros.add(node.getOutput(0)));
        source.getOutputList().forEach(output -> outputs.add(output.getName()));
        graph = source.toBuilder().clearNode().clearValueInfo();
        builder = new GraphBuilder(graph, StaticGraph.opset(model), PREFIX);
    }

    /** What it has become. */
    GraphProto finish(List<ValueInfoProto> graphOutputs) {
        for (ValueInfoProto output : graphOutputs) {
            String name = plain(output.getName());
            if (!name.equals(output.getName())) {
                builder.addNamed(output.getName(), "Identity", List.of(name));
            }
        }
        Set<String> used = new HashSet<>();
        graph.getNodeList().forEach(node -> used.addAll(node.getInputList()));
        List<TensorProto> kept = graph.getInitializerList().stream()
                .filter(weight -> used.contains(weight.getName()))
                .toList();
        return graph.clearInitializer().addAllInitializer(kept).build();
    }

    int block() {
        return block;
    }

    BlockedWeights weights() {
        return new BlockedWeights(block);
    }

    GraphBuilder builder() {
        return builder;
    }

    long[] shape(String tensor) {
        long[] shape = shapes.get(tensor);
        return shape == null ? new long[0] : shape.clone();
    }

    boolean sameShape(String a, String b) {
        return Arrays.equals(shape(a), shape(b));
    }

    /** The shape of the blocked form of a tensor. */
    long[] blockedShape(String tensor) {
        long[] shape = shape(tensor);
        shape[1] = weights().aligned(shape[1]);
        return shape;
    }

    Optional<TensorProto> constant(String tensor) {
        return Optional.ofNullable(constants.get(tensor));
    }

    boolean isScalar(String tensor) {
        return constants.containsKey(tensor) && Tensors.size(shape(tensor)) == 1 && shape(tensor).length <= 4;
    }

    /** Whether a tensor was made to hold zeros alone. */
    boolean isZeros(String tensor) {
        return zeros.contains(tensor);
    }

    /** The node of the standard graph that computes a tensor; empty for inputs and constants. */
    Optional<NodeProto> producer(String tensor) {
        return Optional.ofNullable(producers.get(tensor));
    }

    List<NodeProto> consumers(String tensor) {
        return consumers.getOrDefault(tensor, List.of());
    }

    /** Whether one node alone reads a tensor, and once. */
    boolean singleUse(String tensor) {
        return consumers(tensor).size() == 1 && !outputs.contains(tensor);
    }

    /** The one node that reads a node's output, where it is of this type. */
    Optional<NodeProto> only(NodeProto node, String type) {
        return Optional.of(node.getOutput(0))
                .filter(this::singleUse)
                .map(output -> consumers(output).get(0))
                .filter(consumer -> consumer.getOpType().equals(type));
    }

    /** Whether a tensor exists in blocked form. */
    boolean isBlocked(String tensor) {
        return blocked.containsKey(tensor) || deferred.containsKey(tensor);
    }

    /** Whether a tensor can be had in blocked form. */
    boolean canBlock(String tensor) {
        long[] shape = shape(tensor);
        return isBlocked(tensor)
                || (shape.length == 4
                        && shape[1] % REORDERED == 0
                        && shape[1] >= block / 2
                        && !constants.containsKey(tensor));
    }

    /** Whether the channels of a tensor fill their blocks. */
    boolean isAligned(String tensor) {
        long[] shape = shape(tensor);
        return shape.length == 4 && shape[1] % block == 0;
    }

    /** One pixel, whole blocks: the same in both layouts. */
    private boolean isEither(String tensor) {
        long[] shape = shape(tensor);
        return isAligned(tensor) && shape[2] == 1 && shape[3] == 1;
    }

    void setBlocked(String tensor, String name) {
        blocked.put(tensor, name);
    }

    void setPlain(String tensor, String name) {
        plain.put(tensor, name);
    }

    /** A tensor of one value per channel, in another shape. */
    String perChannel(String tensor, long... shape) {
        String reshaped = builder.reshape(plain(tensor), shape);
        plain.put(reshaped, reshaped);
        return reshaped;
    }

    /** Says how a tensor that a convolution alone reads, as its kernel, is brought into order. */
    void setKernel(String tensor, BlockedKernel kernel) {
        kernels.put(tensor, kernel);
    }

    /** A tensor as the kernel of a convolution. */
    BlockedKernel kernel(String tensor) {
        BlockedKernel kernel = kernels.get(tensor);
        if (kernel != null) {
            return kernel;
        }
        long[] shape = shape(tensor);
        return constant(tensor)
                .<BlockedKernel>map(constant -> new BlockedKernel.Constant(Tensors.floats(constant), shape))
                .orElseGet(() -> new BlockedKernel.Computed(tensor, shape));
    }

    /** What several may want, added for the first of them. */
    String shared(List<?> what, Supplier<String> computation) {
        String name = shared.get(what);
        if (name == null) {
            name = computation.get();
            shared.put(what, name);
        }
        return name;
    }

    void defer(String tensor, Deferred computation) {
        deferred.put(tensor, computation);
    }

    /** What is put off of a tensor, taken over by the caller. */
    <D extends Deferred> Optional<D> take(String tensor, Class<D> kind) {
        Deferred computation = deferred.get(tensor);
        if (!kind.isInstance(computation) || !singleUse(tensor)) {
            return Optional.empty();
        }
        deferred.remove(tensor);
        return Optional.of(kind.cast(computation));
    }

    /** What is put off of a tensor, left where it is. */
    <D extends Deferred> Optional<D> peek(String tensor, Class<D> kind) {
        Deferred computation = deferred.get(tensor);
        return kind.isInstance(computation) && singleUse(tensor)
                ? Optional.of(kind.cast(computation))
                : Optional.empty();
    }

    /** The name of a tensor in blocked form. */
    String blocked(String tensor) {
        Deferred computation = deferred.remove(tensor);
        if (computation != null) {
            blocked.put(tensor, computation.emit(this));
        }
        String name = blocked.get(tensor);
        if (name == null) {
            name = isEither(tensor) ? plain(tensor) : add("ReorderInput", List.of(plain(tensor)));
            blocked.put(tensor, name);
        }
        return name;
    }

    /** The name of a tensor in the standard layout. */
    String plain(String tensor) {
        if (known.contains(tensor) || tensor.isEmpty()) {
            return tensor;
        }
        String name = plain.get(tensor);
        if (name == null) {
            String inBlocks = blocked(tensor);
            name = isEither(tensor)
                    ? inBlocks
                    : add("ReorderOutput", List.of(inBlocks), Attributes.of("channels", shape(tensor)[1]));
            plain.put(tensor, name);
        }
        return name;
    }

    /** Adds a blocked operator of the runtime's. */
    String add(String operator, List<String> inputs, AttributeProto... attributes) {
        return addOf(DOMAIN, operator, inputs, attributes);
    }

    /** Adds an operator of any domain. */
    String addOf(String domain, String operator, List<String> inputs, AttributeProto... attributes) {
        String output = builder.add(operator, inputs, attributes);
        graph.getNodeBuilder(graph.getNodeCount() - 1).setDomain(domain);
        return output;
    }

    /** Adds a node of the standard graph as it is. */
    void copy(NodeProto node) {
        NodeProto.Builder copy = node.toBuilder();
        for (int i = 0; i < node.getInputCount(); i++) {
            copy.setInput(i, plain(node.getInput(i)));
        }
        graph.addNode(copy);
        known.addAll(node.getOutputList());
    }

    /** A blocked tensor with its blocks as a dimension of their own: {@code [n, c/b, h, w, b]}. */
    String split(String tensor) {
        long[] shape = blockedShape(tensor);
        return builder.reshape(blocked(tensor), shape[0], shape[1] / block, shape[2], shape[3], block);
    }
}
