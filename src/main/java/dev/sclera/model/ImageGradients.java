package dev.sclera.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.sclera.dataset.Images;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.problem.UnusableInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A loaded model with its gradient graph: the loss of images and its gradient with respect to a universal perturbation.
 *
 * <p>Goes beneath DJL, to ONNX Runtime itself: inputs and outputs are buffers that are used again, and one thread per
 * core works on a small batch of its own, which was measured to be faster than all cores on one batch. Sums are taken
 * in the images' order, so that the result does not depend on the threads.
 */
public final class ImageGradients implements AutoCloseable {

    /** Batches under way or done per core, before the sum waits for the first of them. */
    private static final int AHEAD = 2;

    private final String name;
    private final int batch;
    private final int cores;
    private final int stride;
    private final int grades;
    private final GradientSession session;
    private final ExecutorService workers;
    private final BlockingQueue<Lane> lanes;

    /**
     * What some images say of a perturbation.
     *
     * @param losses per image
     * @param grades per image, the model's grade of the perturbed image
     * @param gradient {@code [h,w,3]}, the sum over the images of ∂loss/∂δ at {@code clip(x + δ, 0, 1)}
     */
    public record Result(double[] losses, int[] grades, float[] gradient) {}

    ImageGradients(String name, GradientGraph graph, ModelDescriptor descriptor, int height, int width, int batch) {
        this.name = name;
        this.batch = batch;
        this.stride = height * width * 3;
        this.grades = descriptor.grades();
        cores = Runtime.getRuntime().availableProcessors();
        try {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            session = GradientSession.open(name, graph);
            lanes = new ArrayBlockingQueue<>(cores);
            for (int i = 0; i < cores; i++) {
                lanes.add(new Lane(environment, height, width));
            }
        } catch (OrtException e) {
            throw failure(e);
        }
        workers = Executors.newFixedThreadPool(cores, work -> {
            Thread thread = new Thread(work, "gradient " + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The losses of some images under a perturbation, and their gradient.
     *
     * @param images where the images are
     * @param rows which of them, in the order in which they are summed
     * @param delta δ, {@code [h,w,3]}
     * @param labels per row the grade that the loss refers to
     * @throws UnusableInputException where the model fails on them
     */
    public Result of(Images images, int[] rows, float[] delta, int[] labels) {
        Deque<Future<float[]>> parts = new ArrayDeque<>();
        double[] losses = new double[rows.length];
        int[] answers = new int[rows.length];
        float[] gradient = new float[stride];
        try {
            for (int start = 0; start < rows.length; start += batch) {
                int from = start;
                int to = Math.min(rows.length, start + batch);
                parts.add(workers.submit(() -> part(images, rows, delta, labels, from, to, losses, answers)));
                if (parts.size() > AHEAD * cores) {
                    // what is computed and not yet summed up takes memory
                    add(gradient, parts.remove().get());
                }
            }
            while (!parts.isEmpty()) {
                add(gradient, parts.remove().get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while computing gradients", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            parts.forEach(part -> part.cancel(false));
        }
        return new Result(losses, answers, gradient);
    }

    private static void add(float[] sum, float[] addend) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += addend[i];
        }
    }

    private float[] part(
            Images images, int[] rows, float[] delta, int[] labels, int from, int to, double[] losses, int[] answers)
            throws InterruptedException, OrtException {
        Lane lane = lanes.take();
        try {
            for (int slot = 0; slot < batch; slot++) {
                // the places that are left in the last batch hold its last image again; what comes of them is not read
                int row = Math.min(from + slot, to - 1);
                lane.fill(slot, images.pixels(), rows[row], delta, labels[row]);
            }
            lane.run();
            for (int row = from; row < to; row++) {
                losses[row] = lane.losses.get(row - from);
                answers[row] = lane.grade(row - from);
            }
            return lane.sum(images.pixels(), rows, from, to, delta);
        } finally {
            lanes.add(lane);
        }
    }

    private UnusableInputException failure(Throwable cause) {
        return new UnusableInputException(
                "model",
                "The gradients of the model \"%s\" cannot be computed: %s.".formatted(name, cause.getMessage()),
                cause);
    }

    @Override
    public void close() {
        workers.shutdownNow();
        try {
            for (Lane lane : lanes) {
                lane.close();
            }
            session.close();
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    /** The buffers of one batch under way; used by one thread at a time. */
    private final class Lane implements AutoCloseable {

        private final FloatBuffer pixels;
        private final LongBuffer labels;
        private final FloatBuffer losses;
        private final FloatBuffer logits;
        private final FloatBuffer gradient;
        private final Map<String, OnnxTensor> inputs;
        private final Map<String, OnnxTensor> outputs;
        private final float[] image = new float[stride];

        Lane(OrtEnvironment environment, int height, int width) throws OrtException {
            long[] shape = {batch, height, width, 3};
            pixels = floats(batch * stride);
            labels = ByteBuffer.allocateDirect(batch * Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asLongBuffer();
            losses = floats(batch);
            logits = floats(batch * grades);
            gradient = floats(batch * stride);
            inputs = Map.of(
                    PreprocessedGraph.IMAGES, OnnxTensor.createTensor(environment, pixels, shape),
                    GradientGraph.LABELS, OnnxTensor.createTensor(environment, labels, new long[] {batch}));
            outputs = Map.of(
                    GradientGraph.LOSSES, OnnxTensor.createTensor(environment, losses, new long[] {batch}),
                    GradientGraph.LOGITS, OnnxTensor.createTensor(environment, logits, new long[] {batch, grades}),
                    GradientGraph.GRADIENT, OnnxTensor.createTensor(environment, gradient, shape));
        }

        void fill(int slot, byte[] bytes, int row, float[] delta, int label) {
            int source = row * stride;
            for (int i = 0; i < stride; i++) {
                image[i] = Math.max(0f, Math.min(1f, (bytes[source + i] & 0xff) / 255f + delta[i]));
            }
            pixels.put(slot * stride, image);
            labels.put(slot, label);
        }

        void run() throws OrtException {
            session.session().run(inputs, Set.of(), outputs).close();
        }

        int grade(int slot) {
            float[] row = new float[grades];
            logits.get(slot * grades, row);
            return Grade.of(row, ModelDescriptor.OutputKind.LOGITS).grade();
        }

        /** The sum of the images' gradients, each where its pixel was not clipped: elsewhere δ moves nothing. */
        float[] sum(byte[] bytes, int[] rows, int from, int to, float[] delta) {
            float[] sum = new float[stride];
            for (int row = from; row < to; row++) {
                gradient.get((row - from) * stride, image);
                int source = rows[row] * stride;
                for (int i = 0; i < stride; i++) {
                    float moved = (bytes[source + i] & 0xff) / 255f + delta[i];
                    if (moved >= 0f && moved <= 1f) {
                        sum[i] += image[i];
                    }
                }
            }
            return sum;
        }

        private FloatBuffer floats(int length) {
            return ByteBuffer.allocateDirect(length * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }

        @Override
        public void close() {
            inputs.values().forEach(OnnxTensor::close);
            outputs.values().forEach(OnnxTensor::close);
        }
    }
}
