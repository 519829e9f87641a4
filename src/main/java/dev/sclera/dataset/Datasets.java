package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.DatasetFiles.IndexLine;
import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The datasets of a store. */
@Singleton
public class Datasets {

    private static final String PREFIX = "datasets/";
    private static final String RECORD = "/dataset.json";

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
        // the import has put the split behind a given name
        ImportRequest.requireName("dataset", name, 106);
        return artifacts.find(Keys.dataset(name), Dataset.class).orElseThrow(() -> {
            List<String> names = names();
            String known = names.isEmpty()
                    ? "There are no datasets yet"
                    : "There are: " + String.join(", ", names.subList(0, Math.min(20, names.size())))
                            + (names.size() > 20 ? " and %d more".formatted(names.size() - 20) : "");
            return new MissingArtifactException(
                    "dataset",
                    "There is no dataset named \"%s\". %s. Import one with: sclera import FOLDER."
                            .formatted(name, known));
        });
    }

    /** The names of all datasets, sorted. */
    public List<String> names() {
        return artifacts.objects().list(PREFIX).stream()
                .filter(key -> key.endsWith(RECORD) && key.indexOf('/', PREFIX.length()) == key.lastIndexOf('/'))
                .map(key -> key.substring(PREFIX.length(), key.length() - RECORD.length()))
                .sorted()
                .toList();
    }

    /**
     * The images of one shard, checked against the record's digests.
     *
     * @throws CorruptArtifactException where a file of the shard is not what the record promises
     */
    public Images read(Dataset dataset, int shard) {
        Dataset.Shard files = dataset.shards().get(shard);
        byte[] pixels = parse(
                files.pixels(), files.pixelsSha256(), body -> Npy.decode(body).bytes());
        byte[] grades = parse(
                files.grades(), files.gradesSha256(), body -> Npy.decode(body).bytes());
        List<String> names = parse(files.names(), files.namesSha256(), DatasetFiles::names);
        int[] whole = new int[grades.length];
        Arrays.setAll(whole, i -> grades[i]);
        return new Images(dataset.height(), dataset.width(), pixels, whole, names);
    }

    /** Whether the very same image file, or the same row of an archive, is in both, under whatever names. */
    public boolean shareAnImage(Dataset one, Dataset other) {
        return !Collections.disjoint(digests(one), digests(other));
    }

    private Set<String> digests(Dataset dataset) {
        return parse(dataset.index(), dataset.indexSha256(), body -> DatasetFiles.parse(body, IndexLine.class)).stream()
                .map(IndexLine::sha256)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What the import left out, and why: of all its splits together, sorted by file. */
    public List<Rejection> rejections(Dataset dataset) {
        String key = rejectionsKey(dataset.name(), dataset.id());
        return parse(key, artifacts.objects().get(key), body -> DatasetFiles.parse(body, Rejection.class));
    }

    static String rejectionsKey(String name, String id) {
        return Keys.datasetFile(name, "rejected-" + id.substring(0, 16) + ".jsonl");
    }

    private <T> T parse(String key, String sha256, Function<byte[], T> reading) {
        return parse(key, artifacts.objects().get(key, sha256), reading);
    }

    private static <T> T parse(String key, byte[] body, Function<byte[], T> reading) {
        try {
            return reading.apply(body);
        } catch (IllegalArgumentException e) {
            throw new CorruptArtifactException(
                    key, "The object %s cannot be read: %s. Import the dataset again.".formatted(key, e.getMessage()));
        }
    }
}
