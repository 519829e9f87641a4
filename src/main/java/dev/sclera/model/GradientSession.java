package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sclera.gradient.BlockSize;
import dev.sclera.gradient.BlockedLayout;
import dev.sclera.gradient.GradientGraph;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
        if (processor != Processor.CPU) {
            // the blocked kernels are the CPU's
            return new GradientSession(session(graph, processor), false);
        }
        OptionalInt block = BlockSize.detect();
        if (block.isEmpty()) {
            LOG.info("Gradients of \"{}\": the runtime has no blocked layout on this processor.", name);
            return new GradientSession(session(graph, processor), false);
        }
        Meanwhile<OrtSession, OrtException> opening = Meanwhile.of(() -> session(graph, processor));
        OrtSession fast = blocked(name, graph, block.getAsInt());
        OrtSession standard;
        try {
            standard = opening.result();
        } catch (OrtException | RuntimeException e) {
            close(fast);
            throw e;
        }
        boolean blocked = fast != null && agree(name, standard, fast);
        close(blocked ? standard : fast);
        return new GradientSession(blocked ? fast : standard, blocked);
    }

    /**
     * Opens a graph in its standard form, one thread per call.
     *
     * @throws OrtException where the runtime refuses it
     */
    static OrtSession session(ModelProto model, Processor processor) throws OrtException {
        try (OrtSession.SessionOptions options = processor.options(1)) {
            return OrtEnvironment.getEnvironment().createSession(model.toByteArray(), options);
        }
    }

    /**
     * Opens a graph in blocked layout, one thread per call.
     *
     * @throws OrtException where the runtime refuses it
     */
    static OrtSession openInBlocks(ModelProto model) throws OrtException {
        try (OrtSession.SessionOptions options = Processor.CPU.options(1)) {
            BlockedLayout.configure(options, model);
            return OrtEnvironment.getEnvironment().createSession(model.toByteArray(), options);
        }
    }

    private static @Nullable OrtSession blocked(String name, ModelProto graph, int block) {
        try {
            return openInBlocks(BlockedLayout.of(graph, block));
        } catch (OrtException | RuntimeException e) {
            noneInBlocks(name, e);
            return null;
        }
    }

    private static void noneInBlocks(String name, Exception failure) {
        LOG.warn("Gradients of \"{}\": no blocked graph, the standard one is used: {}", name, failure.getMessage());
    }

    private static void close(@Nullable OrtSession session) throws OrtException {
        if (session != null) {
            session.close();
        }
    }

    private static boolean agree(String name, OrtSession standard, OrtSession fast) {
        try {
            List<Agreement> probes = Meanwhile.all(IntStream.range(0, PROBES)
                    .mapToObj(
                            seed -> (Meanwhile.Work<Agreement, OrtException>) () -> Agreement.of(standard, fast, seed))
                    .toList());
            boolean near = probes.stream().allMatch(Agreement::isNear);
            if (near && probes.stream().anyMatch(Agreement::isClose)) {
                return true;
            }
            LOG.warn(
                    "Gradients of \"{}\": the blocked graph does not agree with the standard one, which is used.",
                    name);
        } catch (OrtException | RuntimeException e) {
            noneInBlocks(name, e);
        }
        return false;
    }

    /**
     * How well two sessions agree on one probe.
     *
     * @param scores by how much logits and losses differ, relative to the largest
     * @param slope how far apart the gradients are
     */
    private record Agreement(double scores, Closeness slope) {

        static Agreement of(OrtSession standard, OrtSession fast, int seed) throws OrtException {
            try (Probe images = new Probe(standard, Set.of(), seed);
                    OrtSession.Result expected = standard.run(images.inputs());
                    OrtSession.Result actual = fast.run(images.inputs())) {
                double scores = 0;
                for (String output : new String[] {GradientGraph.LOGITS, GradientGraph.LOSSES}) {
                    // a graph of features has no logits
                    if (standard.getOutputNames().contains(output)) {
                        // NaN stays, for it agrees with nothing
                        scores = Math.max(
                                scores, Closeness.of(expected, actual, output).error());
                    }
                }
                return new Agreement(scores, Closeness.of(expected, actual, GradientGraph.GRADIENT));
            }
        }

        boolean isNear() {
            return scores <= TOLERANCE && (isClose() || slope.relativeDistance() <= FLIPPED);
        }

        boolean isClose() {
            return slope.error() <= TOLERANCE;
        }
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
