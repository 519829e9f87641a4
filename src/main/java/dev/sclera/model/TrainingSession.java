package dev.sclera.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.gradient.Loss;
import dev.sclera.gradient.PairedLoss;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.gradient.TrainingGraph.Kind;
import dev.sclera.gradient.TrainingGraph.Variable;
import dev.sclera.gradient.UnsupportedGraphException;
import dev.sclera.problem.UnusableInputException;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * A loaded model that learns: its weights and its optimiser's state stay in memory from step to step.
 *
 * <p>Goes beneath DJL, to ONNX Runtime itself. A batch is cut into micro-batches, so that memory is bounded whatever
 * its size; one thread per core takes one at a time. Their gradients are added in the batch's order, so that the result
 * depends neither on timing nor on the number of cores.
 */
public final class TrainingSession implements AutoCloseable {

    /** Images per micro-batch: more are not faster, and take memory. */
    private static final int MICRO_BATCH = 4;

    /** Where the statistics of a micro-batch matter, more images tell more. */
    private static final int STATISTICAL_BATCH = 16;

    private final String name;
    private final int microBatch;
    private final TrainingGraph summing;
    private final Opened opened = new Opened();
    private final StepSession steps;
    private final VariableBuffers sums;
    private final VariableBuffers statistics;
    private VariableBuffers present;
    private VariableBuffers next;
    private boolean prepared;
    private final Deque<TrainingLane> free = new ArrayDeque<>();
    private final List<TrainingLane> lanes = new ArrayList<>();
    private final Workers workers;

    /** Prepares the images of a batch, when their turn comes; by several threads at once. */
    @FunctionalInterface
    public interface Source {

        /**
         * Gives one image.
         *
         * @param place in the batch
         * @param pixels to write it to: {@code [h,w,3]}, RGB, in {@code [0,1]}
         */
        void fill(int place, float[] pixels);
    }

    /** Is told the slopes of a step's loss with respect to its images. */
    @FunctionalInterface
    public interface ImageSlopes {

        /**
         * Takes those of one image.
         *
         * @param place in the batch
         * @param slopes of the image's loss times its weight: {@code [h,w,3]}, RGB, per unit of {@code [0,1]}; not to
         *     be kept, for others follow in the same array
         */
        void of(int place, float[] slopes);
    }

    /**
     * What one step is made from; as many images as make whole micro-batches.
     *
     * @param source of the images
     * @param labels per place the grade
     * @param weights per place how much the image counts; 0 for one that only fills the micro-batch
     */
    public record Batch(Source source, int[] labels, float[] weights) {

        public Batch {
            if (labels.length != weights.length) {
                throw new IllegalArgumentException(
                        "%d labels do not fit %d weights".formatted(labels.length, weights.length));
            }
        }
    }

    /**
     * The loss of a batch, before the step that it led to.
     *
     * @param sum of the images' losses, each times its weight
     * @param weight the sum of the weights
     */
    public record Outcome(double sum, double weight) {

        /** The mean loss; not finite where training has diverged. */
        public double mean() {
            return sum / weight;
        }
    }

    /**
     * Loads a model for images of one canonical size.
     *
     * @throws UnusableInputException where a part of the model that is trained has no gradient
     */
    static TrainingSession load(
            String name,
            ModelProto onnx,
            ModelDescriptor descriptor,
            TrainingSetup setup,
            int height,
            int width,
            Processor processor) {
        try {
            int batch = microBatch(onnx, descriptor, setup);
            Loss loss = setup.paired()
                    ? PairedLoss.of(onnx, batch / 2, descriptor.grades(), setup.share(), setup.consistency())
                    : new Loss.CrossEntropy();
            Set<String> trained = setup.layers().in(onnx, descriptor.output());
            ModelProto classifier = PreprocessedGraph.of(onnx, descriptor, height, width);
            GradientGraph.Output output =
                    GradientGraph.Output.valueOf(descriptor.outputKind().name());
            TrainingGraph.Training training = new TrainingGraph.Training(
                    loss, trained::contains, setup.optimiser(), setup.normalisation(), setup.imageSlopes());
            TrainingGraph summing = TrainingGraph.sums(classifier, output, batch, training);
            TrainingGraph updating = TrainingGraph.update(summing, setup.optimiser());
            StepSession steps = StepSession.open(
                    name,
                    new StepSession.Graphs(
                            summing, () -> TrainingGraph.sumsInBlocks(classifier, output, batch, training), updating),
                    processor);
            return new TrainingSession(name, steps, summing, updating, height, width, batch, setup.imageSlopes());
        } catch (OrtException e) {
            throw failure(name, e);
        } catch (UnsupportedGraphException e) {
            throw new UnusableInputException(
                    "model", "The model \"%s\" cannot be trained. %s".formatted(name, e.getMessage()), e);
        }
    }

    private static int microBatch(ModelProto onnx, ModelDescriptor descriptor, TrainingSetup setup) {
        int insisted = Math.toIntExact(PreprocessedGraph.batch(onnx, descriptor));
        if (setup.paired() && insisted % 2 == 1) {
            throw new UnsupportedGraphException(
                    "It insists on a batch of %d, and consistency takes images in pairs. Export it with an open batch, or train without consistency."
                            .formatted(insisted));
        }
        boolean fixed = setup.normalisation() == TrainingGraph.Normalisation.FIXED;
        return insisted > 0 ? insisted : fixed ? MICRO_BATCH : STATISTICAL_BATCH;
    }

    private TrainingSession(
            String name,
            StepSession steps,
            TrainingGraph summing,
            TrainingGraph updating,
            int height,
            int width,
            int microBatch,
            boolean imageSlopes) {
        this.name = name;
        this.microBatch = microBatch;
        this.steps = steps;
        this.summing = summing;
        int cores = Runtime.getRuntime().availableProcessors();
        opened.add(steps);
        try {
            List<Variable> summed = new ArrayList<>(summing.variables(Kind.SUM));
            summed.addAll(summing.variables(Kind.STATISTIC));
            List<Variable> made = steps.made(summed);
            sums = opened.add(new VariableBuffers(made));
            statistics = opened.add(new VariableBuffers(summing.variables(Kind.STATISTIC)));
            present = opened.add(new VariableBuffers(updating.variables()));
            next = opened.add(new VariableBuffers(updating.variables()));
            // one more than can run, so that a core need not wait for the sum to have taken what it made
            for (int i = 0; i <= cores; i++) {
                lanes.add(opened.add(new TrainingLane(made, height, width, microBatch, imageSlopes)));
            }
        } catch (OrtException | RuntimeException e) {
            opened.closeAfter(e);
            throw failure(e);
        }
        free.addAll(lanes);
        workers = new Workers(cores, "train " + name);
    }

    /** Whether gradients are computed in the runtime's blocked layout. */
    boolean isBlocked() {
        return steps.isBlocked();
    }

    /** How many images go through the model at once; a batch's size is a multiple of it. */
    public int microBatch() {
        return microBatch;
    }

    /**
     * One step of training.
     *
     * @param rate the learning rate
     * @throws UnusableInputException where the model fails on the images
     */
    public Outcome step(Batch batch, double rate) {
        return step(batch, rate, (place, slopes) -> {});
    }

    /**
     * One step of training.
     *
     * @param rate the learning rate
     * @param reader of the slopes with respect to the images, in the batch's order, of the weights before the step;
     *     told nothing where the setup wants none
     * @throws UnusableInputException where the model fails on the images
     */
    public Outcome step(Batch batch, double rate, ImageSlopes reader) {
        int images = batch.labels().length;
        if (images == 0 || images % microBatch != 0) {
            throw new IllegalArgumentException(
                    "a batch of %d images does not make whole micro-batches of %d".formatted(images, microBatch));
        }
        Deque<Future<TrainingLane>> running = new ArrayDeque<>();
        try {
            if (!prepared) {
                steps.prepare(present.inputs());
                prepared = true;
            }
            boolean begun = false;
            for (int start = 0; start < images; start += microBatch) {
                if (free.isEmpty()) {
                    take(List.of(running.remove()), begun, reader);
                    begun = true;
                }
                TrainingLane lane = free.remove();
                int from = start;
                running.add(workers.submit(() -> {
                    lane.run(steps, batch, from, List.of(present, statistics));
                    return lane;
                }));
            }
            take(List.copyOf(running), begun, reader);
            running.clear();
            return update(images / microBatch, rate);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while training", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            workers.await(running);
            free.clear();
            free.addAll(lanes);
        }
    }

    /** Waits for micro-batches and adds what they made: in the order of the batch, whichever was ready first. */
    private void take(List<Future<TrainingLane>> parts, boolean onTop, ImageSlopes reader)
            throws InterruptedException, ExecutionException {
        List<TrainingLane> taken = new ArrayList<>();
        for (Future<TrainingLane> part : parts) {
            taken.add(part.get());
        }
        sums.add(taken.stream().map(TrainingLane::made).toList(), onTop);
        taken.forEach(lane -> lane.tellSlopes(reader));
        free.addAll(taken);
    }

    private Outcome update(int microBatches, double rate) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>(sums.inputs());
        inputs.putAll(present.inputs());
        try (OnnxTensor scalar = OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), FloatBuffer.wrap(new float[] {(float) rate}), new long[0])) {
            inputs.put(TrainingGraph.LEARNING_RATE, scalar);
            // what fails halfway leaves the parameters, but not what was made of them
            prepared = false;
            steps.update(inputs, next.outputs());
            prepared = true;
        }
        VariableBuffers past = present;
        present = next;
        next = past;
        for (Variable statistic : summing.variables(Kind.STATISTIC)) {
            float[] sum = sums.get(statistic.input());
            for (int i = 0; i < sum.length; i++) {
                sum[i] /= microBatches;
            }
            statistics.set(statistic.input(), sum);
        }
        return new Outcome(sums.get(TrainingGraph.LOSS)[0], sums.get(TrainingGraph.WEIGHT)[0]);
    }

    /** A copy of the trained weights as they are, and of running statistics where they follow, by name. */
    public Map<String, float[]> weights() {
        Map<String, float[]> weights = new LinkedHashMap<>();
        summing.variables(Kind.PARAMETER)
                .forEach(parameter -> weights.put(parameter.input(), present.get(parameter.input())));
        summing.variables(Kind.STATISTIC)
                .forEach(statistic -> weights.put(statistic.input(), statistics.get(statistic.input())));
        return weights;
    }

    /** All that a later session of the same model and setup needs to go on from here, as bytes. */
    public byte[] save() {
        return GraphProto.newBuilder()
                .addAllInitializer(present.save())
                .addAllInitializer(statistics.save())
                .build()
                .toByteArray();
    }

    /**
     * Goes on from where another session was.
     *
     * @param saved by {@link #save}
     * @throws IllegalArgumentException where the bytes are not those of such a session
     */
    public void restore(byte[] saved) {
        prepared = false;
        try {
            for (TensorProto value : GraphProto.parseFrom(saved).getInitializerList()) {
                (statistics.inputs().containsKey(value.getName()) ? statistics : present).set(value.getName(), value);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the bytes hold no state of a training: " + e.getMessage(), e);
        }
    }

    private UnusableInputException failure(Throwable cause) {
        return failure(name, cause);
    }

    private static UnusableInputException failure(String name, Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        return new UnusableInputException(
                "model", "The model \"%s\" cannot be trained: %s.".formatted(name, cause.getMessage()), cause);
    }

    @Override
    public void close() {
        workers.close();
        try {
            opened.close();
        } catch (OrtException e) {
            throw failure(e);
        }
    }
}
