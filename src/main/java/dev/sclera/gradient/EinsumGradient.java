package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;

/** The slope of one operand is the summation of the result's slope and the other operands, over their letters. */
final class EinsumGradient implements OperatorGradient {

    @Override
    public void backward(NodeProto node, String slope, BackwardPass pass) {
        int[] ranks = node.getInputList().stream()
                .mapToInt(input -> pass.shape(input).length)
                .toArray();
        String text = Attributes.text(node, "equation", "");
        EinsumEquation equation = EinsumEquation.parse(text, ranks);
        if (equation.repeats()) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (Einsum, \"%s\") takes a diagonal; its gradient is known for equations that name each axis of an operand once. Write the diagonal as a product with the unit matrix."
                            .formatted(node.getName(), text));
        }
        for (int operand = 0; operand < ranks.length; operand++) {
            if (pass.wants(node.getInput(operand))) {
                pass.add(node.getInput(operand), operand(node, operand, equation, slope, pass));
            }
        }
    }

    private static String operand(
            NodeProto node, int operand, EinsumEquation equation, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String own = equation.operands().get(operand);
        String shared = equation.shared(operand);
        List<String> terms = new ArrayList<>(List.of(equation.result()));
        List<String> inputs = new ArrayList<>(List.of(slope));
        for (int other = 0; other < equation.operands().size(); other++) {
            if (other != operand) {
                terms.add(equation.operands().get(other));
                inputs.add(node.getInput(other));
            }
        }
        String back = String.join(",", terms) + "->" + shared;
        String sum = inputs.size() == 1 && shared.equals(equation.result())
                ? slope
                : graph.add("Einsum", inputs, Attributes.of("equation", back));
        long[] shape = pass.shape(node.getInput(operand));
        long[] found = new long[shape.length];
        for (int axis = 0; axis < found.length; axis++) {
            boolean common = shared.indexOf(own.charAt(axis)) >= 0;
            found[axis] = common ? length(own.charAt(axis), node, equation, pass) : 1;
        }
        if (shared.length() < own.length()) {
            // summed in this operand alone: the slope is the same all along
            return graph.expand(graph.reduceTo(graph.reshape(sum, found), found, narrowed(found, shape)), shape);
        }
        return graph.reduceTo(sum, found, shape);
    }

    private static long[] narrowed(long[] found, long[] shape) {
        long[] narrowed = found.clone();
        for (int axis = 0; axis < narrowed.length; axis++) {
            narrowed[axis] = Math.min(found[axis], shape[axis]);
        }
        return narrowed;
    }

    /** The length of a letter's axes; an operand that has 1 there is broadcast. */
    private static long length(char letter, NodeProto node, EinsumEquation equation, BackwardPass pass) {
        long length = 1;
        for (int i = 0; i < equation.operands().size(); i++) {
            int axis = equation.operands().get(i).indexOf(letter);
            length = axis < 0 ? length : Math.max(length, pass.shape(node.getInput(i))[axis]);
        }
        return length;
    }
}
