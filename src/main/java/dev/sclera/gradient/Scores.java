package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Set;

/**
 * What a classifier's output is made of.
 *
 * @param tail the tensor to start backwards from: the output, or what goes into the softmax that makes it
 * @param logits the logits; of probabilities that no softmax makes, their logarithms
 * @param shape {@code [n,classes]}
 * @param ofProbabilities whether the tail holds probabilities
 */
record Scores(String tail, String logits, long[] shape, boolean ofProbabilities) {

    /** Below it, a probability's logarithm says nothing. */
    private static final double LEAST_PROBABILITY = 1e-12;

    /**
     * Adds the logits.
     *
     * @param name that they get
     * @throws UnsupportedGraphException where the graph is no classifier
     */
    static Scores of(StaticGraph forward, GradientGraph.Output output, int batch, String name, GraphBuilder builder) {
        GraphProto graph = forward.model().getGraph();
        if (graph.getInputCount() == 0 || graph.getOutputCount() != 1) {
            throw new UnsupportedGraphException(
                    "A classifier has one input and one output, and this graph has the inputs %s and the outputs %s."
                            .formatted(Values.names(graph.getInputList()), Values.names(graph.getOutputList())));
        }
        String scores = graph.getOutput(0).getName();
        String tail = output == GradientGraph.Output.LOGITS ? scores : beforeSoftmax(graph, scores);
        // what has no gradient is told first: it explains most that is odd about the output
        GradientPath.of(forward, Set.of(graph.getInput(0).getName()), tail).requireSupported(forward);
        boolean probabilities = output == GradientGraph.Output.PROBABILITIES && tail.equals(scores);
        if (probabilities) {
            builder.addNamed(name, "Log", List.of(clipped(scores, builder)));
        } else {
            builder.addNamed(name, "Identity", List.of(tail));
        }
        long[] shape = forward.shapes().get(tail);
        if (shape.length != 2 || shape[0] != batch) {
            throw new UnsupportedGraphException(
                    "The output \"%s\" has %d dimensions, and a classifier's is [n, classes] with n = %d."
                            .formatted(scores, shape.length, batch));
        }
        return new Scores(tail, name, shape, probabilities);
    }

    private static String beforeSoftmax(GraphProto graph, String scores) {
        return graph.getNodeList().stream()
                .filter(node ->
                        node.getOutput(0).equals(scores) && node.getOpType().equals("Softmax"))
                .map((NodeProto node) -> node.getInput(0))
                .findFirst()
                .orElse(scores);
    }

    private static String clipped(String probabilities, GraphBuilder builder) {
        return builder.add("Max", List.of(probabilities, builder.scalar(LEAST_PROBABILITY)));
    }

    /** From the slope of the logits that of the tail. */
    String slopeOfTail(String slopeOfLogits, GraphBuilder builder) {
        // ∂log(p)/∂p
        return ofProbabilities ? builder.add("Div", List.of(slopeOfLogits, clipped(tail, builder))) : slopeOfLogits;
    }
}
