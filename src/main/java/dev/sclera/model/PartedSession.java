package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.sclera.gradient.GraphParts;
import dev.sclera.gradient.RuntimeOrder;
import dev.sclera.gradient.Sinking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph of moves and of arithmetic value by value, or nearly so, opened in at most as many parts as there are cores:
 * the runtime's own threads make the moves of small matrices slower, not faster. An output that has only got another
 * shape in the end comes in the shape before.
 */
final class PartedSession implements AutoCloseable {

    private final Opened opened = new Opened();
    private final List<OrtSession> parts = new ArrayList<>();

    private PartedSession() {}

    /**
     * Opens a graph.
     *
     * @param model its outputs have shapes; without outputs, nothing is to be done
     */
    static PartedSession open(ModelProto model) throws OrtException {
        PartedSession session = new PartedSession();
        try {
            for (ModelProto part : GraphParts.of(model, Runtime.getRuntime().availableProcessors())) {
                ModelProto shapeless = RuntimeOrder.earlyOutputs(Sinking.withoutLastReshapes(part));
                session.parts.add(session.opened.add(GradientSession.openInBlocks(shapeless)));
            }
        } catch (OrtException | RuntimeException e) {
            session.opened.closeAfter(e);
            throw e;
        }
        return session;
    }

    /** The shapes in which outputs come, by name. */
    Map<String, long[]> shapes() throws OrtException {
        Map<String, long[]> shapes = new HashMap<>();
        for (OrtSession part : parts) {
            for (Map.Entry<String, NodeInfo> output : part.getOutputInfo().entrySet()) {
                shapes.put(output.getKey(), ((TensorInfo) output.getValue().getInfo()).getShape());
            }
        }
        return shapes;
    }

    /**
     * Runs all parts at once.
     *
     * @param inputs those of the graph, and others, which are not read
     * @param outputs where results go, all of them
     */
    void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws OrtException {
        Meanwhile.all(parts.stream()
                .<Meanwhile.Work<Void, OrtException>>map(part -> () -> run(part, inputs, outputs))
                .toList());
    }

    private static Void run(OrtSession part, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs)
            throws OrtException {
        part.run(
                        StepSession.only(part.getInputNames(), inputs),
                        Set.of(),
                        StepSession.only(part.getOutputNames(), outputs))
                .close();
        return null;
    }

    @Override
    public void close() throws OrtException {
        opened.close();
    }
}
