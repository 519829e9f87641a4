package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Set;

/**
 * A classifier's graph that also computes the loss of each image and its gradient with respect to the image: ONNX in,
 * ONNX out, standard operators only, so that whatever runs the one runs the other.
 *
 * <p>Inputs: the classifier's own, float32, its batch fixed to n; {@value #LABELS}, int64 {@code [n]}; what else the
 * loss wants. Outputs: {@value #LOSSES} {@code [n]}; {@value #LOGITS} {@code [n,classes]}; {@value #GRADIENT}, of the
 * input's shape, each image's being the gradient of its own loss. Logits may differ from the classifier's in their last
 * bits: where it averages right after a convolution of single pixels, the graph averages before.
 */
public final class GradientGraph {

    /** The input of labels. */
    public static final String LABELS = "labels";

    /** The output of losses. */
    public static final String LOSSES = "losses";

    /** The output of logits; where the classifier ends in probabilities, their logarithms. */
    public static final String LOGITS = "gradient/logits";

    /** The output of gradients. */
    public static final String GRADIENT = "gradient";

    /** The input of the clean images' logits, {@code [n,classes]}, which {@link Loss.CosineSimilarity} wants. */
    public static final String CLEAN_LOGITS = "clean_logits";

    /**
     * The input of one weight per image and class, {@code [n,classes]}, which {@link Loss.WeightedLogits} and
     * {@link Loss.WeightedProbabilities} want.
     */
    public static final String CLASS_WEIGHTS = "class_weights";

    /** What a graph is labelled with whose gradient is an estimate. */
    private static final String STRAIGHT_THROUGH = "straight-through gradient of a quantised model";

    private final ModelProto model;
    private final boolean straightThrough;

    private GradientGraph(ModelProto model, boolean straightThrough) {
        this.model = model;
        this.straightThrough = straightThrough;
    }

    /** What a classifier's output holds. */
    public enum Output {
        /** Unbounded scores. */
        LOGITS,
        /** Probabilities; a softmax that makes them is differentiated at its input. */
        PROBABILITIES
    }

    /**
     * Derives the gradient graph of a classifier.
     *
     * @param classifier one float32 input whose first dimension is the batch, and one output {@code [n,classes]}
     * @param output what the output holds
     * @param batch n
     * @param loss what is differentiated
     * @throws UnsupportedGraphException where an operator's gradient is not known, or the graph is not static
     */
    public static GradientGraph derive(ModelProto classifier, Output output, int batch, Loss loss) {
        return derive(PooledConvolutions.of(StaticGraph.of(classifier, batch)), output, batch, loss);
    }

    /**
     * Derives the gradient graph of a classifier in the form that a CPU is fastest with: what would not fit its caches
     * is computed a group of channels at a time. It computes what {@link #derive} gives, but for the order of its sums.
     *
     * @param classifier one float32 input whose first dimension is the batch, and one output {@code [n,classes]}
     * @param output what the output holds
     * @param batch n
     * @param loss what is differentiated
     * @throws UnsupportedGraphException where an operator's gradient is not known, or the graph is not static
     */
    public static GradientGraph deriveForCaches(ModelProto classifier, Output output, int batch, Loss loss) {
        StaticGraph forward = PooledConvolutions.of(StaticGraph.of(classifier, batch));
        return derive(ChannelGroups.of(forward), output, batch, loss);
    }

    private static GradientGraph derive(StaticGraph forward, Output output, int batch, Loss loss) {
        GraphProto source = forward.model().getGraph();
        GraphProto.Builder graph = source.toBuilder().clearNode().clearOutput().clearValueInfo();
        GraphBuilder builder = new GraphBuilder(graph, StaticGraph.opset(forward.model()));
        Scores scores = Scores.of(forward, output, batch, LOGITS, builder);
        String images = source.getInput(0).getName();
        BackwardPass pass = new BackwardPass(forward, builder, Set.of(images));
        boolean straightThrough =
                GradientPath.of(forward, Set.of(images), scores.tail()).quantised();
        LossNodes nodes = LossNodes.of(loss, LOGITS, scores.shape(), builder);
        builder.addNamed(LOSSES, "Identity", List.of(nodes.losses()));
        String gradient = pass.run(scores.tail(), scores.slopeOfTail(nodes.slope(), builder), images);
        builder.addNamed(GRADIENT, "Identity", List.of(gradient));

        List<NodeProto> backward = graph.getNodeList();
        graph.clearNode().addAllNode(pass.model().getGraph().getNodeList()).addAllNode(backward);
        graph.addInput(Values.of(LABELS, TensorProto.DataType.INT64_VALUE, batch));
        graph.addAllInput(nodes.inputs());
        graph.addOutput(Values.of(LOSSES, TensorProto.DataType.FLOAT_VALUE, batch));
        graph.addOutput(Values.of(LOGITS, TensorProto.DataType.FLOAT_VALUE, scores.shape()));
        graph.addOutput(Values.of(GRADIENT, TensorProto.DataType.FLOAT_VALUE, pass.shape(images)));
        ModelProto.Builder model = forward.model().toBuilder().setGraph(graph);
        if (straightThrough) {
            model.setDocString(STRAIGHT_THROUGH)
                    .addMetadataProps(StringStringEntryProto.newBuilder()
                            .setKey("sclera.gradient")
                            .setValue(STRAIGHT_THROUGH));
        }
        return new GradientGraph(model.build(), straightThrough);
    }

    /** The graph as an ONNX model. */
    public ModelProto model() {
        return model;
    }

    /**
     * Whether the classifier is quantised: its own gradient is zero nearly everywhere, and what the graph gives is the
     * straight-through estimate, as if nothing were rounded. The model's description and metadata say so too.
     */
    public boolean straightThrough() {
        return straightThrough;
    }

    /** The graph as the bytes of an ONNX file. */
    public byte[] bytes() {
        return model.toByteArray();
    }
}
