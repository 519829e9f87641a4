package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How much of a classifier can be differentiated: which operators lie on the way from its input to its output, once it
 * is in the form that gradients are derived from.
 *
 * @param opset of the file
 * @param parameters how many figures its weights hold, of whichever type
 * @param quantised whether the way leads through quantised tensors, so that the gradient is straight through
 * @param operators on the way, by name
 */
public record GradientCoverage(long opset, long parameters, boolean quantised, List<Operator> operators) {

    /**
     * An operator on the way.
     *
     * @param name as the standard has it, for example {@code Conv}
     * @param count how many nodes
     * @param supported whether its gradient is known
     * @param nodes the names of the nodes
     */
    public record Operator(String name, int count, boolean supported, List<String> nodes) {

        public Operator {
            nodes = List.copyOf(nodes);
        }
    }

    public GradientCoverage {
        operators = List.copyOf(operators);
    }

    /**
     * The coverage of a classifier.
     *
     * @param classifier one input, whose first dimension is the batch, and one output
     * @throws UnsupportedGraphException where the graph has no gradient whichever operators are known: its shapes are
     *     open, nothing differentiable leads to its output, or the runtime refuses it
     */
    public static GradientCoverage of(ModelProto classifier) {
        StaticGraph forward = StaticGraph.of(classifier, batch(classifier));
        Set<String> inputs = forward.model().getGraph().getInputList().stream()
                .map(ValueInfoProto::getName)
                .collect(Collectors.toSet());
        String output = forward.model().getGraph().getOutput(0).getName();
        GradientPath path = GradientPath.of(forward, inputs, output);
        Map<String, List<NodeProto>> byOperator = path.nodes().stream()
                .collect(Collectors.groupingBy(NodeProto::getOpType, TreeMap::new, Collectors.toList()));
        List<Operator> operators = byOperator.entrySet().stream()
                .map(entry -> new Operator(
                        entry.getKey(),
                        entry.getValue().size(),
                        OperatorGradients.of(entry.getValue().get(0)).isPresent(),
                        entry.getValue().stream().map(NodeProto::getName).toList()))
                .toList();
        GradientCoverage coverage =
                new GradientCoverage(NormalForm.opset(classifier), parameters(classifier), path.quantised(), operators);
        if (coverage.supported()) {
            // what an unknown operator makes has no known shape either: then it is the operator that is told
            path.requireStatic(forward);
        }
        return coverage;
    }

    /** The batch that a model insists on, or else 1. */
    private static int batch(ModelProto model) {
        Set<String> weights = model.getGraph().getInitializerList().stream()
                .map(TensorProto::getName)
                .collect(Collectors.toSet());
        return model.getGraph().getInputList().stream()
                .filter(input -> !weights.contains(input.getName()))
                .map(input -> input.getType().getTensorType().getShape())
                .filter(shape -> shape.getDimCount() > 0)
                .mapToInt(shape -> (int) Math.max(1, shape.getDim(0).getDimValue()))
                .findFirst()
                .orElse(1);
    }

    private static long parameters(ModelProto model) {
        long count = 0;
        for (TensorProto weight : model.getGraph().getInitializerList()) {
            // shapes and axes are integers too, but wide ones
            if (weight.getDataType() != TensorProto.DataType.INT64_VALUE) {
                count += weight.getDimsList().stream().reduce(1L, (a, b) -> a * b);
            }
        }
        return count;
    }

    /** Whether the gradients of all operators on the way are known. */
    public boolean supported() {
        return operators.stream().allMatch(Operator::supported);
    }

    /** The operators whose gradients are not known. */
    public List<Operator> unsupported() {
        return operators.stream().filter(operator -> !operator.supported()).toList();
    }
}
