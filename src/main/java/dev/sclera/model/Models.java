package dev.sclera.model;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.Artifacts;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The models of a store. */
@Singleton
public class Models {

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
        throw new UnsupportedOperationException(artifacts.toString());
    }

    /** The names of all models, sorted. */
    public List<String> names() {
        throw new UnsupportedOperationException();
    }

    /**
     * Puts a model from a local file into the store, with its descriptor.
     *
     * @param file an ONNX file; a trainer's sidecar beside it ({@code <name>.json} with {@code inputSize},
     *     {@code mean}, {@code std}) says what {@code said} leaves open
     * @param name the name to keep it under, or null for the file's name
     * @param said what the user says of it
     * @throws UnusableInputException where the file is no grader that Sclera can use, or does not say enough
     */
    public Model importFile(Path file, @Nullable String name, Preprocessing said) {
        throw new UnsupportedOperationException();
    }

    /** The ONNX file of a model, as its owner uploaded it. */
    public byte[] onnx(Model model) {
        throw new UnsupportedOperationException();
    }
}
