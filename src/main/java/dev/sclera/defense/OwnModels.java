package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.model.ModelMetadata;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Sha256;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells the models that Sclera made (repaired, put together, trained) from those of others. What a file says of itself
 * is where to look; what counts is that the store's own record of it is about these very bytes.
 */
@Singleton
public class OwnModels {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final Artifacts artifacts;
    private final Ensembling ensembling;

    @Inject
    public OwnModels(Artifacts artifacts, Ensembling ensembling) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.ensembling = requireNonNull(ensembling, "ensembling is null");
    }

    /**
     * The key of the record of what made a model, or nothing where it was made elsewhere.
     *
     * @param name of the model, for the error's sake
     * @throws UnusableInputException where the bytes are no ONNX file that Sclera can use
     */
    public Optional<String> madeBy(String name, byte[] onnx) {
        Map<String, String> said = ModelMetadata.of(name, onnx);
        String sha256 = Sha256.of(onnx);
        Optional<String> finetune = id(said, "sclera.finetune")
                .map(Keys::finetune)
                .filter(key -> artifacts
                        .find(key, Finetune.class)
                        .filter(record -> record.onnxSha256().equals(sha256))
                        .isPresent());
        Optional<String> training = id(said, "sclera.training")
                .map(Training::key)
                .filter(key -> artifacts
                        .find(key, TrainedGrader.class)
                        .filter(record -> record.onnxSha256().equals(sha256))
                        .isPresent());
        Optional<String> ensemble = id(said, "sclera.ensemble")
                .map(Keys::ensemble)
                .filter(key -> artifacts
                        .find(key, Ensemble.class)
                        .filter(record -> ensembling.makes(record, sha256))
                        .isPresent());
        return finetune.or(() -> training).or(() -> ensemble);
    }

    private static Optional<String> id(Map<String, String> said, String property) {
        return Optional.ofNullable(said.get(property))
                .filter(id -> ID.matcher(id).matches());
    }
}
