package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sclera.gradient.BlockSize;
import dev.sclera.gradient.BlockedLayout;
import dev.sclera.gradient.GradientGraph;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gradient graph opened for one processor; on the CPU one thread per call, in the runtime's blocked layout where that
 * computes what the standard graph computes, else the standard graph itself.
 *
 * <p>The blocked operators are internal to the runtime and may change with it. So both are run on the same seeded
 * images first: logits and losses have to agree within {@value #TOLERANCE} of their largest on each of {@value #PROBES}
 * tries; gradients on one of them, and within {@value #FLIPPED} of their length on all: where a ReLU decides within the
 * noise of a sum, two exact graphs may differ there.
 */
final class GradientSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GradientSession.class);

    static final double TOLERANCE = 1e-4;
    static final double FLIPPED = 2e-2;
    static final int PROBES = 3;

    private final OrtSession session;
    private final boolean blocked;

    private GradientSession(OrtSession session, boolean blocked) {
        this.session = session;
        this.blocked = blocked;
    }

    /**
     * Opens a graph.
     *
     * @param name what the user calls the model, for the log
     * @throws OrtException where the runtime refuses even the standard graph
     */
    static GradientSession open(String name, ModelProto graph, Processor processor) throws OrtException {
        OrtSession standard = session(graph.toByteArray(), processor);
        if (processor != Processor.CPU) {
            // the blocked kernels are the CPU's
            return new GradientSession(standard, false);
        }
        OptionalInt block = BlockSize.detect();
        if (block.isEmpty()) {
            LOG.info("Gradients of \"{}\": the runtime has no blocked layout on this processor.", name);
            return new GradientSession(standard, false);
        }
        OrtSession fast = null;
        try {
            ModelProto model = BlockedLayout.of(graph, block.getAsInt());
            fast = session(model.toByteArray(), processor);
            if (agree(standard, fast)) {
                standard.close();
                return new GradientSession(fast, true);
            }
            LOG.warn(
                    "Gradients of \"{}\": the blocked graph does not agree with the standard one, which is used.",
                    name);
        } catch (OrtException | RuntimeException e) {
            LOG.warn("Gradients of \"{}\": no blocked graph, the standard one is used: {}", name, e.getMessage());
        }
        if (fast != null) {
            fast.close();
        }
        return new GradientSession(standard, false);
    }

    private static OrtSession session(byte[] model, Processor processor) throws OrtException {
        try (OrtSession.SessionOptions options = processor.options(1)) {
            return OrtEnvironment.getEnvironment().createSession(model, options);
        }
    }

    private static boolean agree(OrtSession standard, OrtSession fast) throws OrtException {
        boolean gradients = false;
        for (int probe = 0; probe < PROBES; probe++) {
            try (Probe images = new Probe(standard, Set.of(), probe);
                    OrtSession.Result expected = standard.run(images.inputs());
                    OrtSession.Result actual = fast.run(images.inputs())) {
                for (String output : new String[] {GradientGraph.LOGITS, GradientGraph.LOSSES}) {
                    // a graph of features has no logits
                    if (standard.getOutputNames().contains(output)
                            && !(Closeness.of(expected, actual, output).error() <= TOLERANCE)) {
                        return false;
                    }
                }
                Closeness slope = Closeness.of(expected, actual, GradientGraph.GRADIENT);
                if (slope.error() <= TOLERANCE) {
                    gradients = true;
                } else if (!(slope.relativeDistance() <= FLIPPED)) {
                    return false;
                }
            }
        }
        return gradients;
    }

    OrtSession session() {
        return session;
    }

    /** Whether it runs in blocked layout. */
    boolean isBlocked() {
        return blocked;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
