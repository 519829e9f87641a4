package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One step of the power method on the Jacobian J of a network's features with respect to its input: from a direction v
 * the figure {@code Σ|Jv|^q} and {@code Jᵀψ(Jv)} with {@code ψ(y) = sign(y)·|y|^(q−1)}, both exact (Boyd 1974, <i>The
 * Power Method for lp Norms</i>).
 *
 * <p>Jv without forward rules: the backward graph takes a slope u of the features to {@code Jᵀu}, which is linear in u;
 * so the gradient of {@code ⟨Jᵀu, v⟩} with respect to u is {@code Jv}, whatever u is. The rules are those of any other
 * gradient, applied to the backward graph.
 *
 * <p>Inputs: the network's own, its batch fixed to n; {@value #DIRECTION}, v, {@code [n,d]}, d being the size of an
 * input. Outputs: {@value GradientGraph#LOSSES} {@code [n]}, the figure per image; {@value GradientGraph#GRADIENT}, of
 * the input's shape.
 */
public final class JacobianPowerGraph {

    /** The input of one direction per image. */
    public static final String DIRECTION = "direction";

    private static final String SLOPE = "jacobian/slope";
    private static final String TANGENT_PREFIX = "tangent/";

    private JacobianPowerGraph() {}

    /**
     * Derives the graph.
     *
     * @param network one float32 input whose first dimension is the batch
     * @param batch n
     * @param layers which activations are features; of several the first is taken
     * @param power q, at least 1
     * @param begin the tensor behind which layers count
     * @throws UnsupportedGraphException where there are no such features, an operator's gradient is not known, or the
     *     graph is not static
     */
    public static ModelProto derive(ModelProto network, int batch, Layers layers, double power, String begin) {
        FeatureGraph.Found found = FeatureGraph.Found.in(network, batch, layers, begin);
        String feature = found.features().get(0);
        String images = found.graph().model().getGraph().getInput(0).getName();
        long[] shape = found.graph().shapes().get(feature);
        StaticGraph transposed = StaticGraph.of(transposed(found.graph(), feature, images), batch);

        ModelProto source = transposed.model();
        GraphProto.Builder graph = source.getGraph().toBuilder().clearNode().clearOutput();
        GraphBuilder builder = new GraphBuilder(graph, StaticGraph.opset(source), TANGENT_PREFIX);
        long[] size = transposed.shapes().get(images);
        String direction = builder.reshape(DIRECTION, size);
        BackwardPass pass = new BackwardPass(transposed, builder, Set.of(SLOPE));
        String tangent = pass.run(GradientGraph.GRADIENT, direction, SLOPE);
        String magnitude = builder.add("Abs", List.of(tangent));
        String lower = builder.add("Pow", List.of(magnitude, builder.scalar(power - 1)));
        builder.addNamed(SLOPE, "Mul", List.of(builder.add("Sign", List.of(tangent)), lower));
        String powers = builder.multiply(magnitude, lower);
        String perImage = builder.reshape(powers, batch, Tensors.size(shape) / batch);
        builder.addNamed(GradientGraph.LOSSES, "Identity", List.of(builder.sum(perImage, false, 1)));

        List<NodeProto> nodes = new ArrayList<>(pass.model().getGraph().getNodeList());
        nodes.addAll(graph.getNodeList());
        List<ValueInfoProto> inputs = graph.getInputList().stream()
                .filter(input -> !input.getName().equals(SLOPE))
                .toList();
        graph.clearInput()
                .addAllInput(inputs)
                .addInput(Values.of(DIRECTION, TensorProto.DataType.FLOAT_VALUE, batch, Tensors.size(size) / batch));
        graph.clearNode().addAllNode(ordered(nodes));
        graph.addOutput(Values.of(GradientGraph.LOSSES, TensorProto.DataType.FLOAT_VALUE, batch));
        graph.addOutput(Values.of(GradientGraph.GRADIENT, TensorProto.DataType.FLOAT_VALUE, size));
        FeatureGraph.keepWhatLeadsTo(Set.of(GradientGraph.LOSSES, GradientGraph.GRADIENT), graph);
        return source.toBuilder().setGraph(graph).build();
    }

    /** From images and a slope u of the feature to {@code Jᵀu}. */
    private static ModelProto transposed(StaticGraph forward, String feature, String images) {
        GraphProto.Builder graph =
                forward.model().getGraph().toBuilder().clearNode().clearOutput().clearValueInfo();
        GraphBuilder builder = new GraphBuilder(graph, StaticGraph.opset(forward.model()));
        BackwardPass pass = new BackwardPass(forward, builder, Set.of(images));
        String gradient = pass.run(feature, SLOPE, images);
        builder.addNamed(GradientGraph.GRADIENT, "Identity", List.of(gradient));
        List<NodeProto> backward = graph.getNodeList();
        graph.clearNode().addAllNode(pass.model().getGraph().getNodeList()).addAllNode(backward);
        long[] shape = forward.shapes().get(feature);
        graph.addInput(Values.of(SLOPE, TensorProto.DataType.FLOAT_VALUE, shape));
        graph.addOutput(Values.of(GradientGraph.GRADIENT, TensorProto.DataType.FLOAT_VALUE, pass.shape(images)));
        FeatureGraph.keepWhatLeadsTo(Set.of(GradientGraph.GRADIENT), graph);
        return forward.model().toBuilder().setGraph(graph).build();
    }

    /** The nodes with each behind those that it depends on: u, once an input, is computed from Jv now. */
    private static List<NodeProto> ordered(List<NodeProto> nodes) {
        Set<String> computed = new HashSet<>();
        nodes.forEach(node -> computed.addAll(node.getOutputList()));
        Set<String> there = new HashSet<>();
        List<NodeProto> ordered = new ArrayList<>();
        List<NodeProto> waiting = new ArrayList<>(nodes);
        while (!waiting.isEmpty()) {
            List<NodeProto> stillWaiting = new ArrayList<>();
            for (NodeProto node : waiting) {
                boolean ready = node.getInputList().stream()
                        .allMatch(input -> !computed.contains(input) || there.contains(input));
                if (ready) {
                    ordered.add(node);
                    there.addAll(node.getOutputList());
                } else {
                    stillWaiting.add(node);
                }
            }
            if (stillWaiting.size() == waiting.size()) {
                throw new UnsupportedGraphException(
                        "The gradient of the node \"%s\" (%s) is not linear in the slope of its output; there are no Jacobian-vector products of this model."
                                .formatted(
                                        waiting.get(0).getName(), waiting.get(0).getOpType()));
            }
            waiting = stillWaiting;
        }
        return ordered;
    }
}
