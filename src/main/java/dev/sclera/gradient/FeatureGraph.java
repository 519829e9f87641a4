package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A network's graph up to its features, which are its outputs under their own names; with a {@link FeatureLoss}, also
 * that figure per image, {@value GradientGraph#LOSSES} {@code [n]}, and its gradient with respect to the image,
 * {@value GradientGraph#GRADIENT}. The input is the network's own, its batch fixed to n. What leads on from the
 * features is gone. Features may differ in their last bits from the network's, as {@link GradientGraph}'s logits may.
 */
public final class FeatureGraph {

    /** The input, {@code [n,2·samples]}, that says what {@link FeatureLoss.Uncertainty} drops. */
    public static final String DRAWS = "draws";

    private final ModelProto model;
    private final List<String> features;

    private FeatureGraph(ModelProto model, List<String> features) {
        this.model = model;
        this.features = features;
    }

    /**
     * Derives the graph of features alone.
     *
     * @param network one float32 input whose first dimension is the batch
     * @param batch n
     * @param layers which activations are features
     * @throws UnsupportedGraphException where there are none such, or the graph is not static
     */
    public static FeatureGraph of(ModelProto network, int batch, Layers layers) {
        return of(network, batch, layers, firstInput(network));
    }

    /**
     * Derives the same graph of a network that has something else in front, as its preprocessing, where no layers are
     * looked for.
     *
     * @param begin the tensor with which the network itself begins
     */
    public static FeatureGraph of(ModelProto network, int batch, Layers layers, String begin) {
        Found found = Found.in(network, batch, layers, begin);
        StaticGraph forward = found.graph();
        GraphProto.Builder graph =
                forward.model().getGraph().toBuilder().clearOutput().clearValueInfo();
        declare(graph, found);
        return finished(forward, graph, found.features(), Set.of());
    }

    /**
     * Derives the graph of features, of a figure made of them, and of its gradient.
     *
     * @param network one float32 input whose first dimension is the batch
     * @param batch n
     * @param layers which activations are features
     * @param loss what is differentiated
     * @throws UnsupportedGraphException where there are no such features, an operator's gradient is not known, or the
     *     graph is not static
     */
    public static FeatureGraph derive(ModelProto network, int batch, Layers layers, FeatureLoss loss) {
        return derive(network, batch, layers, loss, firstInput(network));
    }

    /**
     * Derives the same graph of a network that has something else in front, as its preprocessing, where no layers are
     * looked for.
     *
     * @param begin the tensor with which the network itself begins
     */
    public static FeatureGraph derive(ModelProto network, int batch, Layers layers, FeatureLoss loss, String begin) {
        Found found = Found.in(network, batch, layers, begin);
        StaticGraph forward = found.graph();
        String images = forward.model().getGraph().getInput(0).getName();
        GraphProto.Builder graph =
                forward.model().getGraph().toBuilder().clearNode().clearOutput().clearValueInfo();
        GraphBuilder builder = new GraphBuilder(graph, StaticGraph.opset(forward.model()));
        BackwardPass pass = new BackwardPass(forward, builder, Set.of(images));
        FeatureLossNodes nodes = FeatureLossNodes.of(loss, found.features(), forward.shapes(), builder);
        builder.addNamed(GradientGraph.LOSSES, "Identity", List.of(nodes.losses()));
        if (loss instanceof FeatureLoss.Uncertainty uncertainty) {
            graph.addInput(Values.of(DRAWS, TensorProto.DataType.FLOAT_VALUE, batch, 2L * uncertainty.samples()));
        }
        pass.run(nodes.slopes());
        String gradient = pass.slope(images)
                .orElseThrow(() -> new UnsupportedGraphException(
                        "The features %s do not depend on the input \"%s\" in a differentiable way."
                                .formatted(String.join(", ", found.features()), images)));
        builder.addNamed(GradientGraph.GRADIENT, "Identity", List.of(gradient));
        List<NodeProto> backward = graph.getNodeList();
        graph.clearNode().addAllNode(pass.model().getGraph().getNodeList()).addAllNode(backward);
        declare(graph, found);
        graph.addOutput(Values.of(GradientGraph.LOSSES, TensorProto.DataType.FLOAT_VALUE, batch));
        graph.addOutput(Values.of(GradientGraph.GRADIENT, TensorProto.DataType.FLOAT_VALUE, pass.shape(images)));
        return finished(forward, graph, found.features(), Set.of(GradientGraph.LOSSES, GradientGraph.GRADIENT));
    }

    private static String firstInput(ModelProto network) {
        Set<String> weights = SubGraph.initializers(network.getGraph());
        return network.getGraph().getInputList().stream()
                .map(ValueInfoProto::getName)
                .filter(name -> !weights.contains(name))
                .findFirst()
                .orElseThrow(() -> new UnsupportedGraphException("The model has no input but its weights."));
    }

    /** A network with its features found. */
    record Found(StaticGraph graph, List<String> features) {

        static Found in(ModelProto network, int batch, Layers layers, String begin) {
            if (layers instanceof Layers.Named named) {
                // as outputs, they stay when constants are folded
                ModelProto asked = withOutputs(cleared(network), named.tensors());
                return new Found(PooledConvolutions.of(StaticGraph.of(asked, batch), named.tensors()), named.tensors());
            }
            boolean inside = !begin.equals(firstInput(network));
            StaticGraph graph = StaticGraph.of(inside ? withOutputs(network, List.of(begin)) : network, batch);
            List<String> features = new LayerSearch(graph, begin).find(layers);
            return new Found(PooledConvolutions.of(graph, features), features);
        }

        private static ModelProto cleared(ModelProto network) {
            return network.toBuilder()
                    .setGraph(network.getGraph().toBuilder().clearOutput())
                    .build();
        }

        private static ModelProto withOutputs(ModelProto network, List<String> tensors) {
            Set<String> computed = new HashSet<>();
            network.getGraph().getNodeList().forEach(node -> computed.addAll(node.getOutputList()));
            GraphProto.Builder graph = network.getGraph().toBuilder();
            for (String tensor : tensors) {
                if (!computed.contains(tensor)) {
                    throw new UnsupportedGraphException(
                            "The model computes no tensor \"%s\". Look its tensors up in a viewer, as Netron."
                                    .formatted(tensor));
                }
                graph.addOutput(Values.of(tensor, TensorProto.DataType.FLOAT_VALUE));
            }
            return network.toBuilder().setGraph(graph).build();
        }
    }

    private static void declare(GraphProto.Builder graph, Found found) {
        for (String feature : found.features()) {
            graph.addOutput(Values.of(
                    feature,
                    TensorProto.DataType.FLOAT_VALUE,
                    found.graph().shapes().get(feature)));
        }
    }

    private static FeatureGraph finished(
            StaticGraph forward, GraphProto.Builder graph, List<String> features, Set<String> more) {
        Set<String> outputs = new HashSet<>(features);
        outputs.addAll(more);
        keepWhatLeadsTo(outputs, graph);
        return new FeatureGraph(forward.model().toBuilder().setGraph(graph).build(), List.copyOf(features));
    }

    /** Drops the nodes and weights that none of these depends on; nodes are in topological order. */
    static void keepWhatLeadsTo(Collection<String> outputs, GraphProto.Builder graph) {
        Set<String> wanted = new HashSet<>(outputs);
        List<NodeProto> kept = new ArrayList<>();
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            if (node.getOutputList().stream().anyMatch(wanted::contains)) {
                wanted.addAll(node.getInputList());
                kept.add(0, node);
            }
        }
        List<TensorProto> weights = graph.getInitializerList().stream()
                .filter(weight -> wanted.contains(weight.getName()))
                .toList();
        graph.clearNode().addAllNode(kept).clearInitializer().addAllInitializer(weights);
    }

    /** The names of the features, which are outputs, in the order in which they are computed or were named. */
    public List<String> features() {
        return features;
    }

    /** The graph as an ONNX model. */
    public ModelProto model() {
        return model;
    }

    /** The graph as the bytes of an ONNX file. */
    public byte[] bytes() {
        return model.toByteArray();
    }
}
