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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against PyTorch's gradients of the mean cross-entropy with respect to every parameter that a file has by name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
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

    private static final Set<String> TRANSFORMERS = Set.of("pt2_convnextv2", "pt2_vit", "pt2_swin");

    private final ErrorTable table = new ErrorTable("reference-parameter-gradients.txt");

    @AfterAll
    void write() throws Exception {
        table.write();
    }

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
            assertThat(parameters).isNotEmpty();
            Map<String, TensorProto> inputs = inputs(model, reference);
            int batch = inputs.get(GradientGraph.LABELS).getDimsList().get(0).intValue();
            TrainingGraph.Training training = new TrainingGraph.Training(
                    new Loss.CrossEntropy(),
                    parameters::contains,
                    new Optimiser.Sgd(0, 0, false),
                    TrainingGraph.Normalisation.FIXED);
            TrainingGraph graph = TrainingGraph.sums(model, GradientGraph.Output.LOGITS, batch, training);
            graph.variables().forEach(variable -> inputs.put(variable.input(), variable.initial()));
            for (OptLevel level : OptLevel.values()) {
                try (Runtime runtime = new Runtime(graph.model(), level)) {
                    compare(network, model, parameters, runtime, inputs, reference, level.name());
                }
            }
            OptionalInt block = BlockSize.detect();
            if (block.isPresent()) {
                TrainingGraph inBlocks =
                        TrainingGraph.sumsInBlocks(model, GradientGraph.Output.LOGITS, batch, training);
                ModelProto blocked = BlockedLayout.of(inBlocks.model(), block.getAsInt());
                try (Runtime runtime = new Runtime(blocked, OptLevel.ALL_OPT)) {
                    compare(network, model, parameters, runtime, inputs, reference, "blocked layout");
                }
            }
        }
    }

    private void compare(
            String network,
            ModelProto model,
            Set<String> parameters,
            Runtime runtime,
            Map<String, TensorProto> inputs,
            Npz reference,
            String how)
            throws Exception {
        Map<String, Double> errors = errors(network, model, parameters, runtime.floats(inputs), reference);
        double largest = Collections.max(errors.values());
        if (largest >= 1e-4) {
            assertThat(References.WITH_A_DECISION_ON_THE_EDGE)
                    .as("%s at %s", errors, how)
                    .contains(network);
            table.met(network, "parameters, decided otherwise", largest);
            largest = withinNoise(network, model, parameters, runtime, inputs, reference);
            assertThat(largest)
                    .as("gradients at %s of images that differ by the noise of float32", how)
                    .isLessThan(1e-4);
        }
        table.met(network, "parameters", largest);
    }

    /** As {@link ReferenceGradientsTest} has it: the least error over images that differ by float32's noise. */
    private static double withinNoise(
            String network,
            ModelProto model,
            Set<String> parameters,
            Runtime runtime,
            Map<String, TensorProto> inputs,
            Npz reference)
            throws Exception {
        String images = model.getGraph().getInput(0).getName();
        double least = Double.POSITIVE_INFINITY;
        for (int seed = 0; seed < References.NOISES && least >= 1e-4; seed++) {
            Map<String, TensorProto> noisy = new HashMap<>(inputs);
            Npz.Array input = reference.read("input");
            noisy.put(images, Tensors.of(images, References.noisy(input.floats(), seed), input.shape()));
            Map<String, Double> errors = errors(network, model, parameters, runtime.floats(noisy), reference);
            least = Math.min(least, Collections.max(errors.values()));
        }
        return least;
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

    /** Each parameter's error, relative to the largest of its gradient. */
    private static Map<String, Double> errors(
            String network, ModelProto model, Set<String> parameters, Map<String, float[]> outputs, Npz reference)
            throws Exception {
        Set<String> initializers = new HashSet<>(SubGraph.initializers(model.getGraph()));
        int batch = reference.read("labels").longs().length;
        Map<String, Double> errors = new TreeMap<>();
        for (String parameter : parameters) {
            float[] expected = expected(network, model, parameter, reference);
            float[] ours = outputs.get(TrainingGraph.gradient(parameter)).clone();
            for (int i = 0; i < ours.length; i++) {
                ours[i] /= batch;
            }
            // the newer exporter folds normalisations into kernels, and gives what they leave of a bias this name
            if (initializers.contains(parameter + "_bias")) {
                int channels = reference.read("grad_param/" + parameter).dimension(0);
                ours = scaledLike(expected, ours, channels);
            }
            errors.put(parameter, Errors.relative(ours, expected));
        }
        return errors;
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
