package dev.sclera.model;

import static java.util.Objects.requireNonNull;

import ai.djl.engine.Engine;
import ai.onnx.proto.OnnxMl.ModelProto;
import dev.sclera.gradient.FeatureGraph;
import dev.sclera.gradient.FeatureLoss;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.gradient.Layers;
import dev.sclera.gradient.Loss;
import dev.sclera.gradient.UnsupportedGraphException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Sha256;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The models of a store. */
@Singleton
public class Models {

    /** Images per micro-batch of a gradient: more are not faster, and take memory. */
    private static final int GRADIENT_BATCH = 2;

    private final Artifacts artifacts;

    @Inject
    public Models(Artifacts artifacts) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
    }

    /**
     * A model, validated. Where its owner uploaded no descriptor, one is inferred and written back.
     *
     * @throws MissingArtifactException where there is no such model; the message lists those that there are
     * @throws UnusableInputException where the file is no grader that Sclera can use, or does not say enough
     */
    public Model get(String name) {
        ArtifactName.check("model", name);
        byte[] bytes = artifacts.objects().find(Keys.model(name)).orElseThrow(() -> missing(name));
        Optional<ModelDescriptor> described = artifacts.find(Keys.descriptor(name), ModelDescriptor.class);
        if (described.isPresent()) {
            new DescriptorInference(OnnxFile.parse(name, bytes), Preprocessing.UNSAID).requireFits(described.get());
            return new Model(name, Sha256.of(bytes), described.get());
        }
        ModelDescriptor inferred = tried(name, OnnxFile.parse(name, bytes), Preprocessing.UNSAID);
        return new Model(name, Sha256.of(bytes), artifacts.publish(Keys.descriptor(name), inferred));
    }

    private MissingArtifactException missing(String name) {
        List<String> names = names();
        return new MissingArtifactException(
                "model",
                "There is no model \"%s\". %s"
                        .formatted(
                                name,
                                names.isEmpty()
                                        ? "There are none yet: put one there with \"sclera model import FILE\", or upload it to models/<name>/model.onnx."
                                        : "There are: " + String.join(", ", names) + "."));
    }

    /** The names of all models, sorted. */
    public List<String> names() {
        return artifacts.objects().list("models/").stream()
                .filter(key -> key.endsWith("/model.onnx"))
                .map(key -> key.substring("models/".length(), key.length() - "/model.onnx".length()))
                .toList();
    }

    /**
     * Puts a model from a local file into the store, with its descriptor. A model of that name is replaced; what was
     * derived from the old one stays, under the old one's id.
     *
     * @param file an ONNX file; a trainer's sidecar beside it ({@code <name>.json} with {@code inputSize},
     *     {@code mean}, {@code std}) says what {@code said} leaves open
     * @param name the name to keep it under, or null for the file's name
     * @param said what the user says of it
     * @throws UnusableInputException where the file is no grader that Sclera can use, or does not say enough
     */
    public Model importFile(Path file, @Nullable String name, Preprocessing said) {
        String kept = name == null ? nameOf(file) : name;
        ArtifactName.check("name", kept);
        byte[] bytes = read(file);
        ModelDescriptor descriptor = tried(kept, OnnxFile.parse(kept, bytes), Sidecar.complete(said, file));
        Model model = new Model(kept, Sha256.of(bytes), descriptor);
        Optional<ModelDescriptor> described = artifacts.find(Keys.descriptor(kept), ModelDescriptor.class);
        if (!described.equals(Optional.of(descriptor))) {
            // the descriptor first: whoever finds the model finds it described
            artifacts.replace(Keys.descriptor(kept), descriptor);
        }
        boolean there = artifacts
                .objects()
                .find(Keys.model(kept))
                .filter(present -> Sha256.of(present).equals(model.sha256()))
                .isPresent();
        if (!there) {
            artifacts.objects().put(Keys.model(kept), bytes, "application/octet-stream");
        }
        return model;
    }

    private static String nameOf(Path file) {
        return file.getFileName()
                .toString()
                .replaceFirst("\\.onnx$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._-]", "-");
    }

    private static byte[] read(Path file) {
        try {
            OnnxFile.requireSize(file.toString(), Files.size(file));
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnusableInputException(
                    "model", "The file \"%s\" cannot be read: %s.".formatted(file, e.getMessage()), e);
        }
    }

    /** Infers a descriptor, and has the model prove itself by it: what cannot is no grader. */
    private static ModelDescriptor tried(String name, OnnxFile file, Preprocessing said) {
        ModelDescriptor descriptor = new DescriptorInference(file, said).infer();
        new SelfTest(name, file.proto(), descriptor).run();
        return descriptor;
    }

    /** The ONNX file of a model, as its owner uploaded it. */
    public byte[] onnx(Model model) {
        return artifacts.objects().get(Keys.model(model.name()), model.sha256());
    }

    /**
     * Loads a model for grading images of a canonical size.
     *
     * @return to be closed by the caller
     */
    public Grader grader(Model model, int height, int width) {
        ModelProto proto = OnnxFile.parse(model.name(), onnx(model)).proto();
        return Grader.load(model.name(), proto, model.descriptor(), height, width);
    }

    /**
     * Loads a model with its gradient graph for images of a canonical size.
     *
     * @return to be closed by the caller
     * @throws UnusableInputException where the model holds an operator whose gradient is not known
     */
    public ImageGradients gradients(Model model, Loss loss, int height, int width) {
        return gradients(
                model,
                height,
                width,
                GRADIENT_BATCH,
                (preprocessed, output) -> GradientGraph.derive(preprocessed, output, GRADIENT_BATCH, loss)
                        .model());
    }

    /**
     * Loads a model up to some of its activations, with the gradient of a loss made of them, for images of a canonical
     * size.
     *
     * @param images how many images it is going to be asked about at once
     * @return to be closed by the caller
     * @throws UnusableInputException where it has no such activations, or an operator whose gradient is not known
     */
    public ImageGradients featureGradients(
            Model model, Layers layers, FeatureLoss loss, int images, int height, int width) {
        int batch = Math.min(images, GRADIENT_BATCH);
        // the preprocessing has a convolution too, and it is no layer of the model
        String begin = model.descriptor().input();
        return gradients(
                model,
                height,
                width,
                batch,
                (preprocessed, output) -> FeatureGraph.derive(preprocessed, batch, layers, loss, begin)
                        .model());
    }

    private interface Derivation {
        ModelProto of(ModelProto preprocessed, GradientGraph.Output output);
    }

    private ImageGradients gradients(Model model, int height, int width, int batch, Derivation derivation) {
        // DJL insists on opening ONNX Runtime itself; whoever comes first must not shut it out
        Engine.getEngine(Grader.ENGINE);
        ModelProto proto = OnnxFile.parse(model.name(), onnx(model)).proto();
        ModelProto preprocessed = PreprocessedGraph.of(proto, model.descriptor(), height, width);
        GradientGraph.Output output =
                GradientGraph.Output.valueOf(model.descriptor().outputKind().name());
        ModelProto graph;
        try {
            graph = derivation.of(preprocessed, output);
        } catch (UnsupportedGraphException e) {
            throw new UnusableInputException(
                    "model", "The model \"%s\" has no gradients. %s".formatted(model.name(), e.getMessage()), e);
        }
        return new ImageGradients(model.name(), graph, height, width, batch);
    }
}
