package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.DatasetFiles.IndexLine;
import dev.sclera.problem.ConflictException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Provenance;
import dev.sclera.store.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one dataset: its shards, index and rejections, and last its record. The keys of shards and index hold digits
 * of their content's digest, so that what an import of other images left behind under the same name is never adopted.
 */
final class DatasetWriter {

    private static final String NPY = "application/x-npy";
    private static final String JSON_LINES = "application/jsonl";
    private static final int IMAGES_PER_SHARD = 256;
    private static final int BYTES_PER_SHARD = 64 << 20;
    /** Shards in memory at once. */
    private static final int SHARDS_AT_ONCE = 4;

    private final Artifacts artifacts;
    private final List<Candidate> candidates;
    private final Survey survey;
    private final DecodedImages images;
    private final int size;
    private final List<Rejection> rejections;

    DatasetWriter(
            Artifacts artifacts,
            List<Candidate> candidates,
            Survey survey,
            DecodedImages images,
            int size,
            List<Rejection> rejections) {
        this.artifacts = artifacts;
        this.candidates = candidates;
        this.survey = survey;
        this.images = images;
        this.size = size;
        this.rejections = rejections;
    }

    /**
     * Writes the dataset of one part.
     *
     * @param members the candidates that it has, in order
     * @param started when the import started
     */
    Dataset write(ImportPlan.Part part, List<Integer> members, Instant started, Progress progress) {
        int perShard = imagesPerShard(size);
        int count = (members.size() + perShard - 1) / perShard;
        Dataset.@Nullable Shard[] shards = new Dataset.Shard[count];
        try (Progress.Task task = progress.start("writing " + part.name(), members.size())) {
            Parallel.forEach(count, SHARDS_AT_ONCE, shard -> {
                List<Integer> rows =
                        members.subList(shard * perShard, Math.min(members.size(), (shard + 1) * perShard));
                shards[shard] = writeShard(part.name(), shard, rows);
                task.advance(rows.size());
            });
        }
        Stored index = store(part.name(), "index-%s.jsonl", DatasetFiles.lines(index(members, perShard)), JSON_LINES);
        artifacts
                .objects()
                .createOrAdopt(
                        Datasets.rejectionsKey(part.name(), part.id()), DatasetFiles.lines(rejections), JSON_LINES);
        Integer[] perGrade = new Integer[Grades.COUNT];
        Arrays.setAll(perGrade, grade -> (int)
                members.stream().filter(i -> candidates.get(i).grade() == grade).count());
        Instant now = Instant.now();
        Dataset record = new Dataset(
                Dataset.SCHEMA,
                part.name(),
                part.id(),
                part.split(),
                size,
                size,
                Grades.COUNT,
                members.size(),
                List.of(perGrade),
                rejections.size(),
                Arrays.stream(shards).map(shard -> requireNonNull(shard)).toList(),
                index.key(),
                index.sha256(),
                part.recipe(),
                new Provenance(
                        Map.of("java", Runtime.version().toString()),
                        now,
                        (now.toEpochMilli() - started.toEpochMilli()) / 1000.0));
        return requireSame(part, artifacts.publish(Keys.dataset(part.name()), record));
    }

    /** Refuses a dataset that has the name, but is another one. */
    static Dataset requireSame(ImportPlan.Part part, Dataset existing) {
        if (!existing.id().equals(part.id())) {
            throw new ConflictException(
                    "name",
                    "There is another dataset named \"%s\" already: %d images, imported %s with other images, grades or options. Choose another name, or leave the name out to have one made from the content."
                            .formatted(
                                    part.name(),
                                    existing.images(),
                                    existing.provenance().created()));
        }
        return existing;
    }

    /** 256, or as many as fit into 64 MiB. */
    static int imagesPerShard(int size) {
        return Math.max(1, Math.min(IMAGES_PER_SHARD, BYTES_PER_SHARD / (3 * size * size)));
    }

    private Dataset.Shard writeShard(String name, int shard, List<Integer> rows) {
        int stride = 3 * size * size;
        byte[] pixels = new byte[rows.size() * stride];
        byte[] grades = new byte[rows.size()];
        List<String> names = new ArrayList<>();
        for (int row = 0; row < grades.length; row++) {
            images.read(rows.get(row), pixels, row * stride);
            grades[row] = (byte) candidates.get(rows.get(row)).grade();
            names.add(candidates.get(rows.get(row)).name());
        }
        String start = "shards/%05d-".formatted(shard);
        Stored storedPixels = store(
                name,
                start + "%s.pixels.npy",
                Npy.of(pixels, grades.length, size, size, 3).encode(),
                NPY);
        Stored storedGrades = store(
                name, start + "%s.grades.npy", Npy.of(grades, grades.length).encode(), NPY);
        Stored storedNames = store(name, start + "%s.names.json", DatasetFiles.names(names), "application/json");
        return new Dataset.Shard(
                storedPixels.key(),
                storedPixels.sha256(),
                storedGrades.key(),
                storedGrades.sha256(),
                storedNames.key(),
                storedNames.sha256(),
                grades.length);
    }

    private List<IndexLine> index(List<Integer> members, int perShard) {
        List<IndexLine> lines = new ArrayList<>(members.size());
        for (int i = 0; i < members.size(); i++) {
            Candidate candidate = candidates.get(members.get(i));
            lines.add(new IndexLine(
                    candidate.name(),
                    candidate.grade(),
                    i / perShard,
                    i % perShard,
                    requireNonNull(survey.digest(members.get(i)))));
        }
        return Collections.unmodifiableList(lines);
    }

    private Stored store(String name, String pattern, byte[] body, String contentType) {
        String sha256 = Sha256.of(body);
        String key = Keys.datasetFile(name, pattern.formatted(sha256.substring(0, 16)));
        byte[] held = artifacts.objects().createOrAdopt(key, body, contentType);
        return new Stored(key, Sha256.of(held));
    }

    private record Stored(String key, String sha256) {}
}
