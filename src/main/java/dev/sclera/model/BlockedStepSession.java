package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.sclera.gradient.BlockedLayout;
import dev.sclera.gradient.Hoisting;
import dev.sclera.gradient.RuntimeOrder;
import dev.sclera.gradient.Sinking;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.gradient.TrainingGraph.Kind;
import dev.sclera.gradient.TrainingGraph.Variable;
import dev.sclera.gradient.TurnGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A step whose micro-batches run in the runtime's blocked layout. What depends on the parameters alone, as their
 * blocked order, is computed once for all micro-batches of a step; and what only puts gradients in order, once for
 * their sums.
 */
final class BlockedStepSession implements StepSession {

    private final Sinking sinking;
    private final OrtSession each;
    private final PartedSession once;
    private final PartedSession turn;
    private final OutputMemory kernels;
    private final Map<String, OnnxTensor> madeOnce;
    private final Map<String, OnnxTensor> madeInTurn;

    private BlockedStepSession(
            Sinking sinking, OrtSession each, PartedSession once, PartedSession turn, OutputMemory kernels)
            throws OrtException {
        this.sinking = sinking;
        this.each = each;
        this.once = once;
        this.turn = turn;
        this.kernels = kernels;
        this.madeOnce = kernels.targets(once.shapes());
        this.madeInTurn = kernels.targets(turn.shapes());
    }

    static BlockedStepSession open(Graphs graphs, int block) throws OrtException {
        TrainingGraph sums = graphs.sumsInBlocks().get();
        ModelProto model = BlockedLayout.of(sums.model(), block);
        Hoisting hoisting = Hoisting.of(model, names(sums, Kind.PARAMETER)).orElseGet(() -> Hoisting.nothing(model));
        Sinking sinking = Sinking.of(hoisting.each(), names(sums, Kind.SUM));
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            OrtSession each = GradientSession.openInBlocks(RuntimeOrder.earlyOutputs(sinking.each()), 1);
            opened.add(each);
            PartedSession once = PartedSession.open(hoisting.once());
            opened.add(once);
            PartedSession turn = PartedSession.open(TurnGraph.of(sinking, graphs.update(), hoisting.once()));
            opened.add(turn);
            OutputMemory kernels = OutputMemory.of(hoisting.once());
            opened.add(kernels);
            return new BlockedStepSession(sinking, each, once, turn, kernels);
        } catch (OrtException | RuntimeException e) {
            for (AutoCloseable one : opened) {
                try {
                    one.close();
                } catch (Exception second) {
                    e.addSuppressed(second);
                }
            }
            throw e;
        }
    }

    private static Set<String> names(TrainingGraph graph, Kind kind) {
        return graph.variables(kind).stream().map(Variable::input).collect(Collectors.toSet());
    }

    @Override
    public boolean isBlocked() {
        return true;
    }

    @Override
    public List<Variable> made(List<Variable> variables) throws OrtException {
        List<Variable> made = new ArrayList<>();
        for (Variable variable : variables) {
            boolean unordered = sinking.sunk().contains(variable.input());
            made.add(unordered ? variable.shaped(shape(variable.output())) : variable);
        }
        return made;
    }

    private long[] shape(String output) throws OrtException {
        return ((TensorInfo) each.getOutputInfo().get(output).getInfo()).getShape();
    }

    @Override
    public void prepare(Map<String, OnnxTensor> parameters) throws OrtException {
        once.run(parameters, madeOnce);
    }

    @Override
    public void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws OrtException {
        each.run(fed(inputs), Set.of(), outputs).close();
    }

    private Map<String, OnnxTensor> fed(Map<String, OnnxTensor> inputs) {
        Map<String, OnnxTensor> fed = new HashMap<>(inputs);
        fed.putAll(kernels.taken());
        return StepSession.only(each.getInputNames(), fed);
    }

    @Override
    public void update(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws OrtException {
        Map<String, OnnxTensor> all = new HashMap<>(madeInTurn);
        all.putAll(outputs);
        turn.run(inputs, all);
    }

    @Override
    public Made make(Map<String, OnnxTensor> inputs) throws OrtException {
        OrtSession.Result result = each.run(fed(inputs));
        if (sinking.sunk().isEmpty()) {
            return Made.of(List.of(result));
        }
        try (OrtSession after = GradientSession.openInBlocks(sinking.after(), 1)) {
            Map<String, OnnxTensor> made = Made.of(List.of(result)).tensors();
            OrtSession.Result ordered = after.run(StepSession.only(after.getInputNames(), made));
            Map<String, OnnxTensor> inOrder = Made.of(List.of(ordered)).tensors();
            sinking.sunk().forEach(sum -> made.put(sum, inOrder.get(Sinking.inOrder(sum))));
            return new Made(made, List.of(result, ordered));
        } catch (OrtException | RuntimeException e) {
            result.close();
            throw e;
        }
    }

    @Override
    public void close() throws OrtException {
        kernels.close();
        once.close();
        turn.close();
        each.close();
    }
}
