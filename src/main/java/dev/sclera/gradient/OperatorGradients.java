package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The operators whose gradients are known. A further one is a rule, and a line here. */
final class OperatorGradients {

    private static final Map<String, OperatorGradient> RULES = Map.ofEntries(
            Map.entry("Conv", new ConvGradient()),
            Map.entry("ConvTranspose", new TransposedConvGradient()),
            Map.entry("Gemm", MatrixGradients::gemm),
            Map.entry("MatMul", MatrixGradients::matMul),
            Map.entry("BatchNormalization", new BatchNormGradient()),
            Map.entry("Einsum", new EinsumGradient()),
            Map.entry("LayerNormalization", NormalizationGradients::layer),
            Map.entry("InstanceNormalization", NormalizationGradients::instance),
            Map.entry("GroupNormalization", NormalizationGradients::group),
            Map.entry("LRN", NormalizationGradients::acrossChannels),
            Map.entry("MaxPool", PoolGradients::maximum),
            Map.entry("AveragePool", PoolGradients::average),
            Map.entry("LpPool", new LpPoolGradient()),
            Map.entry("GlobalAveragePool", PoolGradients::globalAverage),
            Map.entry("GlobalMaxPool", GlobalPoolGradients::maximum),
            Map.entry("GlobalLpPool", GlobalPoolGradients::norm),
            Map.entry("ReduceMean", ReductionGradients::mean),
            Map.entry("ReduceSum", ReductionGradients::sum),
            Map.entry("ReduceMax", ReductionGradients::extreme),
            Map.entry("ReduceMin", ReductionGradients::extreme),
            Map.entry("ReduceProd", ReductionGradients::product),
            Map.entry("ReduceL1", ReductionGradients::absolute),
            Map.entry("ReduceL2", ReductionGradients::euclidean),
            Map.entry("ReduceSumSquare", ReductionGradients::squares),
            Map.entry("ReduceLogSum", ReductionGradients::logSum),
            Map.entry("ReduceLogSumExp", ReductionGradients::logSumExp),
            Map.entry("Softmax", SoftmaxGradients::softmax),
            Map.entry("LogSoftmax", SoftmaxGradients::logarithm),
            Map.entry("Relu", ActivationGradients::relu),
            Map.entry("LeakyRelu", ActivationGradients::leakyRelu),
            Map.entry("ThresholdedRelu", ActivationGradients::thresholdedRelu),
            Map.entry("PRelu", ActivationGradients::parametricRelu),
            Map.entry("Elu", ActivationGradients::elu),
            Map.entry("Selu", ActivationGradients::selu),
            Map.entry("Celu", ActivationGradients::celu),
            Map.entry("Clip", ActivationGradients::clip),
            Map.entry("HardSigmoid", ActivationGradients::hardSigmoid),
            Map.entry("HardSwish", ActivationGradients::hardSwish),
            Map.entry("Gelu", GeluGradients::gelu),
            Map.entry("Mish", GeluGradients::mish),
            Map.entry("Sigmoid", UnaryGradients::sigmoid),
            Map.entry("Tanh", UnaryGradients::tanh),
            Map.entry("Softplus", UnaryGradients::softplus),
            Map.entry("Softsign", UnaryGradients::softsign),
            Map.entry("Erf", UnaryGradients::erf),
            Map.entry("Exp", UnaryGradients::exp),
            Map.entry("Log", UnaryGradients::log),
            Map.entry("Sqrt", UnaryGradients::sqrt),
            Map.entry("Reciprocal", UnaryGradients::reciprocal),
            Map.entry("Neg", UnaryGradients::negate),
            Map.entry("Abs", UnaryGradients::absolute),
            Map.entry("Sin", UnaryGradients::sine),
            Map.entry("Cos", UnaryGradients::cosine),
            Map.entry("Add", ArithmeticGradients::add),
            Map.entry("Sum", ArithmeticGradients::add),
            Map.entry("Mean", ArithmeticGradients::mean),
            Map.entry("Sub", ArithmeticGradients::subtract),
            Map.entry("Mul", ArithmeticGradients::multiply),
            Map.entry("Div", ArithmeticGradients::divide),
            Map.entry("Pow", new PowerGradient()),
            Map.entry("Max", ChoiceGradients::maximum),
            Map.entry("Min", ChoiceGradients::minimum),
            Map.entry("Where", ChoiceGradients::where),
            Map.entry("TopK", ChoiceGradients::top),
            Map.entry("Reshape", ShapeGradients::reshape),
            Map.entry("Flatten", ShapeGradients::reshape),
            Map.entry("Squeeze", ShapeGradients::reshape),
            Map.entry("Unsqueeze", ShapeGradients::reshape),
            Map.entry("Identity", ShapeGradients::reshape),
            Map.entry("Dropout", ShapeGradients::dropout),
            Map.entry("Cast", ShapeGradients::cast),
            Map.entry("Transpose", ShapeGradients::transpose),
            Map.entry("Concat", ShapeGradients::concat),
            Map.entry("Split", ShapeGradients::split),
            Map.entry("Expand", ShapeGradients::expand),
            Map.entry("Tile", ShapeGradients::tile),
            Map.entry("DepthToSpace", ShapeGradients::depthToSpace),
            Map.entry("SpaceToDepth", ShapeGradients::spaceToDepth),
            Map.entry("CumSum", ShapeGradients::cumulate),
            Map.entry("Trilu", ShapeGradients::triangle),
            Map.entry("Slice", PadGradients::slice),
            Map.entry("Pad", PadGradients::pad),
            Map.entry("Resize", new ResizeGradient()),
            Map.entry("Gather", IndexGradients::gather),
            Map.entry("GatherElements", IndexGradients::gatherElements),
            Map.entry("GatherND", IndexGradients::gatherNd),
            Map.entry("ScatterElements", ScatterGradients::elements),
            Map.entry("ScatterND", ScatterGradients::nd),
            Map.entry("QuantizeLinear", QuantizationGradients::quantize),
            Map.entry("DequantizeLinear", QuantizationGradients::dequantize));

    /** The operators that have a slope for each of their outputs, and ask the pass for those of the others. */
    private static final Set<String> OF_ALL_OUTPUTS = Set.of("Split");

    private OperatorGradients() {}

    /** Whether the rule for a node's operator takes the slopes of all its outputs, not of the first alone. */
    static boolean passesAllOutputs(NodeProto node) {
        return OF_ALL_OUTPUTS.contains(node.getOpType());
    }

    /** The rule for a node's operator, where there is one. */
    static Optional<OperatorGradient> of(NodeProto node) {
        return Optional.ofNullable(RULES.get(node.getOpType()));
    }
}
