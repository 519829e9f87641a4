package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.SyntheticRecord.Maps;
import dev.sclera.dataset.image.ImageDecoder;
import dev.sclera.dataset.synthetic.LesionKind;
import dev.sclera.dataset.synthetic.SyntheticFundus;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Recipe;
import dev.sclera.store.Sha256;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Makes datasets of {@linkplain SyntheticFundus synthetic photographs}: datasets like any other, but for their names,
 * their recipe and the {@link SyntheticRecord} beside them, which all say so.
 */
@Singleton
public class SyntheticDatasets {

    /** The kind of a synthetic dataset's recipe. */
    static final String KIND = "synthetic-dataset/1";

    private static final String RECORD = "synthetic.json";

    private final Artifacts artifacts;

    @Inject
    public SyntheticDatasets(Artifacts artifacts) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
    }

    /** What a synthetic dataset is; empty where a dataset is none. */
    public Optional<SyntheticRecord> record(Dataset dataset) {
        return artifacts.find(Keys.datasetFile(dataset.name(), RECORD), SyntheticRecord.class);
    }

    /**
     * The lesion maps of one shard, {@code [n,height,width]} flattened: 0, or the {@link LesionKind#label()}.
     *
     * @param shard its number
     */
    public byte[] lesions(SyntheticRecord record, int shard) {
        Maps maps = record.maps().get(shard);
        return Npy.decode(artifacts.objects().get(maps.key(), maps.sha256())).bytes();
    }

    /**
     * Draws what the request asks for, and keeps it as one dataset, or as one for each part of the split, named
     * {@code <name>-train}, {@code -val} and {@code -test}. The same request again does no work.
     *
     * @throws ConflictException where the name is taken by another dataset
     * @throws InvalidValueException where a part of the split would hold no image
     */
    public ImportResult make(SyntheticRequest request, Progress progress) {
        List<ImportPlan.Part> parts = parts(request);
        List<Dataset> existing = parts.stream()
                .map(part -> artifacts
                        .find(Keys.dataset(part.name()), Dataset.class)
                        .map(dataset -> DatasetWriter.requireSame(part, dataset)))
                .flatMap(Optional::stream)
                .toList();
        return existing.size() == parts.size()
                ? new ImportResult(existing, List.of(), true)
                : new ImportResult(draw(request, parts, progress), List.of(), false);
    }

    private List<Dataset> draw(SyntheticRequest request, List<ImportPlan.Part> parts, Progress progress) {
        Instant started = Instant.now();
        ImageDecoder decoder = new ImageDecoder();
        int images = request.perGrade().stream().mapToInt(Integer::intValue).sum();
        try (Spill maps = new Spill(images, request.size() * request.size())) {
            List<Candidate.Drawing> drawings = SyntheticDrawings.of(request, maps);
            List<Candidate> candidates = List.copyOf(drawings);
            ImageSource source = new ImageSource(candidates, List.of(), false, List.of());
            Survey survey = new Survey(source, decoder, Progress.none());
            Map<String, List<Integer>> members = members(request, parts, drawings, survey);
            Canonical canonical = new Canonical(request.size(), false);
            try (DecodedImages decoded =
                    new DecodedImages("drawing synthetic photographs", source, canonical, decoder, progress)) {
                DatasetWriter writer =
                        new DatasetWriter(artifacts, candidates, survey, decoded, request.size(), List.of());
                List<Dataset> written = new ArrayList<>();
                for (ImportPlan.Part part : parts) {
                    List<Integer> own = requireNonNull(members.get(part.split()));
                    describe(request, part, own, drawings, maps);
                    written.add(writer.write(part, own, started, progress));
                }
                return written;
            }
        }
    }

    /** What the dataset is comes first: who finds the dataset finds it described. */
    private void describe(
            SyntheticRequest request,
            ImportPlan.Part part,
            List<Integer> members,
            List<Candidate.Drawing> drawings,
            Spill maps) {
        int size = request.size();
        int perShard = DatasetWriter.imagesPerShard(size);
        List<Maps> stored = new ArrayList<>();
        for (int from = 0; from < members.size(); from += perShard) {
            List<Integer> rows = members.subList(from, Math.min(members.size(), from + perShard));
            byte[] labels = new byte[rows.size() * size * size];
            for (int i = 0; i < rows.size(); i++) {
                maps.read(rows.get(i), labels, i * size * size);
            }
            byte[] body = Npy.of(labels, rows.size(), size, size).encode();
            String sha256 = Sha256.of(body);
            String key = Keys.datasetFile(
                    part.name(), "shards/%05d-%s.lesions.npy".formatted(from / perShard, sha256.substring(0, 16)));
            artifacts.objects().createOrAdopt(key, body, "application/x-npy");
            stored.add(new Maps(key, sha256));
        }
        Map<String, Integer> labels = new TreeMap<>();
        for (LesionKind kind : LesionKind.values()) {
            labels.put(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), kind.label());
        }
        List<SyntheticRecord.Image> images = members.stream()
                .map(drawings::get)
                .map(drawing -> new SyntheticRecord.Image(
                        drawing.name(),
                        Long.toString(drawing.seed()),
                        drawing.side().name().toLowerCase(Locale.ROOT)))
                .toList();
        artifacts.replace(
                Keys.datasetFile(part.name(), RECORD),
                new SyntheticRecord(
                        SyntheticRecord.SCHEMA,
                        SyntheticRecord.NOTE,
                        SyntheticFundus.VERSION,
                        request.seed(),
                        labels,
                        stored,
                        images));
    }

    private static List<ImportPlan.Part> parts(SyntheticRequest request) {
        Map<String, Object> options = new TreeMap<>();
        options.put("generator", SyntheticFundus.VERSION);
        options.put("note", SyntheticRecord.NOTE);
        options.put("size", request.size());
        options.put("perGrade", request.perGrade());
        options.put("seed", request.seed());
        Split split = request.split();
        Map<String, Double> shares = new TreeMap<>();
        if (split != null) {
            options.put("train", split.train());
            options.put("val", split.val());
            options.put("test", split.test());
            options.put("splitSeed", Long.toString(split.seed()));
            shares.putAll(Map.of("train", split.train(), "val", split.val(), "test", split.test()));
        }
        String given = request.name();
        String base = given != null
                ? given
                : SyntheticRequest.PREFIX
                        + new Recipe(KIND, options, Map.of()).id().substring(0, 8);
        List<String> names = split == null
                ? List.of("all")
                : List.of("train", "val", "test").stream()
                        .filter(part -> requireNonNull(shares.get(part)) > 0)
                        .toList();
        return names.stream()
                .map(part -> {
                    Map<String, Object> parameters = new TreeMap<>(options);
                    parameters.put("split", part);
                    Recipe recipe = new Recipe(KIND, parameters, Map.of());
                    return new ImportPlan.Part(part, names.size() > 1 ? base + "-" + part : base, recipe, recipe.id());
                })
                .toList();
    }

    private static Map<String, List<Integer>> members(
            SyntheticRequest request, List<ImportPlan.Part> parts, List<Candidate.Drawing> drawings, Survey survey) {
        List<Integer> all = IntStream.range(0, drawings.size()).boxed().toList();
        Split split = request.split();
        Map<Integer, String> assigned = split == null
                ? Map.of()
                : StratifiedSplit.assign(
                        all, i -> drawings.get(i).grade(), i -> requireNonNull(survey.digest(i)), split);
        Map<String, List<Integer>> members = new TreeMap<>();
        for (ImportPlan.Part part : parts) {
            List<Integer> own = all.stream()
                    .filter(i -> split == null || part.split().equals(assigned.get(i)))
                    .toList();
            if (own.isEmpty()) {
                throw new InvalidValueException(
                        "split",
                        part.split(),
                        "shares that leave each part an image; %d are too few".formatted(all.size()));
            }
            members.put(part.split(), own);
        }
        return members;
    }
}
