package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.image.ImageDecoder;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Imports graded photographs as canonical datasets.
 *
 * <p>A dataset's id follows from the bytes of the image files, their names and grades and the options. So a first pass
 * only reads and digests the files; where the store has that id already, nothing is decoded. Else a second pass decodes
 * on all cores into a temporary file that is as large as the dataset, from which shards are written; memory holds some
 * hundred bytes per image and the pixels of a few shards.
 *
 * <p>An image that cannot be used never stops an import, and is never dropped silently: the result lists it.
 */
@Singleton
public class DatasetImport {

    private final Artifacts artifacts;
    private final Datasets datasets;
    private final ImageDecoder decoder = new ImageDecoder();

    @Inject
    public DatasetImport(Artifacts artifacts, Datasets datasets) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
    }

    /**
     * Imports what the request names. The same content and options again do no writing.
     *
     * @throws UnusableInputException where the source is not there or has none of the known layouts, its labels cannot
     *     be read, or no image is left
     * @throws ConflictException where the name is taken by other content
     */
    public ImportResult run(ImportRequest request, Progress progress) {
        Instant started = Instant.now();
        try (ImageSource source = Layouts.open(request.source())) {
            Survey survey = new Survey(source, decoder, progress);
            List<Rejection> known = Survey.sorted(source.rejections(), survey.rejections());
            requireSome(
                    request, source.candidates().size() - survey.rejections().size(), known);
            ImportPlan plan = ImportPlan.of(request, source, survey, known);
            List<Dataset> existing = existing(plan);
            if (existing.size() == plan.parts().size()) {
                return new ImportResult(existing, datasets.rejections(existing.get(0)), true);
            }
            return decode(request, source, survey, plan, started, progress);
        }
    }

    private ImportResult decode(
            ImportRequest request,
            ImageSource source,
            Survey survey,
            ImportPlan plan,
            Instant started,
            Progress progress) {
        List<Candidate> candidates = source.candidates();
        try (DecodedImages images = new DecodedImages(source, plan.canonical(), decoder, progress)) {
            Duplicates duplicates = Duplicates.in(candidates, images);
            List<Rejection> rejections =
                    Survey.sorted(source.rejections(), Survey.sorted(images.rejections(), duplicates.rejections()));
            requireSome(request, duplicates.kept().size(), rejections);
            Map<String, List<Integer>> members = members(request, source, plan, images, duplicates.kept());
            DatasetWriter writer = new DatasetWriter(
                    artifacts, candidates, survey, images, plan.canonical().size(), rejections);
            List<Dataset> written = new ArrayList<>();
            for (ImportPlan.Part part : plan.parts()) {
                List<Integer> own = requireNonNull(members.get(part.split()));
                if (own.isEmpty()) {
                    throw new UnusableInputException(
                            "split",
                            "The split \"%s\" of \"%s\" would hold no image: %d are too few for these shares. Give it a larger share, or the share 0."
                                    .formatted(
                                            part.split(),
                                            request.source(),
                                            duplicates.kept().size()));
                }
            }
            for (ImportPlan.Part part : plan.parts()) {
                written.add(writer.write(part, requireNonNull(members.get(part.split())), started, progress));
            }
            return new ImportResult(written, rejections, false);
        }
    }

    private List<Dataset> existing(ImportPlan plan) {
        return plan.parts().stream()
                .map(part -> artifacts
                        .find(Keys.dataset(part.name()), Dataset.class)
                        .map(dataset -> DatasetWriter.requireSame(part, dataset)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Map<String, List<Integer>> members(
            ImportRequest request, ImageSource source, ImportPlan plan, DecodedImages images, List<Integer> kept) {
        List<Candidate> candidates = source.candidates();
        Map<String, List<Integer>> members = new LinkedHashMap<>();
        plan.parts().forEach(part -> members.put(part.split(), new ArrayList<>()));
        Split split = request.split();
        Map<Integer, String> drawn = split == null
                ? Map.of()
                : StratifiedSplit.assign(
                        kept, i -> candidates.get(i).grade(), i -> requireNonNull(images.digest(i)), split);
        for (int i : kept) {
            String own = candidates.get(i).split();
            String part = split != null
                    ? drawn.get(i)
                    : own != null ? own : plan.parts().get(0).split();
            if (members.containsKey(part)) {
                members.get(part).add(i);
            }
        }
        return members;
    }

    private static void requireSome(ImportRequest request, int left, List<Rejection> rejections) {
        if (left > 0) {
            return;
        }
        String examples = String.join(
                "; ",
                rejections.stream()
                        .limit(3)
                        .map(rejection -> "%s: %s".formatted(rejection.file(), rejection.detail()))
                        .toList());
        throw new UnusableInputException(
                "source",
                "No image of \"%s\" can be used; %d were rejected, for example %s. Correct these files or their labels and import again."
                        .formatted(request.source(), rejections.size(), examples));
    }
}
