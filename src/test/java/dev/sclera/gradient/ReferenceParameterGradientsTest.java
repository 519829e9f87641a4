package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against PyTorch's gradients of the mean cross-entropy with respect to every parameter that a file has by name. */
class ReferenceParameterGradientsTest {

    /**
     * What stands behind an initializer that the newer exporter stores once for parameters of equal values: its
     * gradient is the sum of theirs.
     */
    private static final Map<String, List<String>> STORED_ONCE = Map.of(
            "denselayer1.norm1",
                    List.of(
                            "denseblock1.denselayer1.norm1",
                            "denseblock2.denselayer1.norm1",
                            "denseblock3.denselayer1.norm1"),
            "denselayer2.norm1",
                    List.of(
                            "denseblock1.denselayer2.norm1",
                            "denseblock2.denselayer2.norm1",
                            "denseblock3.denselayer2.norm1"),
            "transition1.norm", List.of("transition1.norm", "transition2.norm", "norm5"));

    /**
     * Networks in which the blocked order of sums decides a ReLU otherwise, in densenet the one after the second
     * transition's normalisation: all gradients before it, and none behind it, differ by up to 2 % of their largest. So
     * the two layouts are compared on seeded noise in place of the reference's images.
     */
    private static final Set<String> ON_THE_EDGE_IN_BLOCKS = Set.of("densenet");

    private static final Set<String> TRANSFORMERS = Set.of("pt2_convnextv2", "pt2_vit", "pt2_swin");

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.sclera.gradient.References#networks")
    void agreesWithPyTorch(String network) throws Exception {
        Path folder = References.folder();
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(folder.resolve(network + ".onnx")));
        try (Npz reference = new Npz(folder.resolve(network.replace("_folded", "") + ".npz"))) {
            List<String> named = reference.names().stream()
                    .filter(name -> name.startsWith("grad_param/"))
                    .map(name -> name.substring("grad_param/".length()))
                    .toList();
            Set<String> parameters = new HashSet<>(Parameters.of(model));
            parameters.retainAll(named);
            Map<String, TensorProto> inputs = inputs(model, reference);
            int batch = inputs.get(GradientGraph.LABELS).getDimsList().get(0).intValue();
            TrainingGraph.Training training = new TrainingGraph.Training(
                    new Loss.CrossEntropy(),
                    parameters::contains,
                    new Optimiser.Sgd(0, 0, false),
                    TrainingGraph.Normalisation.FIXED);
            TrainingGraph graph = TrainingGraph.accumulate(model, GradientGraph.Output.LOGITS, batch, training);
            graph.variables().forEach(variable -> inputs.put(variable.input(), variable.initial()));
            for (OptLevel level : OptLevel.values()) {
                compare(network, model, parameters, Runtime.run(graph.model(), level, inputs), reference, level.name());
            }
            OptionalInt block = BlockSize.detect();
            if (block.isPresent()) {
                TrainingGraph inBlocks =
                        TrainingGraph.accumulateInBlocks(model, GradientGraph.Output.LOGITS, batch, training);
                ModelProto blocked = BlockedLayout.of(inBlocks.model(), block.getAsInt());
                if (ON_THE_EDGE_IN_BLOCKS.contains(network)) {
                    requireSame(
                            graph.model(),
                            blocked,
                            withNoise(inputs, model.getGraph().getInput(0).getName()));
                } else {
                    Map<String, float[]> slopes = Runtime.run(blocked, OptLevel.ALL_OPT, inputs);
                    compare(network, model, parameters, slopes, reference, "blocked layout");
                }
            }
        }
    }

    private static Map<String, TensorProto> withNoise(Map<String, TensorProto> inputs, String images) {
        Map<String, TensorProto> noisy = new HashMap<>(inputs);
        long[] shape = Tensors.shape(inputs.get(images));
        float[] pixels = new float[Tensors.size(shape)];
        Random random = new Random(3);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        noisy.put(images, Tensors.of(images, pixels, shape));
        return noisy;
    }

    private static void requireSame(ModelProto standard, ModelProto blocked, Map<String, TensorProto> inputs)
            throws Exception {
        Map<String, float[]> actual = Runtime.run(blocked, OptLevel.ALL_OPT, inputs);
        Runtime.run(standard, OptLevel.NO_OPT, inputs)
                .forEach((output, expected) -> assertThat(Errors.relative(actual.get(output), expected))
                        .as(output)
                        .isLessThan(1e-4));
    }

    /**
     * The parameters for which one initializer stands that a transformer reads in several places: the newer exporter
     * stores fresh normalisations' weights, all 1, once, and likewise biases, all 0. They are those that the file has
     * under no name of their own, of its kind and shape: normalisations (whose weight has the shape of their bias)
     * where it is read by normalisations, other biases where it is read by others.
     */
    private static List<String> storedTogether(ModelProto model, String initializer, Npz reference) throws IOException {
        List<String> readers = model.getGraph().getNodeList().stream()
                .filter(node -> node.getInputList().contains(initializer))
                .map(NodeProto::getOpType)
                .filter(operator -> operator.equals("LayerNormalization") || operator.equals("Add"))
                .toList();
        Set<String> there = SubGraph.initializers(model.getGraph());
        String kind = initializer.substring(initializer.lastIndexOf('.'));
        long[] shape = reference.read("grad_param/" + initializer).shape();
        List<String> together = new ArrayList<>();
        for (String entry : reference.names()) {
            String name = entry.replaceFirst("^grad_param/", "");
            // a global response normalisation is no LayerNormalization, and starts at 0
            boolean fits = !name.equals(entry)
                    && !name.contains(".grn.")
                    && name.endsWith(kind)
                    && Arrays.equals(reference.read(entry).shape(), shape)
                    && (name.equals(initializer) || !there.contains(name));
            if (fits && readers.contains(normalises(name, reference) ? "LayerNormalization" : "Add")) {
                together.add(name);
            }
        }
        assertThat(together).as("what \"%s\" stands for", initializer).hasSameSizeAs(readers);
        return together;
    }

    private static boolean normalises(String parameter, Npz reference) throws IOException {
        String module = "grad_param/" + parameter.substring(0, parameter.lastIndexOf('.'));
        return Arrays.equals(
                reference.read(module + ".weight").shape(),
                reference.read(module + ".bias").shape());
    }

    private static long readers(ModelProto model, String initializer) {
        return model.getGraph().getNodeList().stream()
                .filter(node -> !node.getOpType().equals("Identity"))
                .filter(node -> node.getInputList().contains(initializer))
                .count();
    }

    private static void compare(
            String network,
            ModelProto model,
            Set<String> parameters,
            Map<String, float[]> outputs,
            Npz reference,
            String how)
            throws Exception {
        assertThat(parameters).isNotEmpty();
        Set<String> initializers = new HashSet<>(SubGraph.initializers(model.getGraph()));
        int batch = reference.read("labels").longs().length;
        SoftAssertions all = new SoftAssertions();
        for (String parameter : parameters) {
            float[] expected = expected(network, model, parameter, reference);
            float[] ours = outputs.get("training/updated/gradient/" + parameter).clone();
            for (int i = 0; i < ours.length; i++) {
                ours[i] /= batch;
            }
            // the newer exporter folds normalisations into kernels, and gives what they leave of a bias this name
            if (initializers.contains(parameter + "_bias")) {
                int channels = reference.read("grad_param/" + parameter).dimension(0);
                ours = scaledLike(expected, ours, channels);
            }
            if (References.WITH_A_DECISION_ON_THE_EDGE.contains(network)) {
                all.assertThat(Errors.relativeDistance(ours, expected))
                        .as("%s at %s", parameter, how)
                        .isLessThan(2e-2);
                all.assertThat(Errors.signAgreement(ours, expected))
                        .as("signs of %s at %s", parameter, how)
                        .isGreaterThan(0.998);
            } else {
                all.assertThat(Errors.relative(ours, expected))
                        .as("%s at %s", parameter, how)
                        .isLessThan(1e-4);
            }
        }
        all.assertAll();
    }

    private static float[] expected(String network, ModelProto model, String parameter, Npz reference)
            throws IOException {
        float[] sum = reference.read("grad_param/" + parameter).floats();
        if (TRANSFORMERS.contains(network) && readers(model, parameter) > 1) {
            for (String other : storedTogether(model, parameter, reference)) {
                if (!other.equals(parameter)) {
                    add(sum, reference.read("grad_param/" + other).floats());
                }
            }
            return sum;
        }
        if (!network.equals("pt2_densenet")) {
            return sum;
        }
        for (Map.Entry<String, List<String>> stored : STORED_ONCE.entrySet()) {
            List<String> all = stored.getValue();
            String first = "features." + all.get(0) + ".";
            if (parameter.startsWith(first)) {
                for (String other : all.subList(1, all.size())) {
                    String name = "grad_param/features." + other + "." + parameter.substring(first.length());
                    add(sum, reference.read(name).floats());
                }
            }
        }
        return sum;
    }

    private static void add(float[] sum, float[] addend) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += addend[i];
        }
    }

    /**
     * A kernel into which a normalisation was folded is the trained one times a factor per output channel, and so is,
     * inversely, its gradient. The factor is not in the file: the best one is taken, and all else of a channel must
     * agree.
     */
    private static float[] scaledLike(float[] expected, float[] ours, int channels) {
        float[] scaled = new float[ours.length];
        int length = ours.length / channels;
        for (int channel = 0; channel < channels; channel++) {
            double product = 0;
            double square = 0;
            for (int i = channel * length; i < (channel + 1) * length; i++) {
                product += (double) ours[i] * expected[i];
                square += (double) ours[i] * ours[i];
            }
            for (int i = channel * length; i < (channel + 1) * length; i++) {
                scaled[i] = square == 0 ? 0 : (float) (ours[i] * product / square);
            }
        }
        return scaled;
    }

    private static Map<String, TensorProto> inputs(ModelProto model, Npz reference) throws Exception {
        Npz.Array images = reference.read("input");
        long[] labels = reference.read("labels").longs();
        float[] ones = new float[labels.length];
        Arrays.fill(ones, 1);
        String input = model.getGraph().getInput(0).getName();
        return new HashMap<>(Map.of(
                input,
                Tensors.of(input, images.floats(), images.shape()),
                GradientGraph.LABELS,
                Tensors.of(GradientGraph.LABELS, labels, labels.length),
                TrainingGraph.WEIGHTS,
                Tensors.of(TrainingGraph.WEIGHTS, ones, ones.length)));
    }
}
