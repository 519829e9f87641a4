package dev.sclera.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.gradient.TrainingGraph.Kind;
import dev.sclera.gradient.TrainingGraph.Variable;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a step's micro-batches in blocked layout make what those of the standard graph make.
 *
 * <p>As of {@link GradientSession}, both are run on the same seeded images first: logits and losses have to agree
 * within {@value GradientSession#TOLERANCE} of their largest, and every gradient within
 * {@value GradientSession#FLIPPED} of its length; on one probe at least within {@value #CLOSE}. One image of a
 * micro-batch counts at a time: among the decisions of all of them, one within the noise of a sum is nearly always
 * found in a deep network. A gradient counts as no shorter than {@value #LEAST} of all of them, as what is zero but for
 * rounding agrees with nothing. And one update of the same sums has to agree within {@value GradientSession#TOLERANCE}.
 */
final class StepAgreement {

    static final double CLOSE = 1e-3;
    static final double LEAST = 1e-4;
    static final int MOST_PROBES = 12;

    private static final float RATE = 0.1f;

    private final TrainingGraph graph;
    private final TrainingGraph update;
    private final StandardStepSession standard;
    private final BlockedStepSession blocked;

    StepAgreement(StepSession.Graphs graphs, StandardStepSession standard, BlockedStepSession blocked) {
        this.graph = graphs.sums();
        this.update = graphs.update();
        this.standard = standard;
        this.blocked = blocked;
    }

    boolean holds() throws OrtException {
        boolean close = false;
        List<Variable> read = graph.variables().stream()
                .filter(variable -> variable.kind() != Kind.SUM)
                .toList();
        try (VariableBuffers variables = new VariableBuffers(read);
                BlockedStepSession.Ordering ordering = blocked.openOrdering()) {
            blocked.prepare(variables.inputs());
            for (int seed = 0; seed < GradientSession.PROBES || !close && seed < MOST_PROBES; seed++) {
                try (Probe probe = new Probe(standard.each(), variables.inputs().keySet(), seed)) {
                    probe.countOne(TrainingGraph.WEIGHTS, seed);
                    Map<String, OnnxTensor> inputs = new HashMap<>(probe.inputs());
                    inputs.putAll(variables.inputs());
                    try (StepSession.Made expected = standard.make(inputs);
                            StepSession.Made actual = blocked.make(inputs, ordering)) {
                        double apart = apart(expected, actual);
                        if (!(apart <= GradientSession.FLIPPED) || (seed == 0 && !updatesAlike(actual))) {
                            return false;
                        }
                        close |= apart <= CLOSE;
                    }
                }
            }
        }
        return close;
    }

    /** Whether the same sums lead to the same parameters and state; the kernels that go with them are left behind. */
    private boolean updatesAlike(StepSession.Made sums) throws OrtException {
        try (VariableBuffers state = new VariableBuffers(update.variables());
                VariableBuffers expected = new VariableBuffers(update.variables());
                VariableBuffers actual = new VariableBuffers(update.variables());
                OnnxTensor rate = OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(), FloatBuffer.wrap(new float[] {RATE}), new long[0])) {
            Map<String, OnnxTensor> given = new HashMap<>(state.inputs());
            given.put(TrainingGraph.LEARNING_RATE, rate);
            standard.update(with(given, sums.tensors()), expected.outputs());
            blocked.update(with(given, sums.unordered()), actual.outputs());
            blocked.prepare(state.inputs());
            return update.variables().stream()
                    .map(Variable::input)
                    .allMatch(variable -> expected.isWhole(variable)
                            || Closeness.of(expected.get(variable), actual.get(variable))
                                            .error()
                                    <= GradientSession.TOLERANCE);
        }
    }

    private static Map<String, OnnxTensor> with(Map<String, OnnxTensor> given, Map<String, OnnxTensor> sums) {
        Map<String, OnnxTensor> all = new HashMap<>(sums);
        all.putAll(given);
        return all;
    }

    /** How far apart the gradients are that differ most; infinitely, where logits or losses are no longer the same. */
    private double apart(StepSession.Made expected, StepSession.Made actual) {
        List<Closeness> gradients = new ArrayList<>();
        double longest = 0;
        for (Variable variable : graph.variables()) {
            boolean sum = variable.kind() == Kind.SUM;
            boolean changes = sum || !variable.output().equals(variable.input());
            boolean gradient = sum && variable.initial().getDimsCount() > 0;
            if (gradient) {
                Closeness closeness = closeness(expected, actual, variable.output());
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
        double images = expected.tensors().containsKey(TrainingGraph.IMAGE_SLOPES)
                ? closeness(expected, actual, TrainingGraph.IMAGE_SLOPES).relativeDistance()
                : 0;
        return gradients.stream()
                .mapToDouble(gradient -> gradient.distance() / Math.max(gradient.length(), least))
                .reduce(images, Math::max);
    }

    private static boolean same(StepSession.Made expected, StepSession.Made actual, String output) {
        return closeness(expected, actual, output).error() <= GradientSession.TOLERANCE;
    }

    private static Closeness closeness(StepSession.Made expected, StepSession.Made actual, String output) {
        return Closeness.of(expected.tensors().get(output), actual.tensors().get(output));
    }
}
