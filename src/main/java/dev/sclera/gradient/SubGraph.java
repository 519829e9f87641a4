package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A small model, of a loss or of a function of features, that was put into a graph and can be differentiated there.
 *
 * @param forward the model with its shapes, under the names that it has in the graph
 * @param differentiated its own names of the inputs that slopes are wanted of, to the names in the graph
 */
record SubGraph(StaticGraph forward, Map<String, String> differentiated) {

    /**
     * Adds a model's nodes and constants to a graph.
     *
     * @param model of the graph's opset, with one output
     * @param prefix of its names in the graph
     * @param inputs by the model's name of an input, the tensor of the graph that takes its place
     * @param differentiated the inputs that slopes are wanted of
     */
    static SubGraph append(
            ModelProto model,
            int batch,
            String prefix,
            Map<String, String> inputs,
            Set<String> differentiated,
            GraphBuilder builder) {
        Prefixing prefixing = new Prefixing(prefix, inputs);
        StaticGraph forward = StaticGraph.of(
                model.toBuilder().setGraph(prefixing.of(model.getGraph())).build(), batch);
        if (StaticGraph.opset(forward.model()) != builder.opset()) {
            throw new UnsupportedGraphException(
                    "The loss is of opset %d and the classifier of opset %d; build the loss with opset %d too."
                            .formatted(StaticGraph.opset(forward.model()), builder.opset(), builder.opset()));
        }
        if (model.getGraph().getOutputCount() != 1) {
            throw new UnsupportedGraphException("A loss of ONNX nodes has one output, and this one has %s."
                    .formatted(Values.names(model.getGraph().getOutputList())));
        }
        builder.append(forward.model().getGraph());
        return new SubGraph(forward, differentiated.stream().collect(Collectors.toMap(name -> name, prefixing::of)));
    }

    static Set<String> initializers(GraphProto graph) {
        return graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
    }

    /** The name of its output in the graph. */
    String output() {
        return forward.model().getGraph().getOutput(0).getName();
    }

    long[] shape(String tensor) {
        return forward.shapes().get(tensor);
    }

    void requireOnePerImage(long images) {
        if (!Arrays.equals(shape(output()), new long[] {images})) {
            throw new UnsupportedGraphException(
                    "The output of a loss is [n], one figure per image; this one's has the shape %s where n is %d."
                            .formatted(Arrays.toString(shape(output())), images));
        }
    }

    /** Those inputs of the model that the graph takes from outside, with the shapes that they have there. */
    List<ValueInfoProto> inputs(List<ValueInfoProto> outside) {
        Set<String> names = outside.stream().map(ValueInfoProto::getName).collect(Collectors.toSet());
        return forward.model().getGraph().getInputList().stream()
                .filter(input -> names.contains(input.getName()))
                .toList();
    }

    /** Adds the slopes of the sum of the output, by the model's own name of the input. */
    Map<String, String> slopes(GraphBuilder builder) {
        float[] ones = new float[Tensors.size(shape(output()))];
        Arrays.fill(ones, 1);
        BackwardPass pass = new BackwardPass(forward, builder, Set.copyOf(differentiated.values()));
        pass.run(Map.of(output(), builder.floats(ones, shape(output()))));
        Map<String, String> slopes = new HashMap<>();
        differentiated.forEach((own, name) -> slopes.put(
                own,
                pass.slope(name)
                        .orElseThrow(() -> new UnsupportedGraphException(
                                "The output \"%s\" of the loss does not depend on its input \"%s\" in a differentiable way."
                                        .formatted(output(), own)))));
        return slopes;
    }
}
