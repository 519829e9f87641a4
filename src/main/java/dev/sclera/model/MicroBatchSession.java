package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sclera.gradient.BlockSize;
import dev.sclera.gradient.BlockedLayout;
import dev.sclera.gradient.Hoisting;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.gradient.TrainingGraph.Kind;
import dev.sclera.gradient.TrainingGraph.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A graph of a micro-batch's gradients, opened for this machine's processor, one thread per call: in the runtime's
 * blocked layout where that computes what the standard graph does, else the standard graph itself. What depends on the
 * parameters alone, as their blocked order, is computed once for all micro-batches of a step.
 *
 * <p>As of {@link GradientSession}, both are run on the same seeded images first: logits and losses have to agree
 * within {@value GradientSession#TOLERANCE} of their largest, and every gradient within
 * {@value GradientSession#FLIPPED} of its length; on one probe at least within {@value #CLOSE}. One image of a
 * micro-batch counts at a time: among the decisions of all of them, one within the noise of a sum is nearly always
 * found in a deep network. A gradient counts as no shorter than {@value #LEAST} of all of them, as what is zero but for
 * rounding agrees with nothing.
 */
final class MicroBatchSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MicroBatchSession.class);

    static final double CLOSE = 1e-3;
    static final double LEAST = 1e-4;
    static final int MOST_PROBES = 12;

    private final @Nullable OrtSession once;
    private final OrtSession each;
    private final boolean blocked;
    private OrtSession.@Nullable Result prepared;

    private MicroBatchSession(@Nullable OrtSession once, OrtSession each, boolean blocked) {
        this.once = once;
        this.each = each;
        this.blocked = blocked;
    }

    /**
     * Opens a graph.
     *
     * @param name what the user calls the model, for the log
     * @param standard the graph in its standard form
     * @param inBlocks gives the form of it that is meant for blocked layout
     * @param processor what it runs on; blocked layout is one of the CPU
     * @throws OrtException where the runtime refuses even the standard graph
     */
    static MicroBatchSession open(
            String name, TrainingGraph standard, Supplier<TrainingGraph> inBlocks, Processor processor)
            throws OrtException {
        MicroBatchSession plain = standard(standard, processor);
        if (processor != Processor.CPU) {
            return plain;
        }
        OptionalInt block = BlockSize.detect();
        if (block.isEmpty()) {
            LOG.info("Training \"{}\": the runtime has no blocked layout on this processor.", name);
            return plain;
        }
        MicroBatchSession fast = null;
        try {
            fast = blocked(inBlocks.get(), block.getAsInt());
            if (agree(standard, plain, fast)) {
                plain.close();
                return fast;
            }
            LOG.warn("Training \"{}\": the blocked graph does not agree with the standard one, which is used.", name);
        } catch (OrtException | RuntimeException e) {
            LOG.warn("Training \"{}\": no blocked graph, the standard one is used: {}", name, e.getMessage());
        }
        if (fast != null) {
            fast.close();
        }
        return plain;
    }

    /** Opens a graph in its standard form. */
    static MicroBatchSession standard(TrainingGraph graph, Processor processor) throws OrtException {
        return new MicroBatchSession(null, GradientSession.session(graph.model(), processor), false);
    }

    private static MicroBatchSession blocked(TrainingGraph graph, int block) throws OrtException {
        ModelProto model = BlockedLayout.of(graph.model(), block);
        Set<String> parameters = new HashSet<>();
        graph.variables(Kind.PARAMETER).forEach(parameter -> parameters.add(parameter.input()));
        Optional<Hoisting> hoisting = Hoisting.of(model, parameters);
        if (hoisting.isEmpty()) {
            return new MicroBatchSession(null, GradientSession.openInBlocks(model, 1), true);
        }
        OrtSession once = GradientSession.openInBlocks(hoisting.get().once(), 1);
        try {
            return new MicroBatchSession(
                    once, GradientSession.openInBlocks(hoisting.get().each(), 1), true);
        } catch (OrtException e) {
            once.close();
            throw e;
        }
    }

    private static boolean agree(TrainingGraph graph, MicroBatchSession standard, MicroBatchSession fast)
            throws OrtException {
        boolean close = false;
        List<Variable> read = graph.variables().stream()
                .filter(variable -> variable.kind() != Kind.SUM)
                .toList();
        try (VariableBuffers variables = new VariableBuffers(read)) {
            fast.prepare(variables.inputs());
            for (int seed = 0; seed < GradientSession.PROBES || !close && seed < MOST_PROBES; seed++) {
                try (Probe probe = new Probe(standard.each, variables.inputs().keySet(), seed)) {
                    probe.countOne(TrainingGraph.WEIGHTS, seed);
                    Map<String, OnnxTensor> inputs = new HashMap<>(probe.inputs());
                    inputs.putAll(variables.inputs());
                    try (OrtSession.Result expected = standard.each.run(standard.fed(inputs));
                            OrtSession.Result actual = fast.each.run(fast.fed(inputs))) {
                        double apart = apart(graph, expected, actual);
                        if (!(apart <= GradientSession.FLIPPED)) {
                            return false;
                        }
                        close |= apart <= CLOSE;
                    }
                }
            }
        }
        return close;
    }

    /** How far apart the gradients are that differ most; infinitely, where logits or losses are no longer the same. */
    private static double apart(TrainingGraph graph, OrtSession.Result expected, OrtSession.Result actual) {
        List<Closeness> gradients = new ArrayList<>();
        double longest = 0;
        for (Variable variable : graph.variables()) {
            boolean sum = variable.kind() == Kind.SUM;
            boolean changes = sum || !variable.output().equals(variable.input());
            boolean gradient = sum && variable.initial().getDimsCount() > 0;
            if (gradient) {
                Closeness closeness = Closeness.of(expected, actual, variable.output());
                gradients.add(closeness);
                longest = Math.max(longest, closeness.length());
            } else if (changes && !same(expected, actual, variable.output())) {
                return Double.POSITIVE_INFINITY;
            }
        }
        if (!same(expected, actual, TrainingGraph.LOGITS)) {
            return Double.POSITIVE_INFINITY;
        }
        double least = LEAST * longest;
        double images = expected.get(TrainingGraph.IMAGE_SLOPES).isPresent()
                ? Closeness.of(expected, actual, TrainingGraph.IMAGE_SLOPES).relativeDistance()
                : 0;
        return gradients.stream()
                .mapToDouble(gradient -> gradient.distance() / Math.max(gradient.length(), least))
                .reduce(images, Math::max);
    }

    private static boolean same(OrtSession.Result expected, OrtSession.Result actual, String output) {
        return Closeness.of(expected, actual, output).error() <= GradientSession.TOLERANCE;
    }

    /** Whether the graph runs in blocked layout. */
    boolean isBlocked() {
        return blocked;
    }

    /** Tells the parameters' values, which stay as they are until the next call. */
    void prepare(Map<String, OnnxTensor> parameters) throws OrtException {
        if (once == null) {
            return;
        }
        forget();
        Map<String, OnnxTensor> read = new HashMap<>(parameters);
        read.keySet().retainAll(once.getInputNames());
        prepared = once.run(read);
    }

    private void forget() {
        if (prepared != null) {
            prepared.close();
            prepared = null;
        }
    }

    /**
     * Runs a micro-batch; by several threads at once.
     *
     * @param inputs those of the graph, and others, which are not read
     * @param outputs where results go
     */
    void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws OrtException {
        each.run(fed(inputs), Set.of(), outputs).close();
    }

    private Map<String, OnnxTensor> fed(Map<String, OnnxTensor> inputs) {
        Map<String, OnnxTensor> fed = new HashMap<>(inputs);
        if (prepared != null) {
            prepared.forEach(tensor -> fed.put(tensor.getKey(), (OnnxTensor) tensor.getValue()));
        }
        fed.keySet().retainAll(each.getInputNames());
        return fed;
    }

    @Override
    public void close() throws OrtException {
        forget();
        if (once != null) {
            once.close();
        }
        each.close();
    }
}
