package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Optional;

/** {@code y = baseᵉ}: e·baseᵉ⁻¹ for the base, y·log(base) for the exponent; zero where PyTorch has zero at base 0. */
final class PowerGradient implements OperatorGradient {

    @Override
    public void backward(NodeProto node, String slope, BackwardPass pass) {
        if (pass.wants(node.getInput(0))) {
            Optional<TensorProto> constant = pass.constant(node.getInput(1));
            String derivative = constant.filter(exponent -> Tensors.size(Tensors.shape(exponent)) == 1)
                            .isPresent()
                    ? constant(node.getInput(0), Tensors.number(constant.orElseThrow()), pass.graph())
                    : variable(node, pass.graph());
            ArithmeticGradients.contribute(node, 0, pass.graph().multiply(slope, derivative), pass);
        }
        if (pass.wants(node.getInput(1))) {
            ArithmeticGradients.contribute(node, 1, pass.graph().multiply(slope, exponent(node, pass)), pass);
        }
    }

    private static String constant(String base, float exponent, GraphBuilder graph) {
        if (exponent == 0 || exponent == 1) {
            return graph.scalar(exponent);
        }
        // the square is by far the most common, and needs no power
        String lower = exponent == 2 ? base : graph.add("Pow", List.of(base, graph.scalar(exponent - 1)));
        return graph.times(lower, exponent);
    }

    /** Where the exponent is 0 the power below it may be infinite: 0 is chosen, not multiplied. */
    private static String variable(NodeProto node, GraphBuilder graph) {
        // integers raise to powers too
        String exponent = graph.cast(node.getInput(1), TensorProto.DataType.FLOAT_VALUE);
        String lower = graph.add("Pow", List.of(node.getInput(0), graph.plus(exponent, -1)));
        String isZero = graph.add("Equal", List.of(exponent, graph.scalar(0)));
        return graph.add("Where", List.of(isZero, graph.scalar(0), graph.multiply(lower, exponent)));
    }

    /** At base 0 the logarithm is infinite, and the power 0 or 1; the limit of the derivative is 0. */
    private static String exponent(NodeProto node, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String base = node.getInput(0);
        String isZero = graph.add("Equal", List.of(base, graph.scalar(0)));
        String safe = graph.add("Where", List.of(isZero, graph.scalar(1), base));
        return graph.multiply(node.getOutput(0), graph.add("Log", List.of(safe)));
    }
}
