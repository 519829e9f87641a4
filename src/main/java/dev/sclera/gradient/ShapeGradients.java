package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Operators that change the form of a tensor, not its values: the slope takes the old form. */
final class ShapeGradients {

    private static final long FLOAT = TensorProto.DataType.FLOAT_VALUE;

    private ShapeGradients() {}

    static void reshape(NodeProto node, String slope, BackwardPass pass) {
        long[] shape = pass.shape(node.getInput(0));
        boolean same = Arrays.equals(shape, pass.shape(node.getOutput(0)));
        pass.add(node.getInput(0), same ? slope : pass.graph().reshape(slope, shape));
    }

    static void transpose(NodeProto node, String slope, BackwardPass pass) {
        int rank = pass.shape(node.getInput(0)).length;
        long[] permutation = Attributes.integers(node, "perm")
                .orElseGet(() ->
                        LongStream.range(0, rank).map(axis -> rank - 1 - axis).toArray());
        long[] inverse = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            inverse[(int) permutation[axis]] = axis;
        }
        pass.add(node.getInput(0), pass.graph().transpose(slope, inverse));
    }

    static void concat(NodeProto node, String slope, BackwardPass pass) {
        int rank = pass.shape(node.getOutput(0)).length;
        long axis = Math.floorMod(Attributes.integer(node, "axis", 0), (long) rank);
        long start = 0;
        for (String input : node.getInputList()) {
            long end = start + pass.shape(input)[(int) axis];
            if (pass.wants(input)) {
                long[] from = {start};
                long[] to = {end};
                pass.add(input, pass.graph().slice(slope, from, to, new long[] {axis}));
            }
            start = end;
        }
    }

    /** Parts that the loss does not depend on have a slope of zero. */
    static void split(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        List<String> slopes = new ArrayList<>(List.of(slope));
        for (String part : node.getOutputList().subList(1, node.getOutputCount())) {
            slopes.add(pass.slope(part).orElseGet(() -> graph.zeros(pass.shape(part))));
        }
        long axis = Attributes.integer(node, "axis", 0);
        pass.add(node.getInput(0), graph.add("Concat", slopes, Attributes.of("axis", axis)));
    }

    static void expand(NodeProto node, String slope, BackwardPass pass) {
        ArithmeticGradients.contribute(node, 0, slope, pass);
    }

    /** The sum over the copies. */
    static void tile(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        long[] x = pass.shape(node.getInput(0));
        long[] y = pass.shape(node.getOutput(0));
        long[] split = new long[2 * x.length];
        List<Long> copies = new ArrayList<>();
        for (int axis = 0; axis < x.length; axis++) {
            split[2 * axis] = y[axis] / x[axis];
            split[2 * axis + 1] = x[axis];
            if (split[2 * axis] > 1) {
                copies.add(2L * axis);
            }
        }
        if (copies.isEmpty()) {
            pass.add(node.getInput(0), slope);
            return;
        }
        long[] axes = copies.stream().mapToLong(Long::longValue).toArray();
        String sum = graph.sum(graph.reshape(slope, split), false, axes);
        pass.add(node.getInput(0), copies.size() == x.length ? sum : graph.reshape(sum, x));
    }

    static void depthToSpace(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        long block = Attributes.integer(node, "blocksize", 1);
        if (Attributes.text(node, "mode", "DCR").equals("DCR")) {
            pass.add(node.getInput(0), graph.add("SpaceToDepth", List.of(slope), Attributes.of("blocksize", block)));
            return;
        }
        long[] x = pass.shape(node.getInput(0));
        long channels = x[1] / (block * block);
        String split = graph.reshape(slope, x[0], channels, x[2], block, x[3], block);
        pass.add(node.getInput(0), graph.reshape(graph.transpose(split, 0, 1, 3, 5, 2, 4), x));
    }

    static void spaceToDepth(NodeProto node, String slope, BackwardPass pass) {
        long block = Attributes.integer(node, "blocksize", 1);
        pass.add(node.getInput(0), pass.graph().add("DepthToSpace", List.of(slope), Attributes.of("blocksize", block)));
    }

    /** A dropout that drops is random, and its gradient with it. */
    static void dropout(NodeProto node, String slope, BackwardPass pass) {
        Optional<Boolean> drops = node.getInputCount() > 2 && !node.getInput(2).isEmpty()
                ? Optional.of(pass.requireConstant(node, 2)).map(Tensors::truth)
                : Optional.empty();
        if (drops.orElse(false)) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (Dropout) drops at random; export the model in evaluation mode."
                            .formatted(node.getName()));
        }
        pass.add(node.getInput(0), slope);
    }

    /** Each value's slope is the sum over those that it went into. */
    static void cumulate(NodeProto node, String slope, BackwardPass pass) {
        long reverse = 1 - Attributes.integer(node, "reverse", 0);
        long exclusive = Attributes.integer(node, "exclusive", 0);
        pass.add(
                node.getInput(0),
                pass.graph()
                        .add(
                                "CumSum",
                                List.of(slope, node.getInput(1)),
                                Attributes.of("reverse", reverse),
                                Attributes.of("exclusive", exclusive)));
    }

    /** The triangle that was kept. */
    static void triangle(NodeProto node, String slope, BackwardPass pass) {
        List<String> inputs = new ArrayList<>(node.getInputList());
        inputs.set(0, slope);
        long upper = Attributes.integer(node, "upper", 1);
        pass.add(node.getInput(0), pass.graph().add("Trilu", inputs, Attributes.of("upper", upper)));
    }

    /** Between kinds of floats, all of which are computed as one; from integers there is nothing to follow. */
    static void cast(NodeProto node, String slope, BackwardPass pass) {
        if (Attributes.integer(node, "to", FLOAT) == FLOAT) {
            pass.add(node.getInput(0), slope);
        }
    }
}
