package dev.sclera.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.gradient.TrainingGraph.Variable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A step by the graphs as they are. */
final class StandardStepSession implements StepSession {

    private final Opened opened;
    private final OrtSession each;
    private final OrtSession updates;

    private StandardStepSession(Opened opened, OrtSession each, OrtSession updates) {
        this.opened = opened;
        this.each = each;
        this.updates = updates;
    }

    static StandardStepSession open(Graphs graphs, Processor processor) throws OrtException {
        Opened opened = new Opened();
        try {
            OrtSession each = opened.add(GradientSession.session(graphs.sums().model(), processor));
            OrtSession updates = opened.add(updates(graphs.update(), processor));
            return new StandardStepSession(opened, each, updates);
        } catch (OrtException | RuntimeException e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    private static OrtSession updates(TrainingGraph update, Processor processor) throws OrtException {
        try (OrtSession.SessionOptions options =
                processor.options(Runtime.getRuntime().availableProcessors())) {
            return OrtEnvironment.getEnvironment().createSession(update.bytes(), options);
        }
    }

    /** The graph of a micro-batch. */
    OrtSession each() {
        return each;
    }

    @Override
    public boolean isBlocked() {
        return false;
    }

    @Override
    public List<Variable> made(List<Variable> variables) {
        return variables;
    }

    @Override
    public void prepare(Map<String, OnnxTensor> parameters) {
        // each micro-batch takes them as they are
    }

    @Override
    public void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws OrtException {
        each.run(StepSession.only(each.getInputNames(), inputs), Set.of(), outputs)
                .close();
    }

    @Override
    public void update(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws OrtException {
        updates.run(StepSession.only(updates.getInputNames(), inputs), Set.of(), outputs)
                .close();
    }

    /** Runs one micro-batch for what it makes. */
    Made make(Map<String, OnnxTensor> inputs) throws OrtException {
        return Made.inOrder(each.run(StepSession.only(each.getInputNames(), inputs)));
    }

    @Override
    public void close() throws OrtException {
        opened.close();
    }
}
