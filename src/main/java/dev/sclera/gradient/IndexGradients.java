package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators that take values by index: slopes are summed where an index occurs twice. */
final class IndexGradients {

    private IndexGradients() {}

    static void gather(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        long[] whole = pass.shape(x);
        int axis = (int) Math.floorMod(Attributes.integer(node, "axis", 0), (long) whole.length);
        long[] part =
                AxisProduct.replaced(whole, axis, Tensors.size(pass.shape(node.getOutput(0))) / others(whole, axis));
        String flat = Arrays.equals(part, pass.shape(node.getOutput(0))) ? slope : graph.reshape(slope, part);
        Optional<TensorProto> constant = pass.constant(node.getInput(1));
        if (constant.isPresent()) {
            AxisMap map = AxisMap.of(Tensors.longs(constant.get()), whole[axis]);
            pass.add(x, map.back(flat, part, axis, graph));
        } else {
            pass.add(x, looked(node.getInput(1), flat, part, whole, axis, graph));
        }
    }

    private static long others(long[] shape, int axis) {
        return Tensors.size(AxisProduct.replaced(shape, axis, 1));
    }

    /** Indices that are known at run time only: the product with a matrix that has a 1 for each. */
    private static String looked(
            String indices, String slope, long[] part, long[] whole, int axis, GraphBuilder graph) {
        String picks = graph.add(
                "OneHot",
                List.of(
                        graph.reshape(indices, part[axis]),
                        graph.longs(whole[axis]),
                        graph.floats(new float[] {0, 1}, 2)),
                Attributes.of("axis", 0L));
        long before = 1;
        for (int other = 0; other < axis; other++) {
            before *= part[other];
        }
        long behind = Tensors.size(part) / before / part[axis];
        String product = graph.add("MatMul", List.of(picks, graph.reshape(slope, before, part[axis], behind)));
        return graph.reshape(product, whole);
    }

    static void gatherElements(NodeProto node, String slope, BackwardPass pass) {
        String x = node.getInput(0);
        long[] whole = pass.shape(x);
        long axis = Math.floorMod(Attributes.integer(node, "axis", 0), (long) whole.length);
        Optional<TensorProto> constant = pass.constant(node.getInput(1));
        if (constant.isEmpty()) {
            requireReduction(node, pass);
            pass.add(x, added("ScatterElements", node, slope, pass, Attributes.of("axis", axis)));
            return;
        }
        long[] indices = Tensors.longs(constant.get());
        long[] part = Tensors.shape(constant.get());
        long[] sources = new long[indices.length];
        for (int j = 0; j < indices.length; j++) {
            long[] place = place(j, part);
            place[(int) axis] = Math.floorMod(indices[j], whole[(int) axis]);
            sources[j] = position(place, whole);
        }
        pass.add(x, blocks(sources, 1, slope, whole, pass.graph()));
    }

    static void gatherNd(NodeProto node, String slope, BackwardPass pass) {
        String x = node.getInput(0);
        long[] whole = pass.shape(x);
        int batch = (int) Attributes.integer(node, "batch_dims", 0);
        Optional<TensorProto> constant = pass.constant(node.getInput(1));
        if (constant.isEmpty()) {
            if (batch > 0) {
                throw new UnsupportedGraphException(
                        "The node \"%s\" (GatherND) takes from each image of a batch by indices known at run time only; its gradient is known for constant indices, or without batch_dims."
                                .formatted(node.getName()));
            }
            requireReduction(node, pass);
            pass.add(x, added("ScatterND", node, slope, pass));
            return;
        }
        long[] indices = Tensors.longs(constant.get());
        long[] form = Tensors.shape(constant.get());
        int depth = (int) form[form.length - 1];
        long[] outer = Arrays.copyOf(whole, batch + depth);
        long tuplesPerBatch = indices.length / depth;
        for (int i = 0; i < batch; i++) {
            tuplesPerBatch /= whole[i];
        }
        long[] sources = new long[indices.length / depth];
        for (int j = 0; j < sources.length; j++) {
            long[] place = Arrays.copyOf(place((int) (j / tuplesPerBatch), Arrays.copyOf(whole, batch)), batch + depth);
            for (int i = 0; i < depth; i++) {
                place[batch + i] = Math.floorMod(indices[j * depth + i], outer[batch + i]);
            }
            sources[j] = position(place, outer);
        }
        long block = Tensors.size(whole) / Tensors.size(outer);
        pass.add(x, blocks(sources, block, slope, whole, pass.graph()));
    }

    /** Undoes taking blocks of values from places in the flattened tensor. */
    private static String blocks(long[] sources, long block, String slope, long[] whole, GraphBuilder graph) {
        long[] part = {sources.length, block};
        AxisMap map = AxisMap.of(sources, Tensors.size(whole) / block);
        return graph.reshape(map.back(graph.reshape(slope, part), part, 0, graph), whole);
    }

    private static String added(
            String operator, NodeProto node, String slope, BackwardPass pass, AttributeProto... attributes) {
        AttributeProto[] all = Arrays.copyOf(attributes, attributes.length + 1);
        all[attributes.length] = Attributes.of("reduction", "add");
        String zeros = pass.graph().zeros(pass.shape(node.getInput(0)));
        return pass.graph().add(operator, List.of(zeros, node.getInput(1), slope), all);
    }

    private static void requireReduction(NodeProto node, BackwardPass pass) {
        if (pass.opset() < 16) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (%s) takes values by indices known at run time only; its gradient needs opset 16, and the model is of opset %d. Convert it with onnx.version_converter."
                            .formatted(node.getName(), node.getOpType(), pass.opset()));
        }
    }

    /** Where the value at a position of the flattened tensor lies. */
    private static long[] place(int position, long[] shape) {
        long[] place = new long[shape.length];
        long rest = position;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            place[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return place;
    }

    private static long position(long[] place, long[] shape) {
        long position = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            position = position * shape[axis] + place[axis];
        }
        return position;
    }
}
