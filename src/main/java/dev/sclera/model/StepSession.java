package dev.sclera.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sclera.gradient.BlockSize;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.gradient.TrainingGraph.Variable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The graphs of a step of training, opened for this machine's processor: of a micro-batch's gradients, one thread per
 * call, and of the update. In the runtime's blocked layout where that {@linkplain StepAgreement computes what the
 * standard graphs do}, else the standard graphs themselves.
 */
sealed interface StepSession extends AutoCloseable permits StandardStepSession, BlockedStepSession {

    /**
     * Opens the graphs.
     *
     * @param name what the user calls the model, for the log
     * @param processor what they run on; blocked layout is one of the CPU
     * @throws OrtException where the runtime refuses even the standard graphs
     */
    static StepSession open(String name, Graphs graphs, Processor processor) throws OrtException {
        Logger log = LoggerFactory.getLogger(StepSession.class);
        StandardStepSession standard = StandardStepSession.open(graphs, processor);
        if (processor != Processor.CPU) {
            return standard;
        }
        OptionalInt block = BlockSize.detect();
        if (block.isEmpty()) {
            log.info("Training \"{}\": the runtime has no blocked layout on this processor.", name);
            return standard;
        }
        Optional<BlockedStepSession> fast = blocked(name, graphs, block.getAsInt(), standard);
        if (fast.isPresent()) {
            standard.close();
        }
        return fast.<StepSession>map(session -> session).orElse(standard);
    }

    private static Optional<BlockedStepSession> blocked(
            String name, Graphs graphs, int block, StandardStepSession standard) {
        Logger log = LoggerFactory.getLogger(StepSession.class);
        Opened opened = new Opened();
        try {
            BlockedStepSession fast = opened.add(BlockedStepSession.open(graphs, block));
            if (new StepAgreement(graphs, standard, fast).holds()) {
                return Optional.of(fast);
            }
            log.warn("Training \"{}\": the blocked graph does not agree with the standard one, which is used.", name);
            opened.close();
        } catch (OrtException | RuntimeException e) {
            opened.closeAfter(e);
            log.warn("Training \"{}\": no blocked graph, the standard one is used: {}", name, e.getMessage());
        }
        return Optional.empty();
    }

    /**
     * The graphs of a step.
     *
     * @param sums of a micro-batch
     * @param sumsInBlocks gives the same in the form that is meant for blocked layout
     * @param update of what comes after the last micro-batch
     */
    record Graphs(TrainingGraph sums, Supplier<TrainingGraph> sumsInBlocks, TrainingGraph update) {}

    /** Whether micro-batches run in blocked layout. */
    boolean isBlocked();

    /**
     * Variables that micro-batches make, in the shapes in which {@link #run} makes them and {@link #update} takes them.
     */
    List<Variable> made(List<Variable> variables) throws OrtException;

    /** Tells the parameters' values, where they have not come of the last {@link #update}. */
    void prepare(Map<String, OnnxTensor> parameters) throws OrtException;

    /**
     * Runs a micro-batch; by several threads at once.
     *
     * @param inputs those of the graph, and others, which are not read
     * @param outputs where results go
     */
    void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws OrtException;

    /**
     * Makes a step of the sums of what {@link #run} made.
     *
     * @param inputs sums, parameters, the optimiser's state and the learning rate, and others, which are not read
     * @param outputs where the next parameters and state go
     */
    void update(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws OrtException;

    /**
     * What came of one micro-batch.
     *
     * @param unordered by the outputs of the standard graph, as {@link #update} takes it
     * @param tensors the same, gradients in the order of their parameters
     * @param result that owns the former; the latter are good until the next
     */
    record Made(Map<String, OnnxTensor> unordered, Map<String, OnnxTensor> tensors, OrtSession.Result result)
            implements AutoCloseable {

        /** Where all is in order as it comes. */
        static Made inOrder(OrtSession.Result result) {
            Map<String, OnnxTensor> tensors = new HashMap<>();
            result.forEach(tensor -> tensors.put(tensor.getKey(), (OnnxTensor) tensor.getValue()));
            return new Made(tensors, tensors, result);
        }

        @Override
        public void close() {
            result.close();
        }
    }

    @Override
    void close() throws OrtException;

    /** Those tensors that bear one of some names. */
    static Map<String, OnnxTensor> only(Set<String> names, Map<String, OnnxTensor> tensors) {
        Map<String, OnnxTensor> some = new HashMap<>(tensors);
        some.keySet().retainAll(names);
        return some;
    }
}
