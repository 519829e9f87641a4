package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.Map;

/**
 * A forward graph in its {@linkplain NormalForm normal form}, with the type of every tensor known.
 *
 * @param model the folded model
 * @param types of every tensor of the graph
 */
record StaticGraph(ModelProto model, TensorTypes types) {

    static StaticGraph of(ModelProto model, int batch) {
        ModelProto normal = NormalForm.of(model, batch);
        return new StaticGraph(normal, TensorTypes.of(normal));
    }

    /** The version of the standard operators that a model is written in. */
    static long opset(ModelProto model) {
        return NormalForm.opset(model);
    }

    /** The shape of every tensor of the graph. */
    Map<String, long[]> shapes() {
        return types.shapes();
    }
}
