package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Map;
import java.util.Optional;

/** The operators whose gradients are known. A further one is a rule, and a line here. */
final class OperatorGradients {

    private static final Map<String, OperatorGradient> RULES = Map.ofEntries(
            Map.entry("Conv", new ConvGradient()),
            Map.entry("Gemm", MatrixGradients::gemm),
            Map.entry("MatMul", MatrixGradients::matMul),
            Map.entry("BatchNormalization", NormalizationGradients::batch),
            Map.entry("LayerNormalization", NormalizationGradients::layer),
            Map.entry("MaxPool", PoolGradients::maximum),
            Map.entry("AveragePool", PoolGradients::average),
            Map.entry("GlobalAveragePool", PoolGradients::globalAverage),
            Map.entry("ReduceMean", ReductionGradients::mean),
            Map.entry("ReduceSum", ReductionGradients::sum),
            Map.entry("ReduceL2", ReductionGradients::euclidean),
            Map.entry("Softmax", ReductionGradients::softmax),
            Map.entry("Relu", ActivationGradients::relu),
            Map.entry("LeakyRelu", ActivationGradients::leakyRelu),
            Map.entry("Clip", ActivationGradients::clip),
            Map.entry("Sigmoid", ActivationGradients::sigmoid),
            Map.entry("HardSigmoid", ActivationGradients::hardSigmoid),
            Map.entry("HardSwish", ActivationGradients::hardSwish),
            Map.entry("Tanh", ActivationGradients::tanh),
            Map.entry("Erf", ActivationGradients::erf),
            Map.entry("Gelu", ActivationGradients::gelu),
            Map.entry("Exp", ActivationGradients::exp),
            Map.entry("Log", ActivationGradients::log),
            Map.entry("Sqrt", ActivationGradients::sqrt),
            Map.entry("Neg", ActivationGradients::negate),
            Map.entry("Pow", ArithmeticGradients::power),
            Map.entry("Add", ArithmeticGradients::add),
            Map.entry("Sub", ArithmeticGradients::subtract),
            Map.entry("Mul", ArithmeticGradients::multiply),
            Map.entry("Div", ArithmeticGradients::divide),
            Map.entry("Reshape", ShapeGradients::reshape),
            Map.entry("Flatten", ShapeGradients::reshape),
            Map.entry("Squeeze", ShapeGradients::reshape),
            Map.entry("Unsqueeze", ShapeGradients::reshape),
            Map.entry("Identity", ShapeGradients::reshape),
            Map.entry("Dropout", ShapeGradients::reshape),
            Map.entry("Transpose", ShapeGradients::transpose),
            Map.entry("Concat", ShapeGradients::concat),
            Map.entry("Slice", ShapeGradients::slice),
            Map.entry("Gather", ShapeGradients::gather),
            Map.entry("Pad", ShapeGradients::pad),
            Map.entry("QuantizeLinear", QuantizationGradients::quantize),
            Map.entry("DequantizeLinear", QuantizationGradients::dequantize));

    private OperatorGradients() {}

    /** The rule for a node's operator, where there is one. */
    static Optional<OperatorGradient> of(NodeProto node) {
        return Optional.ofNullable(RULES.get(node.getOpType()));
    }
}
