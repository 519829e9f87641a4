package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.sclera.gradient.BlockSize;
import dev.sclera.gradient.BlockedLayout;
import dev.sclera.gradient.GradientGraph;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
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
            try (Probe images = new Probe(standard, probe);
                    OrtSession.Result expected = standard.run(images.inputs());
                    OrtSession.Result actual = fast.run(images.inputs())) {
                for (String output : new String[] {GradientGraph.LOGITS, GradientGraph.LOSSES}) {
                    // a graph of features has no logits
                    if (standard.getOutputNames().contains(output)
                            && !(error(floats(expected, output), floats(actual, output)) <= TOLERANCE)) {
                        return false;
                    }
                }
                float[] slope = floats(expected, GradientGraph.GRADIENT);
                float[] other = floats(actual, GradientGraph.GRADIENT);
                if (error(slope, other) <= TOLERANCE) {
                    gradients = true;
                } else if (!(distance(slope, other) <= FLIPPED)) {
                    return false;
                }
            }
        }
        return gradients;
    }

    private static float[] floats(OrtSession.Result result, String output) {
        FloatBuffer buffer = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    /** The largest difference, relative to the largest magnitude; NaN where either is not finite. */
    private static double error(float[] expected, float[] actual) {
        double largest = Float.MIN_NORMAL;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
        }
        return difference / largest;
    }

    private static double distance(float[] expected, float[] actual) {
        double squares = Float.MIN_NORMAL;
        double differences = 0;
        for (int i = 0; i < expected.length; i++) {
            squares += (double) expected[i] * expected[i];
            differences += Math.pow((double) expected[i] - actual[i], 2);
        }
        return Math.sqrt(differences / squares);
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

    /** Seeded images of uniform noise, with labels. */
    private static final class Probe implements AutoCloseable {

        private final Map<String, OnnxTensor> inputs;

        Probe(OrtSession session, long seed) throws OrtException {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            Random random = new Random(seed);
            inputs = new HashMap<>();
            for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
                TensorInfo info = (TensorInfo) input.getValue().getInfo();
                long[] shape = info.getShape();
                inputs.put(
                        input.getKey(),
                        info.type == OnnxJavaType.INT64
                                ? OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[size(shape)]), shape)
                                : OnnxTensor.createTensor(
                                        environment, FloatBuffer.wrap(uniform(size(shape), random)), shape));
            }
        }

        private static int size(long[] shape) {
            int size = 1;
            for (long length : shape) {
                size = Math.multiplyExact(size, (int) length);
            }
            return size;
        }

        private static float[] uniform(int size, Random random) {
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = random.nextFloat();
            }
            return values;
        }

        Map<String, OnnxTensor> inputs() {
            return inputs;
        }

        @Override
        public void close() {
            inputs.values().forEach(OnnxTensor::close);
        }
    }
}
