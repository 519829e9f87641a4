package dev.sclera.model;

import static java.util.Objects.requireNonNull;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.sclera.gradient.FeatureGraph;
import dev.sclera.gradient.FeatureLoss;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.gradient.JacobianPowerGraph;
import dev.sclera.gradient.Layers;
import dev.sclera.gradient.Loss;
import dev.sclera.gradient.UnsupportedGraphException;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Recipe;
import dev.sclera.store.Sha256;
import dev.sclera.store.Software;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models of a store. */
@Singleton
public class Models {

    private static final Logger LOG = LoggerFactory.getLogger(Models.class);

    /** Images per micro-batch of a gradient: more are not faster, and take memory, which is slow beyond the caches. */
    private static final int GRADIENT_BATCH = 1;

    private final Artifacts artifacts;
    private final Compute compute;
    private @Nullable Processor processor;

    @Inject
    public Models(Artifacts artifacts, ComputeConfig config) {
        this(artifacts, config.compute());
    }

    /** The models of a store, on the CPU. */
    public Models(Artifacts artifacts) {
        this(artifacts, Compute.CPU);
    }

    private Models(Artifacts artifacts, Compute compute) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.compute = requireNonNull(compute, "compute is null");
    }

    /** The models of another store, which run on what these run on. */
    public Models of(Artifacts others) {
        return new Models(others, compute);
    }

    /** Loads the runtime, which otherwise is loaded with the first graph, and takes its time. */
    public void openRuntime() {
        Grader.openRuntime();
        processor();
    }

    /** Looked for when the first graph is opened: the runtime takes its time to load. */
    private synchronized Processor processor() {
        if (processor == null) {
            processor = Processor.find(compute);
        }
        return processor;
    }

    /**
     * A model, validated. Where its owner uploaded no descriptor, one is inferred and written back. A file that is met
     * for the first time, or fed in another way, has to pass a self-test, which is remembered beside it.
     *
     * @throws MissingArtifactException where there is no such model; the message lists those that there are
     * @throws UnusableInputException where the file is no grader that Sclera can use, or does not say enough
     */
    public Model get(String name) {
        Met met = meet(name);
        Model model = met.model();
        prove(model, met.file());
        return met.described()
                ? model
                : new Model(name, model.sha256(), artifacts.publish(Keys.descriptor(name), model.descriptor()));
    }

    /**
     * A model as it is told of, for those who look up what others made with it: it is not run, and nothing is written.
     *
     * @throws MissingArtifactException as {@link #get}
     * @throws UnusableInputException as {@link #get}
     */
    public Model known(String name) {
        return meet(name).model();
    }

    private record Met(Model model, OnnxFile file, boolean described) {}

    private Met meet(String name) {
        ArtifactName.check("model", name);
        byte[] bytes = artifacts.objects().find(Keys.model(name)).orElseThrow(() -> missing(name));
        Optional<ModelDescriptor> described = artifacts.find(Keys.descriptor(name), ModelDescriptor.class);
        OnnxFile file = OnnxFile.parse(name, bytes);
        DescriptorInference inference = new DescriptorInference(file, Preprocessing.UNSAID);
        described.ifPresent(inference::requireFits);
        return new Met(
                new Model(name, Sha256.of(bytes), described.orElseGet(inference::infer)), file, described.isPresent());
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
        OnnxFile onnx = OnnxFile.parse(kept, bytes);
        ModelDescriptor descriptor = new DescriptorInference(onnx, Sidecar.complete(said, file)).infer();
        Model model = new Model(kept, Sha256.of(bytes), descriptor);
        prove(model, onnx);
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

    /**
     * What the ONNX file of a model does not say of its input, as JSON: written beside the file as {@code <name>.json},
     * {@link #importFile} reads it.
     */
    public byte[] sidecar(Model model) {
        return Sidecar.of(model.descriptor());
    }

    private static String nameOf(Path file) {
        return file.getFileName()
                .toString()
                .replaceFirst("\\.onnx$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._-]", "-");
    }

    static byte[] read(Path file) {
        try {
            OnnxFile.requireSize(file.toString(), Files.size(file));
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnusableInputException(
                    "model", "The file \"%s\" cannot be read: %s.".formatted(file, e.getMessage()), e);
        }
    }

    /** Has a model prove itself, once per file, way of feeding it and runtime: what cannot is no grader. */
    private void prove(Model model, OnnxFile file) {
        Recipe recipe = SelfTestRecord.recipe(model);
        String key = Keys.selfTest(model.name(), recipe.id());
        if (artifacts.objects().exists(key)) {
            return;
        }
        Instant start = Instant.now();
        SelfTestFigures figures = new SelfTest(model.name(), file.proto(), model.descriptor()).run();
        if (figures.gradientGraph() == null) {
            LOG.warn(
                    "The model \"{}\" can be graded and evaluated, but not attacked with gradients. {}",
                    model.name(),
                    figures.remark());
        }
        artifacts.publish(
                key,
                new SelfTestRecord(
                        SelfTestRecord.SCHEMA,
                        recipe.id(),
                        model.name(),
                        figures,
                        recipe,
                        Software.provenance(start, Duration.between(start, Instant.now()))));
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
        return grader(model, onnx(model), height, width);
    }

    /**
     * Loads other weights of a model for grading images of a canonical size.
     *
     * @param onnx the model's file with these weights
     * @return to be closed by the caller
     */
    public Grader grader(Model model, byte[] onnx, int height, int width) {
        ModelProto proto = OnnxFile.parse(model.name(), onnx).proto();
        return Grader.load(model.name(), proto, model.descriptor(), height, width, processor());
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
                (preprocessed, output) ->
                        gradientGraph(preprocessed, output, loss).model());
    }

    private GradientGraph gradientGraph(ModelProto preprocessed, GradientGraph.Output output, Loss loss) {
        return processor() == Processor.CPU
                ? GradientGraph.deriveForCaches(preprocessed, output, GRADIENT_BATCH, loss)
                : GradientGraph.derive(preprocessed, output, GRADIENT_BATCH, loss);
    }

    /**
     * Loads a model up to some of its activations, with the gradient of a loss made of them, for images of a canonical
     * size.
     *
     * @return to be closed by the caller
     * @throws UnusableInputException where it has no such activations, or an operator whose gradient is not known
     */
    public ImageGradients featureGradients(Model model, Layers layers, FeatureLoss loss, int height, int width) {
        // the preprocessing has a convolution too, and it is no layer of the model
        String begin = model.descriptor().input();
        return gradients(
                model,
                height,
                width,
                (preprocessed, output) -> FeatureGraph.derive(preprocessed, GRADIENT_BATCH, layers, loss, begin)
                        .model());
    }

    /**
     * One of a model's activations, for one image of a canonical size.
     *
     * @param layers which; of several the first
     * @param image {@code [h,w,3]}, in {@code [0,1]}
     * @throws UnusableInputException where it has no such activation, or fails on the image
     */
    public Feature feature(Model model, Layers layers, int height, int width, float[] image) {
        Grader.openRuntime();
        try {
            ModelProto preprocessed = preprocessed(model, height, width);
            FeatureGraph graph =
                    FeatureGraph.of(preprocessed, 1, layers, model.descriptor().input());
            return Feature.of(model.name(), graph, height, width, image);
        } catch (UnsupportedGraphException e) {
            throw new UnusableInputException(
                    "model",
                    "The features of the model \"%s\" cannot be computed. %s".formatted(model.name(), e.getMessage()),
                    e);
        }
    }

    /**
     * Loads a model up to one of its activations, with a step of the power method on their Jacobian, for images of a
     * canonical size: its loss is {@code Σ|Jv|^q}, its gradient {@code Jᵀψ(Jv)}, and the vectors of a query are v.
     *
     * @param power q
     * @return to be closed by the caller
     * @throws UnusableInputException where it has no such activations, or an operator whose gradient is not known
     */
    public ImageGradients jacobianPowers(Model model, Layers layers, double power, int height, int width) {
        String begin = model.descriptor().input();
        return gradients(
                model,
                height,
                width,
                (preprocessed, output) ->
                        JacobianPowerGraph.derive(preprocessed, GRADIENT_BATCH, layers, power, begin));
    }

    private ModelProto preprocessed(Model model, int height, int width) {
        ModelProto proto = OnnxFile.parse(model.name(), onnx(model)).proto();
        return PreprocessedGraph.of(proto, model.descriptor(), height, width);
    }

    private interface Derivation {
        ModelProto of(ModelProto preprocessed, GradientGraph.Output output);
    }

    private ImageGradients gradients(Model model, int height, int width, Derivation derivation) {
        Grader.openRuntime();
        ModelProto preprocessed = preprocessed(model, height, width);
        GradientGraph.Output output =
                GradientGraph.Output.valueOf(model.descriptor().outputKind().name());
        ModelProto graph;
        try {
            graph = derivation.of(preprocessed, output);
        } catch (UnsupportedGraphException e) {
            throw new UnusableInputException(
                    "model", "The model \"%s\" has no gradients. %s".formatted(model.name(), e.getMessage()), e);
        }
        return new ImageGradients(model.name(), graph, height, width, GRADIENT_BATCH, processor());
    }

    /**
     * Loads a model with its training graph for images of a canonical size.
     *
     * @return to be closed by the caller
     * @throws UnusableInputException where a part of the model that is trained has no gradient
     */
    public TrainingSession training(Model model, TrainingSetup setup, int height, int width) {
        return training(model, onnx(model), setup, height, width);
    }

    /**
     * Loads other weights of a model with its training graph for images of a canonical size.
     *
     * @param onnx the model's file with these weights
     * @return to be closed by the caller
     * @throws UnusableInputException where a part of the model that is trained has no gradient
     */
    public TrainingSession training(Model model, byte[] onnx, TrainingSetup setup, int height, int width) {
        Grader.openRuntime();
        ModelProto proto = OnnxFile.parse(model.name(), onnx).proto();
        return TrainingSession.load(model.name(), proto, model.descriptor(), setup, height, width, processor());
    }

    /**
     * Keeps a model that was made from another, under a name of its own; twice is as once.
     *
     * @param name the name to keep it under
     * @param onnx its file
     * @param descriptor the other's
     * @throws ConflictException where there is another model of that name
     * @throws UnusableInputException where the runtime does not grade as its graph says
     */
    public Model register(String name, byte[] onnx, ModelDescriptor descriptor) {
        ArtifactName.check("name", name);
        Model model = new Model(name, Sha256.of(onnx), descriptor);
        Optional<String> held = artifacts.objects().find(Keys.model(name)).map(Sha256::of);
        if (held.isPresent() && artifacts.objects().exists(Keys.descriptor(name))) {
            requireSame(name, held.get(), model.sha256());
            return model;
        }
        OnnxFile file = OnnxFile.parse(name, onnx);
        new DescriptorInference(file, Preprocessing.UNSAID).requireFits(descriptor);
        new SelfTest(name, file.proto(), descriptor).run();
        artifacts.publish(Keys.descriptor(name), descriptor);
        byte[] kept = artifacts.objects().createOrAdopt(Keys.model(name), onnx, "application/octet-stream");
        requireSame(name, Sha256.of(kept), model.sha256());
        return model;
    }

    /**
     * Refuses a name that another model has.
     *
     * @param sha256 the digest of the model that is to have it; empty where it is not known yet
     * @throws ConflictException where it is taken
     */
    public void requireFree(String name, String sha256) {
        artifacts.objects().find(Keys.model(name)).ifPresent(held -> requireSame(name, Sha256.of(held), sha256));
    }

    private static void requireSame(String name, String held, String sha256) {
        if (!held.equals(sha256)) {
            throw new ConflictException(
                    "name",
                    "There is another model named \"%s\" already. Choose another name, or delete that model."
                            .formatted(name));
        }
    }
}
