package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Arrays;
import java.util.List;

/**
 * The nodes of a loss.
 *
 * @param losses the tensor of one loss per image, {@code [n]}
 * @param slope of their sum with respect to the logits, {@code [n,classes]}
 * @param inputs that the loss wants beside logits and labels
 */
record LossNodes(String losses, String slope, List<ValueInfoProto> inputs) {

    /** Below it, the length of a vector of logits gives no direction; squared. */
    private static final double LEAST_SQUARE = 1e-16;

    /** Keeps the logarithm of an expected cost finite. */
    private static final double LEAST_COST = 1e-30;

    /**
     * Adds the nodes.
     *
     * @param logits the tensor of logits
     * @param shape of the logits, {@code [n,classes]}
     */
    static LossNodes of(Loss loss, String logits, long[] shape, GraphBuilder graph) {
        if (loss instanceof Loss.ClampedCrossEntropy clamped) {
            return clamped(crossEntropy(logits, shape, graph), clamped.ceiling(), shape, graph);
        }
        if (loss instanceof Loss.Margin margin) {
            return margin(logits, margin.confidence(), false, shape, graph);
        }
        if (loss instanceof Loss.TargetedMargin margin) {
            return margin(logits, margin.confidence(), true, shape, graph);
        }
        if (loss instanceof Loss.CosineSimilarity) {
            return cosine(logits, shape, graph);
        }
        if (loss instanceof Loss.ExpectedSquaredDistance) {
            return squaredDistance(logits, shape, graph);
        }
        if (loss instanceof Loss.WeightedLogits) {
            return weightedLogits(logits, shape, graph);
        }
        if (loss instanceof Loss.WeightedProbabilities) {
            return weightedProbabilities(logits, shape, graph);
        }
        if (loss instanceof Loss.LogWeightedProbabilities) {
            return logWeightedProbabilities(logits, shape, graph);
        }
        if (loss instanceof Loss.LogOdds odds) {
            return logOdds(logits, odds, shape, graph);
        }
        if (loss instanceof Loss.OfNodes custom) {
            return CustomLoss.add(custom, logits, shape, graph);
        }
        return crossEntropy(logits, shape, graph);
    }

    /** The slope is softmax minus the label's one. */
    private static LossNodes crossEntropy(String logits, long[] shape, GraphBuilder graph) {
        String label = oneHot(GradientGraph.LABELS, shape, graph);
        String logProbabilities = graph.add("LogSoftmax", List.of(logits), Attributes.of("axis", 1L));
        String ofLabel = graph.sum(graph.multiply(logProbabilities, label), false, 1);
        String slope = graph.add("Sub", List.of(softmax(logits, graph), label));
        return new LossNodes(graph.add("Neg", List.of(ofLabel)), slope, List.of());
    }

    private static LossNodes clamped(LossNodes whole, double ceiling, long[] shape, GraphBuilder graph) {
        String losses = graph.add("Min", List.of(whole.losses, graph.scalar(ceiling)));
        String counts = graph.reshape(graph.below(whole.losses, ceiling), shape[0], 1);
        return new LossNodes(losses, graph.multiply(whole.slope, counts), List.of());
    }

    /** The label's logit against the best other one; {@code reversed}: the best other one against the label's. */
    private static LossNodes margin(
            String logits, double confidence, boolean reversed, long[] shape, GraphBuilder graph) {
        if (shape[1] < 2) {
            throw new UnsupportedGraphException("A margin is between two classes, and this classifier has one output.");
        }
        String label = oneHot(GradientGraph.LABELS, shape, graph);
        // no logit is near the least float, so what is lowered to it is never the best
        String others = graph.add("Sub", List.of(logits, graph.multiply(label, graph.scalar(Float.MAX_VALUE))));
        String best = graph.add("ArgMax", List.of(others), Attributes.of("axis", 1L), Attributes.of("keepdims", 0L));
        String other = oneHot(best, shape, graph);
        String slope = reversed ? graph.minus(other, label) : graph.minus(label, other);
        String margin = graph.sum(graph.multiply(logits, slope), false, 1);
        if (Double.isInfinite(confidence)) {
            return new LossNodes(margin, slope, List.of());
        }
        String counts = graph.reshape(graph.above(margin, -confidence), shape[0], 1);
        String losses = graph.add("Max", List.of(margin, graph.scalar(-confidence)));
        return new LossNodes(losses, graph.multiply(slope, counts), List.of());
    }

    /** {@code z·c / (|z||c|)}; its slope is {@code (c/|c| − cos·z/|z|) / |z|}. */
    private static LossNodes cosine(String logits, long[] shape, GraphBuilder graph) {
        String clean = GradientGraph.CLEAN_LOGITS;
        String length = length(logits, graph);
        String direction = graph.add("Div", List.of(logits, length));
        String cleanDirection = graph.add("Div", List.of(clean, length(clean, graph)));
        String cosine = graph.sum(graph.multiply(direction, cleanDirection), true, 1);
        String across = graph.add("Sub", List.of(cleanDirection, graph.multiply(cosine, direction)));
        return new LossNodes(
                graph.reshape(cosine, shape[0]),
                graph.add("Div", List.of(across, length)),
                List.of(Values.of(clean, TensorProto.DataType.FLOAT_VALUE, shape)));
    }

    private static String length(String vectors, GraphBuilder graph) {
        String square = graph.sum(graph.multiply(vectors, vectors), true, 1);
        return graph.add("Sqrt", List.of(graph.add("Max", List.of(square, graph.scalar(LEAST_SQUARE)))));
    }

    /** {@code Σ p·d}; its slope is {@code p·(d − Σ p·d)}. */
    private static LossNodes squaredDistance(String logits, long[] shape, GraphBuilder graph) {
        String label = graph.cast(GradientGraph.LABELS, TensorProto.DataType.FLOAT_VALUE);
        float[] grades = new float[(int) shape[1]];
        for (int grade = 0; grade < grades.length; grade++) {
            grades[grade] = grade;
        }
        String distance =
                graph.add("Sub", List.of(graph.floats(grades, 1, shape[1]), graph.reshape(label, shape[0], 1)));
        String squared = graph.multiply(distance, distance);
        String probabilities = softmax(logits, graph);
        String expected = graph.sum(graph.multiply(probabilities, squared), true, 1);
        String slope = graph.multiply(probabilities, graph.add("Sub", List.of(squared, expected)));
        return new LossNodes(graph.reshape(expected, shape[0]), slope, List.of());
    }

    private static LossNodes weightedLogits(String logits, long[] shape, GraphBuilder graph) {
        String weights = GradientGraph.CLASS_WEIGHTS;
        return new LossNodes(
                graph.sum(graph.multiply(logits, weights), false, 1),
                graph.add("Identity", List.of(weights)),
                List.of(Values.of(weights, TensorProto.DataType.FLOAT_VALUE, shape)));
    }

    /** {@code Σ w·p}; its slope is {@code p·(w − Σ w·p)}. */
    private static LossNodes weightedProbabilities(String logits, long[] shape, GraphBuilder graph) {
        String weights = GradientGraph.CLASS_WEIGHTS;
        String probabilities = softmax(logits, graph);
        String expected = graph.sum(graph.multiply(probabilities, weights), true, 1);
        return new LossNodes(
                graph.reshape(expected, shape[0]),
                graph.multiply(probabilities, graph.add("Sub", List.of(weights, expected))),
                List.of(Values.of(weights, TensorProto.DataType.FLOAT_VALUE, shape)));
    }

    /** {@code log Σ w·p}; its slope is {@code p·w / Σ w·p − p}. */
    private static LossNodes logWeightedProbabilities(String logits, long[] shape, GraphBuilder graph) {
        String weights = GradientGraph.CLASS_WEIGHTS;
        String probabilities = softmax(logits, graph);
        String costs = graph.multiply(probabilities, weights);
        String expected = graph.add("Max", List.of(graph.sum(costs, true, 1), graph.scalar(LEAST_COST)));
        String slope = graph.add("Sub", List.of(graph.add("Div", List.of(costs, expected)), probabilities));
        return new LossNodes(
                graph.reshape(graph.add("Log", List.of(expected)), shape[0]),
                slope,
                List.of(Values.of(weights, TensorProto.DataType.FLOAT_VALUE, shape)));
    }

    /** {@code LSE(z above) − LSE(z below)}; its slope is the softmax among those above less that among those below. */
    private static LossNodes logOdds(String logits, Loss.LogOdds odds, long[] shape, GraphBuilder graph) {
        if (odds.threshold() >= shape[1]) {
            throw new UnsupportedGraphException(
                    "The log-odds of grade %d or above are asked for, and this classifier has %d grades."
                            .formatted(odds.threshold(), shape[1]));
        }
        LogSum above = LogSum.of(logits, shape, odds.threshold(), (int) shape[1], graph);
        LogSum below = LogSum.of(logits, shape, 0, odds.threshold(), graph);
        String difference = graph.add("Sub", List.of(above.value, below.value));
        String slope = graph.add("Sub", List.of(above.slope, below.slope));
        if (Double.isInfinite(odds.floor())) {
            return new LossNodes(difference, slope, List.of());
        }
        String counts = graph.reshape(graph.above(difference, -odds.floor()), shape[0], 1);
        String losses = graph.add("Max", List.of(difference, graph.scalar(-odds.floor())));
        return new LossNodes(losses, graph.multiply(slope, counts), List.of());
    }

    /** The logarithm of the sum of some classes' exponentials, {@code [n]}, and its slope. */
    private record LogSum(String value, String slope) {

        static LogSum of(String logits, long[] shape, int from, int to, GraphBuilder graph) {
            float[] others = new float[(int) shape[1]];
            // far below every logit, yet finite
            Arrays.fill(others, -1e30f);
            Arrays.fill(others, from, to, 0);
            String masked = graph.add("Add", List.of(logits, graph.floats(others, 1, shape[1])));
            // z − log softmax(z) is the same for every class of the group, and is stable for logits of any size
            float[] first = new float[(int) shape[1]];
            first[from] = 1;
            String logProbabilities = graph.add("LogSoftmax", List.of(masked), Attributes.of("axis", 1L));
            String sums = graph.add("Sub", List.of(logits, logProbabilities));
            String value = graph.sum(graph.multiply(sums, graph.floats(first, 1, shape[1])), false, 1);
            return new LogSum(value, softmax(masked, graph));
        }
    }

    private static String softmax(String logits, GraphBuilder graph) {
        return graph.add("Softmax", List.of(logits), Attributes.of("axis", 1L));
    }

    private static String oneHot(String classes, long[] shape, GraphBuilder graph) {
        return graph.add(
                "OneHot",
                List.of(classes, graph.longs(shape[1]), graph.floats(new float[] {0, 1}, 2)),
                Attributes.of("axis", -1L));
    }

    /** The slope of the sum of the losses, each times the weight of its image. */
    String weighted(String weights, long[] shape, GraphBuilder graph) {
        long[] perImage = new long[shape.length];
        Arrays.fill(perImage, 1);
        perImage[0] = shape[0];
        return graph.multiply(slope, graph.reshape(weights, perImage));
    }
}
