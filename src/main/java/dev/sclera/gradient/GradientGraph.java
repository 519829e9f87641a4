package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Set;

/**
 * A classifier's graph that also computes the loss of each image and its gradient with respect to the image: ONNX in,
 * ONNX out, standard operators only, so that whatever runs the one runs the other.
 *
 * <p>Inputs: the classifier's own, float32, its batch fixed to n; {@value #LABELS}, int64 {@code [n]}. Outputs:
 * {@value #LOSSES} {@code [n]}; {@value #LOGITS} {@code [n,classes]}; {@value #GRADIENT}, of the input's shape, each
 * image's being the gradient of its own loss.
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

    /** Below it, a probability's logarithm says nothing. */
    private static final double LEAST_PROBABILITY = 1e-12;

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
        StaticGraph forward = StaticGraph.of(classifier, batch);
        GraphProto source = forward.model().getGraph();
        if (source.getInputCount() == 0 || source.getOutputCount() != 1) {
            throw new UnsupportedGraphException(
                    "A classifier has one input and one output, and this graph has the inputs %s and the outputs %s."
                            .formatted(names(source.getInputList()), names(source.getOutputList())));
        }
        String images = source.getInput(0).getName();
        String scores = source.getOutput(0).getName();
        GraphProto.Builder graph = source.toBuilder().clearNode().clearOutput().clearValueInfo();
        GraphBuilder builder = new GraphBuilder(graph, StaticGraph.opset(forward.model()));
        BackwardPass pass = new BackwardPass(forward, builder, images);

        String tail = tail(source, scores, output);
        GradientPath path = GradientPath.of(forward, Set.of(images), tail);
        path.requireSupported(forward);
        String logits = logits(tail, scores, output, builder);
        long[] shape = pass.shape(tail);
        if (shape.length != 2 || shape[0] != batch) {
            throw new UnsupportedGraphException(
                    "The output \"%s\" has %d dimensions, and a classifier's is [n, classes] with n = %d."
                            .formatted(scores, shape.length, batch));
        }
        String slope = loss(loss, logits, shape, builder);
        if (output == Output.PROBABILITIES && tail.equals(scores)) {
            // ∂log(p)/∂p
            slope = builder.add("Div", List.of(slope, clipped(scores, builder)));
        }
        String gradient = pass.run(tail, slope, images);
        builder.addNamed(GRADIENT, "Identity", List.of(gradient));

        List<NodeProto> backward = graph.getNodeList();
        graph.clearNode().addAllNode(pass.forwardNodes()).addAllNode(backward);
        long[] input = pass.shape(images);
        graph.addInput(value(LABELS, TensorProto.DataType.INT64_VALUE, batch));
        graph.addOutput(value(LOSSES, TensorProto.DataType.FLOAT_VALUE, batch));
        graph.addOutput(value(LOGITS, TensorProto.DataType.FLOAT_VALUE, shape));
        graph.addOutput(value(GRADIENT, TensorProto.DataType.FLOAT_VALUE, input));
        ModelProto.Builder model = forward.model().toBuilder().setGraph(graph);
        if (path.quantised()) {
            model.setDocString(STRAIGHT_THROUGH)
                    .addMetadataProps(StringStringEntryProto.newBuilder()
                            .setKey("sclera.gradient")
                            .setValue(STRAIGHT_THROUGH));
        }
        return new GradientGraph(model.build(), path.quantised());
    }

    /** The tensor to start from: the classifier's output, or what goes into the softmax that makes it. */
    private static String tail(GraphProto graph, String scores, Output output) {
        if (output == Output.LOGITS) {
            return scores;
        }
        return graph.getNodeList().stream()
                .filter(node ->
                        node.getOutput(0).equals(scores) && node.getOpType().equals("Softmax"))
                .map(node -> node.getInput(0))
                .findFirst()
                .orElse(scores);
    }

    private static String logits(String tail, String scores, Output output, GraphBuilder builder) {
        if (output == Output.PROBABILITIES && tail.equals(scores)) {
            builder.addNamed(LOGITS, "Log", List.of(clipped(scores, builder)));
        } else {
            builder.addNamed(LOGITS, "Identity", List.of(tail));
        }
        return LOGITS;
    }

    private static String clipped(String probabilities, GraphBuilder builder) {
        return builder.add("Max", List.of(probabilities, builder.scalar(LEAST_PROBABILITY)));
    }

    /** Adds the losses, and gives the slope of their sum with respect to the logits: softmax minus the label's one. */
    private static String loss(Loss loss, String logits, long[] shape, GraphBuilder builder) {
        String depth = builder.longs(shape[1]);
        String label = builder.add(
                "OneHot", List.of(LABELS, depth, builder.floats(new float[] {0, 1}, 2)), Attributes.of("axis", -1L));
        String logProbabilities = builder.add("LogSoftmax", List.of(logits), Attributes.of("axis", 1L));
        String ofLabel = builder.sum(builder.multiply(logProbabilities, label), false, 1);
        String probabilities = builder.add("Softmax", List.of(logits), Attributes.of("axis", 1L));
        String slope = builder.add("Sub", List.of(probabilities, label));
        if (loss instanceof Loss.ClampedCrossEntropy clamped) {
            String entropies = builder.add("Neg", List.of(ofLabel));
            builder.addNamed(LOSSES, "Min", List.of(entropies, builder.scalar(clamped.ceiling())));
            String counts = builder.reshape(builder.below(entropies, clamped.ceiling()), shape[0], 1);
            return builder.multiply(slope, counts);
        }
        builder.addNamed(LOSSES, "Neg", List.of(ofLabel));
        return slope;
    }

    private static List<String> names(List<ValueInfoProto> values) {
        return values.stream().map(ValueInfoProto::getName).toList();
    }

    private static ValueInfoProto value(String name, int type, long... shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (long dimension : shape) {
            dimensions.addDim(Dimension.newBuilder().setDimValue(dimension));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(dimensions)))
                .build();
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
