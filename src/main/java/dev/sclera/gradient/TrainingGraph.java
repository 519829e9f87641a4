package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A classifier's graph that also trains it: ONNX in, ONNX out, standard operators only.
 *
 * <p>What changes from run to run is a {@link Variable}: an input that takes the variable's value, and an output with
 * its next one, to be fed at the next run. Parameters are variables under the names that they have in the classifier.
 *
 * <p>Beside the variables, inputs: the images, float32, their batch fixed to n; {@value GradientGraph#LABELS}, int64
 * {@code [n]}; {@value #WEIGHTS}, float32 {@code [n]}, how much each image counts (0 for one that only fills the
 * batch); {@value #LEARNING_RATE}, a float32 scalar; what else the loss wants. Outputs: {@value #LOSS}, a scalar, the
 * weighted mean of the losses; {@value #LOGITS} {@code [n,classes]}, of the parameters before the step.
 */
public final class TrainingGraph {

    /** The input of the images' weights. */
    public static final String WEIGHTS = "training/weights";

    /** The input of the learning rate. */
    public static final String LEARNING_RATE = "training/learning_rate";

    /** The output of the mean loss; of sums, that of the losses, each times its image's weight. */
    public static final String LOSS = "training/loss";

    /** The output of logits. */
    public static final String LOGITS = "training/logits";

    /** Of sums, the output of that of the weights. */
    public static final String WEIGHT = "training/weight";

    /**
     * Beside sums, where slopes of the images are wanted, the output of them: of the images' shape, each image's that
     * of its own loss times its weight.
     */
    public static final String IMAGE_SLOPES = "training/image_slopes";

    private static final String PREFIX = "training/";

    private static final String UPDATED = "training/updated/";

    /** Keeps the mean over no images from being no number. */
    private static final double LEAST_WEIGHT = 1e-12;

    private final ModelProto model;
    private final List<Variable> variables;

    private TrainingGraph(ModelProto model, List<Variable> variables) {
        this.model = model;
        this.variables = variables;
    }

    /** What a variable holds. */
    public enum Kind {
        /** A weight of the model. */
        PARAMETER,
        /** A running mean or variance of a batch normalisation; part of the model. */
        STATISTIC,
        /** Momentum and the like. */
        OPTIMISER,
        /** A sum over the images of a run, which the caller adds up over runs: an output, and no input. */
        SUM
    }

    /**
     * What changes from run to run.
     *
     * @param input that takes its value; of a sum, its name
     * @param output with its next value; the input's name itself where the graph reads it only, or where it is a sum
     * @param kind what it holds
     * @param initial its value before the first run, under the input's name; of a sum, zeros of its shape
     */
    public record Variable(String input, String output, Kind kind, TensorProto initial) {

        /**
         * The same values in another shape.
         *
         * @param shape of as many values
         */
        public Variable shaped(long... shape) {
            return new Variable(
                    input,
                    output,
                    kind,
                    initial.toBuilder()
                            .clearDims()
                            .addAllDims(Arrays.stream(shape).boxed().toList())
                            .build());
        }
    }

    /** Which statistics a batch normalisation uses. */
    public enum Normalisation {
        /** The running ones, as in grading; they stay as they are. */
        FIXED,
        /** The batch's own; the running ones follow, as PyTorch has it in training. */
        OF_THE_BATCH
    }

    /**
     * How a classifier is trained.
     *
     * @param loss what is lowered, in the mean over a batch
     * @param parameters chooses, by name, those of the {@linkplain Parameters#of model's parameters} that are trained
     * @param optimiser how they follow their gradients
     * @param normalisation which statistics batch normalisations use
     * @param imageSlopes whether {@value TrainingGraph#IMAGE_SLOPES} are wanted
     */
    public record Training(
            Loss loss,
            Predicate<String> parameters,
            Optimiser optimiser,
            Normalisation normalisation,
            boolean imageSlopes) {

        /** Of the parameters alone. */
        public Training(Loss loss, Predicate<String> parameters, Optimiser optimiser, Normalisation normalisation) {
            this(loss, parameters, optimiser, normalisation, false);
        }
    }

    /**
     * Derives a graph of which each run is a step of training.
     *
     * @param classifier one float32 input whose first dimension is the batch, and one output {@code [n,classes]}
     * @param output what the output holds
     * @param batch n
     * @param training how it is trained
     * @throws UnsupportedGraphException where an operator's gradient is not known, the graph is not static, or no
     *     parameter is chosen
     */
    public static TrainingGraph step(ModelProto classifier, GradientGraph.Output output, int batch, Training training) {
        TrainedClassifier trained = TrainedClassifier.of(classifier, output, batch, training, false);
        GraphBuilder builder = trained.builder();
        String total = total(builder.sum(WEIGHTS, false, 0), builder);
        builder.addNamed(LOSS, "Div", List.of(trained.lossSum(), total));
        Map<String, String> slopes = trained.slopes(builder.add("Div", List.of(WEIGHTS, total)));
        List<Variable> variables = new ArrayList<>(
                updates(trained.parameters(), slopes, training.optimiser(), trained.graph(), builder.opset()));
        variables.addAll(trained.statistics());
        return finished(trained, variables, true);
    }

    /**
     * Derives a graph of which each run gives the gradients of the {@linkplain Loss losses'} weighted sum; those of
     * many small batches, added up, are those of a large one, and {@link #update} makes the step. Its variables are the
     * parameters, read only, a sum for each, {@value #LOSS} and {@value #WEIGHT}, sums of losses and weights.
     */
    public static TrainingGraph sums(ModelProto classifier, GradientGraph.Output output, int batch, Training training) {
        return sums(classifier, output, batch, training, false);
    }

    /**
     * {@link #sums} of standard operators too, but put so that most of it is fast in the {@linkplain BlockedLayout
     * blocked layout}, and slow out of it.
     */
    public static TrainingGraph sumsInBlocks(
            ModelProto classifier, GradientGraph.Output output, int batch, Training training) {
        return sums(classifier, output, batch, training, true);
    }

    private static TrainingGraph sums(
            ModelProto classifier, GradientGraph.Output output, int batch, Training training, boolean blocked) {
        TrainedClassifier trained = TrainedClassifier.of(classifier, output, batch, training, blocked);
        GraphBuilder builder = trained.builder();
        Map<String, String> slopes = trained.slopes(WEIGHTS);
        List<Variable> variables = new ArrayList<>();
        for (TensorProto parameter : trained.parameters()) {
            String name = parameter.getName();
            variables.add(new Variable(name, name, Kind.PARAMETER, parameter));
            variables.add(sum(gradient(name), Tensors.shape(parameter), slopes.get(name), builder));
        }
        variables.add(sum(LOSS, new long[0], trained.lossSum(), builder));
        variables.add(sum(WEIGHT, new long[0], builder.sum(WEIGHTS, false, 0), builder));
        variables.addAll(trained.statistics());
        if (training.imageSlopes()) {
            String slope = trained.pass()
                    .slope(trained.images())
                    .orElseThrow(() -> new UnsupportedGraphException("No gradient reaches the images."));
            builder.addNamed(IMAGE_SLOPES, "Identity", List.of(slope));
            long[] shape = trained.pass().shape(trained.images());
            trained.graph().addOutput(Values.of(IMAGE_SLOPES, TensorProto.DataType.FLOAT_VALUE, shape));
        }
        return finished(trained, variables, false);
    }

    /**
     * The graph of the step that follows on {@linkplain #sums sums}. Inputs: the learning rate, the sums of gradients
     * and of weights; variables: the parameters and the optimiser's state.
     */
    public static TrainingGraph update(TrainingGraph sums, Optimiser optimiser) {
        ModelProto source = sums.model();
        GraphProto.Builder graph = GraphProto.newBuilder().setName("update");
        GraphBuilder builder = new GraphBuilder(graph, StaticGraph.opset(source), PREFIX);
        RankedScalars scalars = new RankedScalars(builder);
        String total = total(WEIGHT, builder);
        List<TensorProto> parameters =
                sums.variables(Kind.PARAMETER).stream().map(Variable::initial).toList();
        Map<String, String> slopes = new java.util.HashMap<>();
        graph.addInput(Values.of(WEIGHT, TensorProto.DataType.FLOAT_VALUE));
        for (TensorProto parameter : parameters) {
            String sum = gradient(parameter.getName());
            graph.addInput(Values.of(sum, TensorProto.DataType.FLOAT_VALUE, Tensors.shape(parameter)));
            slopes.put(parameter.getName(), builder.divide(sum, scalars.of(total, parameter)));
        }
        List<Variable> variables = updates(parameters, slopes, optimiser, graph, builder.opset());
        graph.addInput(Values.of(LEARNING_RATE, TensorProto.DataType.FLOAT_VALUE));
        declare(graph, variables, Set.of());
        return new TrainingGraph(source.toBuilder().setGraph(graph).build(), List.copyOf(variables));
    }

    /** The name of the variable with a parameter's sum of gradients. */
    public static String gradient(String parameter) {
        return PREFIX + "gradient/" + parameter;
    }

    private static String total(String weights, GraphBuilder builder) {
        return builder.add("Max", List.of(weights, builder.scalar(LEAST_WEIGHT)));
    }

    private static Variable sum(String name, long[] shape, String tensor, GraphBuilder builder) {
        builder.addNamed(name, "Identity", List.of(tensor));
        return new Variable(name, name, Kind.SUM, Tensors.of(name, new float[Tensors.size(shape)], shape));
    }

    private static List<Variable> updates(
            List<TensorProto> parameters,
            Map<String, String> slopes,
            Optimiser optimiser,
            GraphProto.Builder graph,
            long opset) {
        GraphBuilder builder = new GraphBuilder(graph, opset, OptimiserNodes.PREFIX);
        OptimiserNodes nodes = new OptimiserNodes(optimiser, builder, LEARNING_RATE);
        List<Variable> variables = new ArrayList<>();
        for (TensorProto parameter : parameters) {
            String name = parameter.getName();
            nodes.step(parameter, slopes.get(name), UPDATED + name);
            variables.add(new Variable(name, UPDATED + name, Kind.PARAMETER, parameter));
        }
        variables.addAll(nodes.state());
        return variables;
    }

    private static TrainingGraph finished(TrainedClassifier trained, List<Variable> variables, boolean steps) {
        GraphProto.Builder graph = trained.graph();
        int batch = (int) trained.scores().shape()[0];
        List<NodeProto> backward = graph.getNodeList();
        graph.clearNode()
                .addAllNode(trained.pass().model().getGraph().getNodeList())
                .addAllNode(backward);
        graph.addInput(Values.of(GradientGraph.LABELS, TensorProto.DataType.INT64_VALUE, batch));
        graph.addInput(Values.of(WEIGHTS, TensorProto.DataType.FLOAT_VALUE, batch));
        graph.addAllInput(trained.loss().inputs());
        if (steps) {
            graph.addInput(Values.of(LEARNING_RATE, TensorProto.DataType.FLOAT_VALUE));
            graph.addOutput(Values.of(LOSS, TensorProto.DataType.FLOAT_VALUE));
        }
        graph.addOutput(Values.of(
                LOGITS, TensorProto.DataType.FLOAT_VALUE, trained.scores().shape()));
        declare(graph, variables, new HashSet<>(Values.names(graph.getInputList())));
        return new TrainingGraph(
                trained.pass().model().toBuilder().setGraph(graph).build(), List.copyOf(variables));
    }

    private static void declare(GraphProto.Builder graph, List<Variable> variables, Set<String> declared) {
        for (Variable variable : variables) {
            int type = variable.initial().getDataType();
            long[] shape = Tensors.shape(variable.initial());
            boolean sum = variable.kind() == Kind.SUM;
            if (!sum && !declared.contains(variable.input())) {
                graph.addInput(Values.of(variable.input(), type, shape));
            }
            if (sum || !variable.output().equals(variable.input())) {
                graph.addOutput(Values.of(variable.output(), type, shape));
            }
        }
    }

    /** What changes from run to run. */
    public List<Variable> variables() {
        return variables;
    }

    /** The variables of one kind. */
    public List<Variable> variables(Kind kind) {
        return variables.stream().filter(variable -> variable.kind() == kind).toList();
    }

    /** The graph as an ONNX model. */
    public ModelProto model() {
        return model;
    }

    /** The graph as the bytes of an ONNX file. */
    public byte[] bytes() {
        return model.toByteArray();
    }
}
