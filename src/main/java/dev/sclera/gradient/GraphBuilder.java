package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Adds nodes and constants to a graph, under names that tell where they come from, each operator in the form that it
 * has in the graph's opset.
 */
final class GraphBuilder {

    /**
     * What all added names begin with; a reader of the graph sees at once which half a node belongs to, and so does
     * {@link BlockedConv}.
     */
    static final String PREFIX = "gradient/";

    /** The slope of step functions: a power of two, for it is to scale without rounding. */
    static final float STEEP = 0x1p100f;

    /** Constants of more values are not looked for among those that are there already: few are ever the same. */
    private static final int LARGE = 64;

    private final GraphProto.Builder graph;
    private final long opset;
    private final String prefix;
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<String, String> constants = new HashMap<>();

    GraphBuilder(GraphProto.Builder graph, long opset) {
        this(graph, opset, PREFIX);
    }

    /** @param prefix what all added names begin with */
    GraphBuilder(GraphProto.Builder graph, long opset, String prefix) {
        this.graph = graph;
        this.opset = opset;
        this.prefix = prefix;
    }

    /** The version of the standard operators that nodes are written in. */
    long opset() {
        return opset;
    }

    /** Adds the nodes and constants of another graph of this opset, whose names are not taken. */
    void append(GraphProto other) {
        graph.addAllNode(other.getNodeList()).addAllInitializer(other.getInitializerList());
    }

    /** Adds a node with one output, and gives the output's name. */
    String add(String operator, List<String> inputs, AttributeProto... attributes) {
        String output = name(operator);
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes)));
        return output;
    }

    /** Adds a node whose output has a name of its own. */
    void addNamed(String output, String operator, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output.startsWith(prefix) ? output : prefix + output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes)));
    }

    String floats(float[] values, long... shape) {
        if (values.length > LARGE) {
            return constant(Tensors.of(name("constant"), values, shape));
        }
        String key = "f" + Arrays.toString(shape) + Arrays.toString(values);
        return constants.computeIfAbsent(key, absent -> constant(Tensors.of(name("constant"), values, shape)));
    }

    String scalar(double value) {
        return floats(new float[] {(float) value});
    }

    String doubleScalar(double value) {
        return constants.computeIfAbsent("d" + value, absent -> constant(Tensors.of(name("constant"), value)));
    }

    /** A scalar of 8 bits. */
    String int8(int value) {
        return constants.computeIfAbsent(
                "b" + value,
                absent -> constant(TensorProto.newBuilder()
                        .setName(name("constant"))
                        .setDataType(TensorProto.DataType.INT8_VALUE)
                        .addInt32Data(value)
                        .build()));
    }

    /** A vector of integers, as shapes and axes are given. */
    String longs(long... values) {
        return longs(values, new long[] {values.length});
    }

    String longs(long[] values, long[] shape) {
        String key = "i" + Arrays.toString(shape) + Arrays.toString(values);
        return constants.computeIfAbsent(key, absent -> constant(Tensors.of(name("constant"), values, shape)));
    }

    private String constant(TensorProto tensor) {
        graph.addInitializer(tensor);
        return tensor.getName();
    }

    private String name(String what) {
        int number = names.merge(what, 1, Integer::sum);
        return prefix + what + "_" + number;
    }

    String reshape(String tensor, long... shape) {
        return add("Reshape", List.of(tensor, longs(shape)));
    }

    String transpose(String tensor, long... permutation) {
        return add("Transpose", List.of(tensor), Attributes.of("perm", permutation));
    }

    String multiply(String left, String right) {
        return add("Mul", List.of(left, right));
    }

    String plus(String left, String right) {
        return add("Add", List.of(left, right));
    }

    String minus(String left, String right) {
        return add("Sub", List.of(left, right));
    }

    String divide(String left, String right) {
        return add("Div", List.of(left, right));
    }

    String times(String tensor, double factor) {
        return factor == 1 ? tensor : multiply(tensor, scalar(factor));
    }

    String plus(String tensor, double summand) {
        return summand == 0 ? tensor : plus(tensor, scalar(summand));
    }

    String zeros(long... shape) {
        return add("ConstantOfShape", List.of(longs(shape)));
    }

    /** Sums over axes; with {@code keep} they stay as 1. */
    String sum(String tensor, boolean keep, long... axes) {
        AttributeProto keepdims = Attributes.of("keepdims", keep ? 1L : 0L);
        return opset >= 13
                ? add("ReduceSum", List.of(tensor, longs(axes)), keepdims)
                : add("ReduceSum", List.of(tensor), Attributes.of("axes", axes), keepdims);
    }

    /** Sums all but the channels, {@code [n,c,…] → [c]}; the positions first, which lie together. */
    String channelSum(String tensor, long... shape) {
        long positions = Tensors.size(shape) / shape[0] / shape[1];
        if (positions > 1 && shape.length == 4) {
            return sum(reshape(sum(tensor, true, 2, 3), shape[0], shape[1]), false, 0);
        }
        String perImage = positions == 1 && shape.length == 2
                ? tensor
                : sum(reshape(tensor, shape[0], shape[1], positions), false, 2);
        return sum(perImage, false, 0);
    }

    /** Means over axes, which stay as 1. */
    String mean(String tensor, long... axes) {
        return opset >= 18
                ? add("ReduceMean", List.of(tensor, longs(axes)))
                : add("ReduceMean", List.of(tensor), Attributes.of("axes", axes));
    }

    /** Products over axes, which stay as 1. */
    String product(String tensor, long... axes) {
        return opset >= 18
                ? add("ReduceProd", List.of(tensor, longs(axes)))
                : add("ReduceProd", List.of(tensor), Attributes.of("axes", axes));
    }

    String slice(String tensor, long[] starts, long[] ends, long[] axes) {
        return add("Slice", List.of(tensor, longs(starts), longs(ends), longs(axes)));
    }

    /** Parts of a tensor that lie one behind the other along an axis, of these sizes. */
    List<String> split(String tensor, long axis, long... sizes) {
        String first = name("Split");
        List<String> outputs =
                IntStream.range(0, sizes.length).mapToObj(i -> first + "_" + i).toList();
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Split")
                .setName(first)
                .addAllInput(List.of(tensor, longs(sizes)))
                .addAllOutput(outputs)
                .addAttribute(Attributes.of("axis", axis)));
        return outputs;
    }

    /** Pads with zeros, or crops where a pad is negative; {@code pads} as ONNX has them, all begins before all ends. */
    String pad(String tensor, long... pads) {
        return Arrays.stream(pads).allMatch(pad -> pad == 0) ? tensor : add("Pad", List.of(tensor, longs(pads)));
    }

    /** The tensor in another type of values. */
    String cast(String tensor, int type) {
        return add("Cast", List.of(tensor), Attributes.of("to", (long) type));
    }

    String expand(String tensor, long... shape) {
        return add("Expand", List.of(tensor, longs(shape)));
    }

    /**
     * 1 where the tensor is above the threshold, else 0, as one operator on floats: comparisons with casts would cost a
     * change of memory layout around each where the runtime itself blocks the graph.
     */
    String above(String tensor, double threshold) {
        return step(tensor, STEEP, threshold);
    }

    /** 1 where the tensor is below the threshold, else 0. */
    String below(String tensor, double threshold) {
        return step(tensor, -STEEP, threshold);
    }

    /** 1 where a tensor that is nowhere above zero is zero, else 0. */
    String reachesZero(String tensor) {
        return add("HardSigmoid", List.of(tensor), Attributes.of("alpha", STEEP), Attributes.of("beta", 1f));
    }

    /** The part of the first of two: 1 where it is larger, one half where they are equal, else 0. */
    String shareOfLarger(String first, String second) {
        return add(
                "HardSigmoid",
                List.of(minus(first, second)),
                Attributes.of("alpha", STEEP),
                Attributes.of("beta", 0.5f));
    }

    /** 1 where the tensor is zero, else 0. */
    String isZero(String tensor) {
        return minus(scalar(1), add("Abs", List.of(add("Sign", List.of(tensor)))));
    }

    /** The tensor with 1 in place of its zeros: what may be divided by. */
    String nonZero(String tensor) {
        return plus(tensor, isZero(tensor));
    }

    private String step(String tensor, double slope, double threshold) {
        // a power of two scales without rounding, so the step is exactly at the threshold, and 0 there
        return add("HardSigmoid", List.of(tensor), Attributes.of("alpha", (float) slope), Attributes.of("beta", (float)
                (-slope * (float) threshold)));
    }

    /** Undoes broadcasting: sums a slope of one shape over the axes along which a tensor of another was repeated. */
    String reduceTo(String slope, long[] from, long[] to) {
        if (Arrays.equals(from, to)) {
            return slope;
        }
        int lead = from.length - to.length;
        long[] axes = new long[from.length];
        int count = 0;
        for (int axis = 0; axis < from.length; axis++) {
            if (axis < lead || (to[axis - lead] == 1 && from[axis] != 1)) {
                axes[count++] = axis;
            }
        }
        String reduced = count == 0 ? slope : sum(slope, true, Arrays.copyOf(axes, count));
        return lead == 0 ? reduced : reshape(reduced, to);
    }
}
