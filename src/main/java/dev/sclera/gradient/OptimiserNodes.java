package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;

/** The nodes of an optimiser's step, and the state that it carries from step to step. */
final class OptimiserNodes {

    static final String PREFIX = "optimiser/";

    private static final String STEP = PREFIX + "step";

    private final Optimiser optimiser;
    private final GraphBuilder graph;
    private final String rate;
    private final List<TrainingGraph.Variable> state = new ArrayList<>();
    private final RankedScalars scalars;

    /** Of AdamW, what the running means of gradients and of squares lack for having started at zero. */
    private String firstCorrection = "";

    private String secondCorrection = "";

    OptimiserNodes(Optimiser optimiser, GraphBuilder graph, String rate) {
        this.optimiser = optimiser;
        this.graph = graph;
        this.rate = rate;
        this.scalars = new RankedScalars(graph);
        if (optimiser instanceof Optimiser.AdamW adam) {
            String next = PREFIX + "updated/step";
            graph.addNamed(next, "Add", List.of(STEP, graph.longs(new long[] {1}, new long[0])));
            String wide = graph.cast(next, TensorProto.DataType.DOUBLE_VALUE);
            firstCorrection = correction(adam.beta1(), wide);
            secondCorrection = graph.add("Sqrt", List.of(correction(adam.beta2(), wide)));
            state.add(new TrainingGraph.Variable(
                    STEP, next, TrainingGraph.Kind.OPTIMISER, Tensors.of(STEP, new long[] {0}, new long[0])));
        }
    }

    /** {@code 1 − beta^t}: in 64 bits, as little is left of it in the first steps. */
    private String correction(double beta, String step) {
        String power = graph.add("Pow", List.of(graph.doubleScalar(beta), step));
        String rest = graph.add("Sub", List.of(graph.doubleScalar(1), power));
        return graph.cast(rest, TensorProto.DataType.FLOAT_VALUE);
    }

    List<TrainingGraph.Variable> state() {
        return List.copyOf(state);
    }

    /**
     * Adds one parameter's step.
     *
     * @param updated the name of its new value
     */
    void step(TensorProto parameter, String gradient, String updated) {
        if (optimiser instanceof Optimiser.AdamW adam) {
            adam(adam, parameter, gradient, updated);
        } else {
            descent((Optimiser.Sgd) optimiser, parameter, gradient, updated);
        }
    }

    private String times(String tensor, String scalar, TensorProto parameter) {
        return graph.multiply(tensor, scalars.of(scalar, parameter));
    }

    private String times(String tensor, double factor, TensorProto parameter) {
        return times(tensor, graph.scalar(factor), parameter);
    }

    private void descent(Optimiser.Sgd sgd, TensorProto parameter, String gradient, String updated) {
        String name = parameter.getName();
        String direction = sgd.weightDecay() == 0
                ? gradient
                : graph.add("Add", List.of(gradient, times(name, sgd.weightDecay(), parameter)));
        if (sgd.momentum() > 0) {
            String factor = graph.scalar(sgd.momentum());
            String faded = times(PREFIX + "momentum/" + name, factor, parameter);
            String velocity = carried("momentum", parameter, List.of(faded, direction));
            direction = sgd.nesterov()
                    ? graph.add("Add", List.of(direction, times(velocity, factor, parameter)))
                    : velocity;
        }
        graph.addNamed(updated, "Sub", List.of(name, times(direction, rate, parameter)));
    }

    private void adam(Optimiser.AdamW adam, TensorProto parameter, String gradient, String updated) {
        String mean = carried("mean", parameter, average("mean", parameter, gradient, adam.beta1()));
        String squares = carried(
                "squares", parameter, average("squares", parameter, graph.multiply(gradient, gradient), adam.beta2()));
        String root = graph.divide(graph.add("Sqrt", List.of(squares)), scalars.of(secondCorrection, parameter));
        String scale = graph.plus(root, scalars.of(graph.scalar(adam.epsilon()), parameter));
        String length = graph.add("Div", List.of(rate, firstCorrection));
        String move = times(graph.add("Div", List.of(mean, scale)), length, parameter);
        String name = parameter.getName();
        if (adam.weightDecay() == 0) {
            graph.addNamed(updated, "Sub", List.of(name, move));
            return;
        }
        String kept =
                graph.add("Sub", List.of(graph.scalar(1), graph.multiply(rate, graph.scalar(adam.weightDecay()))));
        graph.addNamed(updated, "Sub", List.of(times(name, kept, parameter), move));
    }

    private List<String> average(String what, TensorProto parameter, String current, double beta) {
        String old = times(PREFIX + what + "/" + parameter.getName(), beta, parameter);
        return List.of(old, times(current, 1 - beta, parameter));
    }

    /** Makes a sum the new value of a piece of state that starts at zero and is of the parameter's shape. */
    private String carried(String what, TensorProto parameter, List<String> addends) {
        String input = PREFIX + what + "/" + parameter.getName();
        String output = PREFIX + "updated/" + what + "/" + parameter.getName();
        graph.addNamed(output, "Add", addends);
        long[] shape = Tensors.shape(parameter);
        state.add(new TrainingGraph.Variable(
                input, output, TrainingGraph.Kind.OPTIMISER, Tensors.of(input, new float[Tensors.size(shape)], shape)));
        return output;
    }
}
