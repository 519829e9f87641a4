package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A loss that comes as ONNX nodes: they are put behind the classifier, and differentiated by the rules for all. */
final class CustomLoss {

    private static final String LOGITS = "logits";

    private CustomLoss() {}

    static LossNodes add(Loss.OfNodes loss, String logits, long[] shape, GraphBuilder builder) {
        ModelProto nodes = withLogitsOf(shape, loss.nodes());
        List<ValueInfoProto> others = new ArrayList<>();
        Map<String, String> kept = new HashMap<>(Map.of(LOGITS, logits));
        Set<String> weights = SubGraph.initializers(nodes.getGraph());
        for (ValueInfoProto input : nodes.getGraph().getInputList()) {
            String name = input.getName();
            if (!weights.contains(name) && !name.equals(LOGITS)) {
                kept.put(name, name);
                if (!name.equals(GradientGraph.LABELS)) {
                    others.add(input);
                }
            }
        }
        SubGraph differentiated = SubGraph.append(nodes, (int) shape[0], "loss/", kept, Set.of(LOGITS), builder);
        differentiated.requireOnePerImage(shape[0]);
        Map<String, String> slopes = differentiated.slopes(builder);
        return new LossNodes(differentiated.output(), slopes.get(LOGITS), differentiated.inputs(others));
    }

    private static ModelProto withLogitsOf(long[] shape, ModelProto nodes) {
        GraphProto.Builder graph = nodes.getGraph().toBuilder();
        for (int i = 0; i < graph.getInputCount(); i++) {
            if (graph.getInput(i).getName().equals(LOGITS)) {
                graph.setInput(i, Values.of(LOGITS, TensorProto.DataType.FLOAT_VALUE, shape));
                return nodes.toBuilder().setGraph(graph).build();
            }
        }
        throw new UnsupportedGraphException("A loss of ONNX nodes has an input \"logits\", and this one has %s."
                .formatted(Values.names(graph.getInputList())));
    }
}
