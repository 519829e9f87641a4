package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.Map;
import java.util.Set;

/**
 * A forward graph in its {@linkplain NormalForm normal form}, with the type of every tensor known.
 *
 * @param model the folded model
 * @param types of every tensor of the graph
 */
record StaticGraph(ModelProto model, TensorTypes types) {

    static StaticGraph of(ModelProto model, int batch) {
        return of(model, batch, Set.of());
    }

    /** @param whole inputs that are no batches, and keep their shape: parameters that are trained */
    static StaticGraph of(ModelProto model, int batch, Set<String> whole) {
        ModelProto folded = NormalForm.of(model, batch, whole);
        ModelProto normal = NestedConcats.of(PlanarWindows.of(PaddedConvolutions.of(folded)));
        return new StaticGraph(normal, TensorTypes.of(normal));
    }

    /** The graph with nodes changed or put in, and the shapes of the float tensors that are new with them. */
    StaticGraph with(ModelProto changed, Map<String, long[]> more) {
        return new StaticGraph(changed, types.with(more));
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
