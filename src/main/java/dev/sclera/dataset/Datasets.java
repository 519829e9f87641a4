package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.MissingArtifactException;
import dev.sclera.store.Artifacts;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/** The datasets of a store. */
@Singleton
public class Datasets {

    private final Artifacts artifacts;

    @Inject
    public Datasets(Artifacts artifacts) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
    }

    /**
     * The record of a dataset.
     *
     * @throws MissingArtifactException where there is no such dataset; the message lists those that there are
     */
    public Dataset get(String name) {
        throw new UnsupportedOperationException();
    }

    /** The names of all datasets, sorted. */
    public List<String> names() {
        throw new UnsupportedOperationException();
    }

    /** The images of one shard, checked against the record's digests. */
    public Images read(Dataset dataset, int shard) {
        throw new UnsupportedOperationException(artifacts.toString());
    }
}
