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

    private final Opened opened;
    private final Sinking sinking;
    private final OrtSession each;
    private final PartedSession once;
    private final PartedSession turn;
    private final OutputMemory kernels;
    private final Map<String, OnnxTensor> madeOnce;
    private final Map<String, OnnxTensor> madeInTurn;

    private BlockedStepSession(Opened opened, Hoisting hoisting, Sinking sinking, TrainingGraph update)
            throws OrtException {
        this.opened = opened;
        this.sinking = sinking;
        each = opened.add(GradientSession.openInBlocks(RuntimeOrder.earlyOutputs(sinking.each())));
        once = opened.add(PartedSession.open(hoisting.once()));
        turn = opened.add(PartedSession.open(TurnGraph.of(sinking, update, hoisting.once())));
        kernels = opened.add(OutputMemory.of(hoisting.once()));
        madeOnce = kernels.targets(once.shapes());
        madeInTurn = kernels.targets(turn.shapes());
    }

    static BlockedStepSession open(Graphs graphs, int block) throws OrtException {
        TrainingGraph sums = graphs.sumsInBlocks().get();
        ModelProto model = BlockedLayout.of(sums.model(), block);
        Hoisting hoisting = Hoisting.of(model, names(sums, Kind.PARAMETER)).orElseGet(() -> Hoisting.nothing(model));
        Sinking sinking = Sinking.of(hoisting.each(), names(sums, Kind.SUM));
        Opened opened = new Opened();
        try {
            return new BlockedStepSession(opened, hoisting, sinking, graphs.update());
        } catch (OrtException | RuntimeException e) {
            opened.closeAfter(e);
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

    /** Opens what brings the gradients of a single micro-batch into the order of their parameters. */
    Ordering openOrdering() throws OrtException {
        Opened opening = new Opened();
        try {
            PartedSession session = opening.add(PartedSession.open(sinking.after()));
            OutputMemory memory = opening.add(OutputMemory.of(sinking.after()));
            return new Ordering(opening, session, memory, memory.targets(session.shapes()));
        } catch (OrtException | RuntimeException e) {
            opening.closeAfter(e);
            throw e;
        }
    }

    /** Brings gradients into the order of their parameters. */
    record Ordering(Opened opened, PartedSession session, OutputMemory memory, Map<String, OnnxTensor> targets)
            implements AutoCloseable {

        @Override
        public void close() throws OrtException {
            opened.close();
        }
    }

    /** Runs one micro-batch for what it makes. */
    Made make(Map<String, OnnxTensor> inputs, Ordering ordering) throws OrtException {
        Made made = Made.inOrder(each.run(fed(inputs)));
        try {
            ordering.session().run(made.unordered(), ordering.targets());
        } catch (OrtException | RuntimeException e) {
            made.close();
            throw e;
        }
        Map<String, OnnxTensor> tensors = new HashMap<>(made.unordered());
        Map<String, OnnxTensor> ordered = ordering.memory().taken();
        sinking.sunk().forEach(sum -> tensors.put(sum, ordered.get(Sinking.inOrder(sum))));
        return new Made(made.unordered(), tensors, made.result());
    }

    @Override
    public void close() throws OrtException {
        opened.close();
    }
}
