package dev.sclera.model;

import static java.util.Objects.requireNonNull;

import ai.djl.engine.Engine;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.gradient.Loss;
import dev.sclera.gradient.PairedLoss;
import dev.sclera.gradient.Parameters;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.gradient.UnsupportedGraphException;
import dev.sclera.problem.ConflictException;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The models of a store. */
@Singleton
public class Models {

    /** Images per micro-batch of a gradient: more are not faster, and take memory. */
    private static final int GRADIENT_BATCH = 2;

    /** Images per micro-batch of training: more are not faster, and take memory. */
    private static final int TRAINING_BATCH = 4;

    /** Where the statistics of a micro-batch matter, more images tell more. */
    private static final int STATISTICAL_BATCH = 16;

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
        return Grader.load(model.name(), proto, model.descriptor(), height, width);
    }

    /**
     * Loads a model with its gradient graph for images of a canonical size.
     *
     * @return to be closed by the caller
     * @throws UnusableInputException where the model holds an operator whose gradient is not known
     */
    public ImageGradients gradients(Model model, Loss loss, int height, int width) {
        // DJL insists on opening ONNX Runtime itself; whoever comes first must not shut it out
        Engine.getEngine(Grader.ENGINE);
        ModelProto proto = OnnxFile.parse(model.name(), onnx(model)).proto();
        ModelProto preprocessed = PreprocessedGraph.of(proto, model.descriptor(), height, width);
        GradientGraph.Output output =
                GradientGraph.Output.valueOf(model.descriptor().outputKind().name());
        GradientGraph graph;
        try {
            graph = GradientGraph.derive(preprocessed, output, GRADIENT_BATCH, loss);
        } catch (UnsupportedGraphException e) {
            throw new UnusableInputException(
                    "model", "The model \"%s\" has no gradients. %s".formatted(model.name(), e.getMessage()), e);
        }
        return new ImageGradients(model.name(), graph, model.descriptor(), height, width, GRADIENT_BATCH);
    }

    /**
     * Loads a model with its training graph for images of a canonical size.
     *
     * @return to be closed by the caller
     * @throws UnusableInputException where a part of the model that is trained has no gradient
     */
    public TrainingSession training(Model model, TrainingSetup setup, int height, int width) {
        // DJL insists on opening ONNX Runtime itself; whoever comes first must not shut it out
        Engine.getEngine(Grader.ENGINE);
        ModelProto proto = OnnxFile.parse(model.name(), onnx(model)).proto();
        try {
            int batch = trainingBatch(proto, model, setup);
            Loss loss = setup.paired()
                    ? PairedLoss.of(proto, batch / 2, model.descriptor().grades(), setup.share(), setup.consistency())
                    : new Loss.CrossEntropy();
            Set<String> trained = setup.layers().in(proto, model.descriptor().output());
            TrainingGraph accumulating = TrainingGraph.accumulate(
                    PreprocessedGraph.of(proto, model.descriptor(), height, width),
                    GradientGraph.Output.valueOf(model.descriptor().outputKind().name()),
                    batch,
                    new TrainingGraph.Training(loss, trained::contains, setup.optimiser(), setup.normalisation()));
            TrainingGraph updating = TrainingGraph.update(accumulating, setup.optimiser());
            return new TrainingSession(model.name(), accumulating, updating, height, width, batch);
        } catch (UnsupportedGraphException e) {
            throw new UnusableInputException(
                    "model", "The model \"%s\" cannot be trained. %s".formatted(model.name(), e.getMessage()), e);
        }
    }

    private static int trainingBatch(ModelProto proto, Model model, TrainingSetup setup) {
        int insisted = Math.toIntExact(PreprocessedGraph.batch(proto, model.descriptor()));
        if (setup.paired() && insisted % 2 == 1) {
            throw new UnsupportedGraphException(
                    "It insists on a batch of %d, and consistency takes images in pairs. Export it with an open batch, or train without consistency."
                            .formatted(insisted));
        }
        boolean fixed = setup.normalisation() == TrainingGraph.Normalisation.FIXED;
        return insisted > 0 ? insisted : fixed ? TRAINING_BATCH : STATISTICAL_BATCH;
    }

    /**
     * The model's file with other weights; all else is as it was.
     *
     * @param onnx the file
     * @param weights by name, as {@link TrainingSession#weights} gives them
     * @param metadata added to the file's metadata, in place of entries of the same names
     */
    public static byte[] withWeights(byte[] onnx, Map<String, float[]> weights, Map<String, String> metadata) {
        ModelProto.Builder changed =
                Parameters.write(OnnxFile.parse("original", onnx).proto(), weights).toBuilder();
        List<StringStringEntryProto> kept = changed.getMetadataPropsList().stream()
                .filter(entry -> !metadata.containsKey(entry.getKey()))
                .toList();
        changed.clearMetadataProps().addAllMetadataProps(kept);
        new TreeMap<>(metadata)
                .forEach((key, value) -> changed.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return changed.build().toByteArray();
    }

    /**
     * Keeps a model that was made from another, under a name of its own; twice is as once.
     *
     * @param name the name to keep it under
     * @param onnx its file
     * @param descriptor the other's
     * @throws dev.sclera.problem.ConflictException where there is another model of that name
     * @throws UnusableInputException where the runtime does not grade as its graph says
     */
    public Model register(String name, byte[] onnx, ModelDescriptor descriptor) {
        ArtifactName.check("name", name);
        Model model = new Model(name, Sha256.of(onnx), descriptor);
        requireFree(name, model.sha256());
        OnnxFile file = OnnxFile.parse(name, onnx);
        new DescriptorInference(file, Preprocessing.UNSAID).requireFits(descriptor);
        new SelfTest(name, file.proto(), descriptor).run();
        artifacts.publish(Keys.descriptor(name), descriptor);
        byte[] held = artifacts.objects().createOrAdopt(Keys.model(name), onnx, "application/octet-stream");
        if (!Sha256.of(held).equals(model.sha256())) {
            throw taken(name);
        }
        return model;
    }

    /**
     * Refuses a name that another model has.
     *
     * @param sha256 the digest of the model that is to have it; empty where it is not known yet
     * @throws dev.sclera.problem.ConflictException where it is taken
     */
    public void requireFree(String name, String sha256) {
        artifacts
                .objects()
                .find(Keys.model(name))
                .map(Sha256::of)
                .filter(held -> !held.equals(sha256))
                .ifPresent(held -> {
                    throw taken(name);
                });
    }

    private static ConflictException taken(String name) {
        return new ConflictException(
                "name",
                "There is another model named \"%s\" already. Choose another name, or delete that model."
                        .formatted(name));
    }
}
