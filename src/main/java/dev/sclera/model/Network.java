package dev.sclera.model;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.Sha256;
import java.nio.file.Path;

/**
 * A classifier that is in no store yet: to be trained.
 *
 * @param model what it is; its name is the one to keep it under
 * @param onnx its file
 */
public record Network(Model model, byte[] onnx) {

    public Network {
        requireNonNull(model, "model is null");
        requireNonNull(onnx, "onnx is null");
    }

    /**
     * A network in memory.
     *
     * @param said what the user says of it
     * @throws UnusableInputException where the file is no grader that Sclera can use, or does not say enough
     */
    public static Network of(String name, byte[] onnx, Preprocessing said) {
        ArtifactName.check("name", name);
        ModelDescriptor descriptor = new DescriptorInference(OnnxFile.parse(name, onnx), said).infer();
        return new Network(new Model(name, Sha256.of(onnx), descriptor), onnx);
    }

    /**
     * A network in a file; a trainer's sidecar beside it says what {@code said} leaves open.
     *
     * @throws UnusableInputException where the file is no grader that Sclera can use, or does not say enough
     */
    public static Network read(String name, Path file, Preprocessing said) {
        return of(name, Models.read(file), Sidecar.complete(said, file));
    }

    /** The same network with other weights. */
    public Network with(byte[] other) {
        return new Network(new Model(model.name(), Sha256.of(other), model.descriptor()), other);
    }
}
