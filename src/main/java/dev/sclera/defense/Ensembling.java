package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.model.EnsembleFile;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Recipe;
import dev.sclera.store.Sha256;
import dev.sclera.store.Software;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts graders together to one, which is then among the models; the same members make the same file. */
@Singleton
public class Ensembling {

    private static final int MOST_MEMBERS = 16;

    private final Artifacts artifacts;
    private final Models models;

    @Inject
    public Ensembling(Artifacts artifacts, Models models) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.models = requireNonNull(models, "models is null");
    }

    /**
     * An ensemble of graders, made or found.
     *
     * @param members the names of the graders, 2 to {@value #MOST_MEMBERS}; their order does not matter
     * @param name to keep it under; null for {@code ensemble-} and the first digits of its id
     * @throws InvalidValueException where there are too few or too many, or a name is not allowed
     */
    public Ensemble ensemble(List<String> members, @Nullable String name) {
        if (members.size() < 2 || members.size() > MOST_MEMBERS || new HashSet<>(members).size() < members.size()) {
            throw new InvalidValueException(
                    "models", String.join(", ", members), "2 to %d different models".formatted(MOST_MEMBERS));
        }
        if (name != null) {
            ArtifactName.check("name", name);
        }
        Instant started = Instant.now();
        List<Model> found = members.stream().sorted().map(models::get).toList();
        Map<String, String> inputs = new TreeMap<>();
        found.forEach(member -> inputs.put("member%02d".formatted(inputs.size()), member.id()));
        Recipe recipe = new Recipe("ensemble/1", Map.of("average", "probabilities"), inputs);
        String kept = name == null ? "ensemble-" + recipe.id().substring(0, 8) : name;
        EnsembleFile file = file(recipe.id(), found);
        models.requireFree(kept, Sha256.of(file.onnx()));
        Ensemble ensemble = new Ensemble(
                Ensemble.SCHEMA,
                recipe.id(),
                kept,
                found.stream().map(Model::name).toList(),
                recipe,
                Software.provenance(started, Duration.between(started, Instant.now())));
        // before the model: who sees the model has to find that it is one of ours; cut off between, the same call ends
        // it
        Ensemble published = artifacts.publish(Keys.ensemble(recipe.id()), ensemble);
        models.register(kept, file.onnx(), file.descriptor());
        // made before under another name: the model is there under both
        return published.name().equals(kept) ? published : ensemble;
    }

    /** Whether the members of an ensemble, as they are now, make the very file of this digest. */
    boolean makes(Ensemble ensemble, String sha256) {
        try {
            List<Model> found =
                    ensemble.members().stream().sorted().map(models::get).toList();
            return Sha256.of(file(ensemble.id(), found).onnx()).equals(sha256);
        } catch (MissingArtifactException e) {
            return false;
        }
    }

    private EnsembleFile file(String id, List<Model> members) {
        return EnsembleFile.of(
                members,
                members.stream().map(models::onnx).toList(),
                Map.of(
                        "sclera.ensemble",
                        id,
                        "sclera.members",
                        members.stream().map(Model::sha256).collect(Collectors.joining(","))));
    }
}
