package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One graph that averages the probabilities of several classifiers: outputs {@value #PROBABILITIES} and
 * {@value #LOGITS}, their logarithms, {@code [n,classes]}.
 *
 * <p>Members keep their nodes and weights, under names that begin with {@code member0/}, {@code member1/}, …; what two
 * members compute alike from the same input, as their preprocessing or a frozen first part, is there once, under the
 * first one's names. Where all take images of one shape they share the input {@value #IMAGES}; else each has its own,
 * {@code member<i>/<name>}. A batch that is open stays open. All members must be of one opset.
 */
public final class EnsembleGraph {

    /** The shared input. */
    public static final String IMAGES = "images";

    /** The output of averaged probabilities. */
    public static final String PROBABILITIES = "probabilities";

    /** The output of the averaged probabilities' logarithms. */
    public static final String LOGITS = "logits";

    private static final double LEAST_PROBABILITY = 1e-12;

    private final ModelProto model;

    private EnsembleGraph(ModelProto model) {
        this.model = model;
    }

    /**
     * A classifier of an ensemble.
     *
     * @param model one float32 input whose first dimension is the batch, and one output {@code [n,classes]}
     * @param output what the output holds
     */
    public record Member(ModelProto model, GradientGraph.Output output) {

        ValueInfoProto images() {
            Set<String> weights = SubGraph.initializers(model.getGraph());
            List<ValueInfoProto> inputs = model.getGraph().getInputList().stream()
                    .filter(input -> !weights.contains(input.getName()))
                    .toList();
            if (inputs.size() != 1 || model.getGraph().getOutputCount() != 1) {
                throw new UnsupportedGraphException(
                        "A member of an ensemble has one input and one output, and this one has the inputs %s and the outputs %s."
                                .formatted(
                                        Values.names(inputs),
                                        Values.names(model.getGraph().getOutputList())));
            }
            return inputs.get(0);
        }
    }

    /**
     * Puts classifiers together.
     *
     * @param members at least one
     * @throws UnsupportedGraphException where they are of different opsets or numbers of classes, or no classifiers
     */
    public static EnsembleGraph of(List<Member> members) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("an ensemble has at least one member");
        }
        Map<String, OperatorSetIdProto> opsets = opsets(members);
        requireSameClasses(members);
        boolean shared = members.stream().map(EnsembleGraph::size).distinct().count() == 1;
        SharedNodes nodes = new SharedNodes();
        List<ValueInfoProto> inputs = new ArrayList<>();
        List<String> scores = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            String images = member.images().getName();
            String name = shared ? IMAGES : "member" + i + "/" + images;
            Prefixing prefixing = new Prefixing("member" + i + "/", Map.of(images, name));
            if (inputs.isEmpty() || !shared) {
                inputs.add(member.images().toBuilder().setName(name).build());
            }
            scores.add(nodes.add(prefixing.of(member.model().getGraph())));
        }
        GraphProto.Builder graph = nodes.graph().setName("ensemble").addAllInput(inputs);
        average(members, scores, graph, opset(members.get(0)));
        return new EnsembleGraph(ModelProto.newBuilder()
                .setIrVersion(members.stream()
                        .mapToLong(member -> member.model().getIrVersion())
                        .max()
                        .orElseThrow())
                .setProducerName("sclera")
                .addAllOpsetImport(opsets.values())
                .addAllFunctions(functions(members))
                .setGraph(graph)
                .build());
    }

    private static void average(List<Member> members, List<String> scores, GraphProto.Builder graph, long opset) {
        GraphBuilder builder = new GraphBuilder(graph, opset, "ensemble/");
        List<String> probabilities = IntStream.range(0, members.size())
                .mapToObj(i -> members.get(i).output() == GradientGraph.Output.PROBABILITIES
                        ? scores.get(i)
                        : builder.add("Softmax", List.of(scores.get(i)), Attributes.of("axis", 1L)))
                .toList();
        builder.addNamed(PROBABILITIES, "Mean", probabilities);
        String clipped = builder.add("Max", List.of(PROBABILITIES, builder.scalar(LEAST_PROBABILITY)));
        builder.addNamed(LOGITS, "Log", List.of(clipped));
        ValueInfoProto output = members.get(0).model().getGraph().getOutput(0);
        graph.addOutput(output.toBuilder().setName(PROBABILITIES));
        graph.addOutput(output.toBuilder().setName(LOGITS));
    }

    private static long opset(Member member) {
        return StaticGraph.opset(member.model());
    }

    /** The type of a member's images and their size, whatever is said of the batch. */
    private static String size(Member member) {
        ValueInfoProto images = member.images();
        List<Dimension> dimensions = images.getType().getTensorType().getShape().getDimList();
        return images.getType().getTensorType().getElemType()
                + dimensions.stream()
                        .skip(1)
                        .map(Dimension::getDimValue)
                        .toList()
                        .toString();
    }

    private static void requireSameClasses(List<Member> members) {
        List<Long> classes = members.stream()
                .map(member -> member.model()
                        .getGraph()
                        .getOutput(0)
                        .getType()
                        .getTensorType()
                        .getShape())
                .filter(shape -> shape.getDimCount() == 2 && shape.getDim(1).getDimValue() > 0)
                .map(shape -> shape.getDim(1).getDimValue())
                .distinct()
                .toList();
        if (classes.size() > 1) {
            throw new UnsupportedGraphException(
                    "The members of an ensemble tell the same classes apart, and these tell %s.".formatted(classes));
        }
    }

    private static Map<String, OperatorSetIdProto> opsets(List<Member> members) {
        Map<String, OperatorSetIdProto> opsets = new LinkedHashMap<>();
        for (Member member : members) {
            for (OperatorSetIdProto opset : member.model().getOpsetImportList()) {
                String domain = opset.getDomain().equals("ai.onnx") ? "" : opset.getDomain();
                OperatorSetIdProto other = opsets.putIfAbsent(domain, opset);
                if (other != null && other.getVersion() != opset.getVersion()) {
                    throw new UnsupportedGraphException(
                            "The members of an ensemble are of one opset, and these are of %d and %d%s. Convert them with onnx.version_converter."
                                    .formatted(
                                            other.getVersion(),
                                            opset.getVersion(),
                                            domain.isEmpty() ? "" : " of " + domain));
                }
            }
        }
        return opsets;
    }

    private static List<FunctionProto> functions(List<Member> members) {
        Map<String, FunctionProto> functions = new LinkedHashMap<>();
        for (Member member : members) {
            for (FunctionProto function : member.model().getFunctionsList()) {
                FunctionProto other = functions.putIfAbsent(function.getDomain() + "." + function.getName(), function);
                if (other != null && !other.equals(function)) {
                    throw new UnsupportedGraphException(
                            "Two members of the ensemble have different functions named \"%s\". Export them with functions inlined."
                                    .formatted(function.getName()));
                }
            }
        }
        return List.copyOf(functions.values());
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
