package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;

/**
 * The loss of images that come twice, clean and perturbed, and are to be answered alike: TRADES (Zhang et al. 2019,
 * <i>Theoretically Principled Trade-off between Robustness and Accuracy</i>, equation 5), with the perturbation given
 * rather than sought.
 *
 * <p>Of a batch of {@code 2·pairs} rows the first half are the clean images, the second half the same images perturbed,
 * with the same labels and weights. The mean over the rows is the mean over the pairs of {@code (1−share)·CE(clean) +
 * share·CE(perturbed) + consistency·KL(clean ‖ perturbed)}; gradients flow through both predictions.
 */
public final class PairedLoss {

    private PairedLoss() {}

    /**
     * The loss for a classifier.
     *
     * @param classifier whose opset its nodes are of
     * @param pairs images per batch, each counted once
     * @param classes how many the classifier tells apart
     * @param share how much of the cross-entropy is that of the perturbed image, 0 to 1; TRADES has 0
     * @param consistency how much the divergence weighs, above 0; TRADES has 1 to 10
     */
    public static Loss of(ModelProto classifier, int pairs, int classes, double share, double consistency) {
        int rows = 2 * pairs;
        GraphProto.Builder graph = GraphProto.newBuilder().setName("pairs");
        long opset = Math.max(OpsetUpgrade.TARGET, StaticGraph.opset(classifier));
        GraphBuilder nodes = new GraphBuilder(graph, opset, "pairs/");
        graph.addInput(Values.of("logits", TensorProto.DataType.FLOAT_VALUE, rows, classes));
        graph.addInput(Values.of(GradientGraph.LABELS, TensorProto.DataType.INT64_VALUE, rows));
        String own = logProbabilities("logits", nodes);
        String partners = nodes.floats(partners(pairs), rows, rows);
        String clean = logProbabilities(nodes.add("MatMul", List.of(partners, "logits")), nodes);
        String crossEntropy = nodes.multiply(
                nodes.sum(nodes.multiply(own, label(rows, classes, nodes)), true, 1),
                nodes.floats(halves(pairs, -2 * (1 - share), -2 * share), rows, 1));
        String divergence = nodes.multiply(
                nodes.sum(nodes.multiply(nodes.add("Exp", List.of(clean)), nodes.minus(clean, own)), true, 1),
                nodes.floats(halves(pairs, 0, 2 * consistency), rows, 1));
        nodes.addNamed(
                "losses", "Reshape", List.of(nodes.plus(crossEntropy, divergence), nodes.longs(new long[] {rows})));
        graph.addOutput(Values.of("losses", TensorProto.DataType.FLOAT_VALUE, rows));
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .setGraph(graph)
                .build();
        return new Loss.OfNodes(model, false);
    }

    private static String logProbabilities(String logits, GraphBuilder nodes) {
        return nodes.add("LogSoftmax", List.of(logits), Attributes.of("axis", 1L));
    }

    /** 1 at each row's label, as floats. */
    private static String label(int rows, int classes, GraphBuilder nodes) {
        long[] all = new long[classes];
        for (int grade = 0; grade < classes; grade++) {
            all[grade] = grade;
        }
        String column = nodes.reshape(GradientGraph.LABELS, rows, 1);
        String equal = nodes.add("Equal", List.of(column, nodes.longs(all, new long[] {1, classes})));
        return nodes.cast(equal, TensorProto.DataType.FLOAT_VALUE);
    }

    /** The matrix that puts each pair's clean row at both of its places. */
    private static float[] partners(int pairs) {
        int rows = 2 * pairs;
        float[] matrix = new float[rows * rows];
        for (int row = 0; row < rows; row++) {
            matrix[row * rows + row % pairs] = 1;
        }
        return matrix;
    }

    private static float[] halves(int pairs, double first, double second) {
        float[] values = new float[2 * pairs];
        for (int row = 0; row < values.length; row++) {
            values[row] = (float) (row < pairs ? first : second);
        }
        return values;
    }
}
