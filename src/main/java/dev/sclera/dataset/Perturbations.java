package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.MissingArtifactException;
import dev.sclera.store.Artifacts;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The perturbations of a store. */
@Singleton
public class Perturbations {

    private final Artifacts artifacts;

    @Inject
    public Perturbations(Artifacts artifacts) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
    }

    /** The record with this id, or nothing. */
    public Optional<Perturbation> find(String id) {
        throw new UnsupportedOperationException(artifacts.toString());
    }

    /**
     * The record of a perturbation.
     *
     * @param idOrPrefix its id, or the first digits of it (at least six) where they are unique
     * @throws MissingArtifactException where there is none, or more than one
     */
    public Perturbation get(String idOrPrefix) {
        throw new UnsupportedOperationException();
    }

    /** The ids of all perturbations, sorted. */
    public List<String> ids() {
        throw new UnsupportedOperationException();
    }

    /** δ itself, checked against the record's digest. */
    public Delta read(Perturbation perturbation) {
        throw new UnsupportedOperationException();
    }

    /**
     * Publishes a perturbation: {@code delta.npy}, {@code delta.png} (amplified about mid-grey to the full range), and
     * last its record. Where another writer's δ is there already, that one is adopted and described.
     *
     * @param id the recipe's id
     * @param delta what was crafted
     * @param record makes the record from the δ that the store holds, its key being {@code Keys.perturbationFile(id,
     *     "delta.npy")}, and that file's digest
     */
    public Perturbation publish(String id, Delta delta, Function<Stored, Perturbation> record) {
        throw new UnsupportedOperationException();
    }

    /**
     * A δ as the store holds it.
     *
     * @param delta the perturbation
     * @param key of its {@code .npy}
     * @param sha256 the digest of the {@code .npy}
     */
    public record Stored(Delta delta, String key, String sha256) {}
}
