package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.sclera.dataset.Images;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.problem.UnusableInputException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * A loaded model with a graph that also computes a loss and its gradient: what some images say of a universal
 * perturbation. The loss is one of logits ({@link dev.sclera.gradient.Loss}) or of features
 * ({@link dev.sclera.gradient.FeatureLoss}).
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
    private final GradientInputs declared;
    private final GradientSession session;
    private final Workers workers;
    private final BlockingQueue<Lane> lanes;

    /**
     * What is asked.
     *
     * @param images where the images are
     * @param rows which of them, in the order in which they are summed; one may occur more than once
     * @param labels per row the grade that the loss refers to; empty where the loss is one of features
     * @param vectors per row and class what else the loss wants, {@code [rows][classes]}; empty where it wants nothing
     * @param views per row the view of the image that the model gets; empty where it gets the images as they are
     */
    public record Query(Images images, int[] rows, int[] labels, float[][] vectors, List<PixelView> views) {

        public Query {
            views = List.copyOf(views);
        }

        /** Of images as they are, and a loss that wants their labels alone. */
        public Query(Images images, int[] rows, int[] labels) {
            this(images, rows, labels, new float[0][], List.of());
        }
    }

    /**
     * What some images say of a perturbation.
     *
     * @param losses per row
     * @param logits per row and class; empty where the loss is one of features
     * @param grades per row the model's grade of the perturbed image; empty likewise
     * @param gradient {@code [h,w,3]}, the sum over the rows of ∂loss/∂δ at {@code clip(x + δ, 0, 1)}
     */
    public record Result(double[] losses, float[][] logits, int[] grades, float[] gradient) {}

    /**
     * What each of some images says of a perturbation.
     *
     * @param losses per row
     * @param logits per row and class; empty where the loss is one of features
     * @param grades per row the model's grade of the perturbed image; empty likewise
     * @param gradients {@code [rows][h·w·3]}, ∂loss/∂δ at {@code clip(x + δ, 0, 1)}
     */
    public record EachResult(double[] losses, float[][] logits, int[] grades, float[][] gradients) {}

    ImageGradients(String name, ModelProto graph, int height, int width, int batch, Processor processor) {
        this.name = name;
        this.batch = batch;
        this.stride = height * width * 3;
        this.declared = GradientInputs.of(graph);
        cores = Runtime.getRuntime().availableProcessors();
        try {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            session = GradientSession.open(name, graph, processor);
            lanes = new ArrayBlockingQueue<>(cores);
            for (int i = 0; i < cores; i++) {
                lanes.add(new Lane(environment, height, width));
            }
        } catch (OrtException e) {
            throw failure(e);
        }
        workers = new Workers(cores, "gradient " + name);
    }

    /**
     * The losses of some images under a perturbation, and their gradient.
     *
     * @param delta δ, {@code [h,w,3]}
     * @throws UnusableInputException where the model fails on them
     */
    public Result of(Query query, float[] delta) {
        Answers answers = new Answers(query.rows().length, declared.classes());
        float[] gradient = new float[stride];
        run(query, delta, answers, (lane, from, to) -> lane.sum(query, from, to, delta), sum -> add(gradient, sum));
        return new Result(answers.losses, answers.logits, answers.grades, gradient);
    }

    /**
     * The losses of some images under a perturbation, and the gradient of each by itself.
     *
     * @param delta δ, {@code [h,w,3]}
     * @throws UnusableInputException where the model fails on them
     */
    public EachResult each(Query query, float[] delta) {
        List<float[]> gradients = new ArrayList<>();
        Answers answers = new Answers(query.rows().length, declared.classes());
        run(query, delta, answers, (lane, from, to) -> lane.each(query, from, to, delta), gradients::addAll);
        return new EachResult(answers.losses, answers.logits, answers.grades, gradients.toArray(float[][]::new));
    }

    /** What is read out of a lane that ran the rows from … to. */
    private interface Reading<T> {
        T read(Lane lane, int from, int to);
    }

    private <T> void run(Query query, float[] delta, Answers answers, Reading<T> reading, Consumer<T> inOrder) {
        int rows = query.rows().length;
        Deque<Future<T>> parts = new ArrayDeque<>();
        try {
            for (int start = 0; start < rows; start += batch) {
                int from = start;
                int to = Math.min(rows, start + batch);
                parts.add(workers.submit(() -> part(query, from, to, delta, answers, reading)));
                if (parts.size() > AHEAD * cores) {
                    // what is computed and not yet summed up takes memory
                    inOrder.accept(parts.remove().get());
                }
            }
            while (!parts.isEmpty()) {
                inOrder.accept(parts.remove().get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while computing gradients", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            parts.forEach(part -> part.cancel(false));
        }
    }

    private <T> T part(Query query, int from, int to, float[] delta, Answers answers, Reading<T> reading)
            throws InterruptedException, OrtException {
        Lane lane = lanes.take();
        try {
            for (int slot = 0; slot < batch; slot++) {
                // the places that are left in the last batch hold its last image again; what comes of them is not read
                lane.fill(slot, query, Math.min(from + slot, to - 1), delta);
            }
            lane.run();
            for (int row = from; row < to; row++) {
                lane.answer(row - from, row, answers);
            }
            return reading.read(lane, from, to);
        } finally {
            lanes.add(lane);
        }
    }

    /** What is told of each row beside gradients; each row is written by one thread. */
    private static final class Answers {

        private final double[] losses;
        private final float[][] logits;
        private final int[] grades;

        Answers(int rows, int classes) {
            losses = new double[rows];
            logits = new float[classes == 0 ? 0 : rows][classes];
            grades = new int[classes == 0 ? 0 : rows];
        }
    }

    private static void add(float[] sum, float[] addend) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += addend[i];
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
        workers.close();
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
        private final FloatBuffer vectors;
        private final FloatBuffer losses;
        private final FloatBuffer logits;
        private final FloatBuffer gradient;
        private final Map<String, OnnxTensor> inputs = new HashMap<>();
        private final Map<String, OnnxTensor> outputs = new HashMap<>();
        private final float[] image = new float[stride];
        private final float[] view = new float[stride];

        Lane(OrtEnvironment environment, int height, int width) throws OrtException {
            long[] shape = {batch, height, width, 3};
            int classes = declared.classes();
            pixels = AlignedMemory.floats(batch * stride);
            labels = AlignedMemory.longs(batch);
            vectors = AlignedMemory.floats(batch * declared.vectorLength());
            losses = AlignedMemory.floats(batch);
            logits = AlignedMemory.floats(batch * classes);
            gradient = AlignedMemory.floats(batch * stride);
            inputs.put(PreprocessedGraph.IMAGES, OnnxTensor.createTensor(environment, pixels, shape));
            if (declared.labels()) {
                inputs.put(GradientGraph.LABELS, OnnxTensor.createTensor(environment, labels, new long[] {batch}));
            }
            if (declared.vector() != null) {
                inputs.put(
                        declared.vector(),
                        OnnxTensor.createTensor(environment, vectors, new long[] {batch, declared.vectorLength()}));
            }
            outputs.put(GradientGraph.LOSSES, OnnxTensor.createTensor(environment, losses, new long[] {batch}));
            outputs.put(GradientGraph.GRADIENT, OnnxTensor.createTensor(environment, gradient, shape));
            if (classes > 0) {
                outputs.put(
                        GradientGraph.LOGITS,
                        OnnxTensor.createTensor(environment, logits, new long[] {batch, classes}));
            }
        }

        void fill(int slot, Query query, int row, float[] delta) {
            byte[] bytes = query.images().pixels();
            int source = query.rows()[row] * stride;
            for (int i = 0; i < stride; i++) {
                image[i] = Math.max(0f, Math.min(1f, (bytes[source + i] & 0xff) / 255f + delta[i]));
            }
            if (query.views().isEmpty()) {
                pixels.put(slot * stride, image);
            } else {
                query.views().get(row).see(image, view);
                pixels.put(slot * stride, view);
            }
            if (declared.labels()) {
                labels.put(slot, query.labels()[row]);
            }
            if (declared.vector() != null) {
                vectors.put(slot * declared.vectorLength(), query.vectors()[row]);
            }
        }

        void run() throws OrtException {
            session.session().run(inputs, Set.of(), outputs).close();
        }

        void answer(int slot, int row, Answers answers) {
            answers.losses[row] = losses.get(slot);
            if (declared.classes() > 0) {
                logits.get(slot * declared.classes(), answers.logits[row]);
                answers.grades[row] = Grade.of(answers.logits[row], ModelDescriptor.OutputKind.LOGITS)
                        .grade();
            }
        }

        float[] sum(Query query, int from, int to, float[] delta) {
            float[] sum = new float[stride];
            for (int row = from; row < to; row++) {
                addSlope(query, row, row - from, delta, sum);
            }
            return sum;
        }

        List<float[]> each(Query query, int from, int to, float[] delta) {
            List<float[]> slopes = new ArrayList<>();
            for (int row = from; row < to; row++) {
                float[] slope = new float[stride];
                addSlope(query, row, row - from, delta, slope);
                slopes.add(slope);
            }
            return slopes;
        }

        /** Adds an image's gradient where its pixels were not clipped: elsewhere δ moves nothing. */
        private void addSlope(Query query, int row, int slot, float[] delta, float[] sum) {
            float[] slope = image;
            gradient.get(slot * stride, image);
            if (!query.views().isEmpty()) {
                query.views().get(row).back(image, view);
                slope = view;
            }
            byte[] bytes = query.images().pixels();
            int source = query.rows()[row] * stride;
            for (int i = 0; i < stride; i++) {
                float moved = (bytes[source + i] & 0xff) / 255f + delta[i];
                if (moved >= 0f && moved <= 1f) {
                    sum[i] += slope[i];
                }
            }
        }

        @Override
        public void close() {
            inputs.values().forEach(OnnxTensor::close);
            outputs.values().forEach(OnnxTensor::close);
        }
    }
}
