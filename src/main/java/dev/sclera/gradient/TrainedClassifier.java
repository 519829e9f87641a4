package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A classifier whose parameters are inputs, with the nodes of its loss: what every training graph starts from.
 *
 * @param images the name of the input of images
 * @param pass leads back to the parameters, and to the images where their slopes are wanted
 * @param builder adds the backward half
 * @param graph where it goes, under construction
 * @param scores the classifier's output
 * @param loss per image
 * @param parameters that are trained
 * @param statistics the running ones, where they follow
 */
record TrainedClassifier(
        String images,
        BackwardPass pass,
        GraphBuilder builder,
        GraphProto.Builder graph,
        Scores scores,
        LossNodes loss,
        List<TensorProto> parameters,
        List<TrainingGraph.Variable> statistics) {

    static TrainedClassifier of(
            ModelProto classifier,
            GradientGraph.Output output,
            int batch,
            TrainingGraph.Training training,
            boolean blocked) {
        ModelProto untied = Parameters.untied(classifier);
        List<TensorProto> parameters = Parameters.chosen(untied, training.parameters());
        boolean following = training.normalisation() == TrainingGraph.Normalisation.OF_THE_BATCH;
        List<TensorProto> running = following ? running(untied) : List.of();
        List<TensorProto> free = new ArrayList<>(parameters);
        free.addAll(running);
        Set<String> names = free.stream().map(TensorProto::getName).collect(Collectors.toSet());
        StaticGraph forward = PooledConvolutions.of(StaticGraph.of(Parameters.freed(untied, free), batch, names));
        Map<String, String> updated = Map.of();
        if (following) {
            BatchStatistics statistics = BatchStatistics.in(forward);
            forward = statistics.graph();
            updated = statistics.updated();
        }
        GraphProto.Builder graph =
                forward.model().getGraph().toBuilder().clearNode().clearOutput().clearValueInfo();
        GraphBuilder builder = new GraphBuilder(graph, StaticGraph.opset(forward.model()));
        Scores scores = Scores.of(forward, output, batch, TrainingGraph.LOGITS, builder);
        LossNodes loss = LossNodes.of(training.loss(), scores.logits(), scores.shape(), builder);
        String images = Values.names(forward.model().getGraph().getInputList()).stream()
                .filter(input -> !names.contains(input))
                .findFirst()
                .orElseThrow();
        Set<String> differentiated =
                parameters.stream().map(TensorProto::getName).collect(Collectors.toSet());
        if (training.imageSlopes()) {
            differentiated.add(images);
        }
        return new TrainedClassifier(
                images,
                new BackwardPass(forward, builder, differentiated, blocked),
                builder,
                graph,
                scores,
                loss,
                parameters,
                variables(running, updated));
    }

    private static List<TensorProto> running(ModelProto model) {
        Set<String> names = new HashSet<>(BatchStatistics.running(model));
        return model.getGraph().getInitializerList().stream()
                .filter(weight -> names.contains(weight.getName()))
                .toList();
    }

    private static List<TrainingGraph.Variable> variables(List<TensorProto> running, Map<String, String> updated) {
        return running.stream()
                .map(statistic -> new TrainingGraph.Variable(
                        statistic.getName(), updated.get(statistic.getName()), TrainingGraph.Kind.STATISTIC, statistic))
                .toList();
    }

    /** Adds the sum of the losses, each times the weight of its image. */
    String lossSum() {
        return builder.sum(builder.multiply(loss.losses(), TrainingGraph.WEIGHTS), false, 0);
    }

    /** Adds the slopes of the losses' sum, each times its image's weight, with respect to the parameters. */
    Map<String, String> slopes(String weights) {
        pass.run(Map.of(scores.tail(), scores.slopeOfTail(loss.weighted(weights, scores.shape(), builder), builder)));
        Map<String, String> slopes = new HashMap<>();
        List<String> unreached = new ArrayList<>();
        for (TensorProto parameter : parameters) {
            pass.slope(parameter.getName())
                    .ifPresentOrElse(
                            slope -> slopes.put(parameter.getName(), slope), () -> unreached.add(parameter.getName()));
        }
        if (!unreached.isEmpty()) {
            throw new UnsupportedGraphException(
                    "No gradient reaches these parameters: %s. Leave them out of what is trained."
                            .formatted(String.join(", ", unreached)));
        }
        return slopes;
    }
}
