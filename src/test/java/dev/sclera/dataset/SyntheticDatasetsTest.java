package dev.sclera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.dataset.synthetic.FundusPhotograph;
import dev.sclera.dataset.synthetic.Side;
import dev.sclera.dataset.synthetic.SyntheticFundus;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.embedded.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticDatasetsTest {

    private static final int SIZE = 32;

    @TempDir
    static Path folder;

    private static Workspace workspace;
    private static Artifacts artifacts;
    private static SyntheticDatasets synthetic;
    private static Datasets datasets;

    @BeforeAll
    static void open() {
        workspace = Workspace.open(folder.resolve("store"), 0);
        artifacts = new Artifacts(workspace.objects());
        synthetic = new SyntheticDatasets(artifacts);
        datasets = new Datasets(artifacts);
    }

    @AfterAll
    static void close() {
        workspace.close();
    }

    private static SyntheticRequest request(String name, int perGrade, long seed, Split split) {
        return new SyntheticRequest(name, SIZE, SyntheticRequest.equal(perGrade), seed, split);
    }

    @Test
    void aSyntheticDatasetIsADatasetWhoseImagesAreThoseOfTheirSeeds() {
        ImportResult result = synthetic.make(request("eyes", 2, 5, null), Progress.none());
        Dataset dataset = datasets.get("synthetic-eyes");
        assertThat(result.datasets()).containsExactly(dataset);
        assertThat(dataset.imagesPerGrade()).containsExactly(2, 2, 2, 2, 2);
        SyntheticRecord record = synthetic.record(dataset).orElseThrow();
        Images images = datasets.read(dataset, 0);
        byte[] lesions = synthetic.lesions(record, 0);
        for (int i = 0; i < images.count(); i++) {
            SyntheticRecord.Image image = record.images().get(i);
            assertThat(image.name()).isEqualTo(images.names().get(i)).startsWith("synthetic-");
            FundusPhotograph photograph = new SyntheticFundus(SIZE)
                    .photograph(
                            Long.parseLong(image.seed()),
                            images.grades()[i],
                            Side.valueOf(image.side().toUpperCase(Locale.ROOT)));
            assertThat(Arrays.copyOfRange(images.pixels(), i * images.stride(), (i + 1) * images.stride()))
                    .isEqualTo(photograph.picture().rgb());
            assertThat(Arrays.copyOfRange(lesions, i * SIZE * SIZE, (i + 1) * SIZE * SIZE))
                    .isEqualTo(photograph.map().labels());
        }
    }

    @Test
    void allThatIsKeptOfItSaysThatItIsSynthetic() {
        Dataset dataset = synthetic
                .make(request(null, 1, 6, null), Progress.none())
                .datasets()
                .get(0);
        assertThat(dataset.name()).startsWith("synthetic-");
        assertThat(dataset.recipe().kind()).contains("synthetic");
        assertThat(dataset.synthetic()).isTrue();
        assertThat(dataset.recipe().parameters().get("note").toString()).contains("nobody's eyes");
        assertThat(synthetic.record(dataset).orElseThrow().note()).contains("Synthetic");
    }

    @Test
    void theSameRequestDoesNoWorkAndAnotherUnderItsNameIsRefused() {
        SyntheticRequest request = request("again", 1, 7, null);
        assertThat(synthetic.make(request, Progress.none()).reused()).isFalse();
        assertThat(synthetic.make(request, Progress.none()).reused()).isTrue();
        assertThatThrownBy(() -> synthetic.make(request("again", 1, 8, null), Progress.none()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("synthetic-again");
    }

    @Test
    void aSplitHasItsShareOfEveryGrade() {
        Split split = new Split(0.5, 0.25, 0.25, 1);
        List<Dataset> parts =
                synthetic.make(request("parts", 4, 9, split), Progress.none()).datasets();
        assertThat(parts)
                .extracting(Dataset::name)
                .containsExactly("synthetic-parts-train", "synthetic-parts-val", "synthetic-parts-test");
        assertThat(parts.get(0).imagesPerGrade()).containsExactly(2, 2, 2, 2, 2);
        assertThat(parts.get(2).imagesPerGrade()).containsExactly(1, 1, 1, 1, 1);
        assertThat(parts.stream()
                        .flatMap(part -> synthetic.record(part).orElseThrow().images().stream())
                        .map(SyntheticRecord.Image::seed))
                .hasSize(20)
                .doesNotHaveDuplicates();
        assertThatThrownBy(() -> synthetic.make(request("few", 1, 9, split), Progress.none()))
                .isInstanceOf(InvalidValueException.class);
    }

    @Test
    void screenedCountsSumToWhatIsAskedFor() {
        assertThat(SyntheticRequest.screened(100)).containsExactly(49, 10, 28, 5, 8);
        for (int images = 1; images < 60; images++) {
            assertThat(SyntheticRequest.screened(images).stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(images);
        }
    }

    @Test
    void aWrittenFolderCanBeImported() throws Exception {
        Path target = folder.resolve("look");
        assertThat(new SyntheticFolder(target).write(request(null, 1, 3, null), Progress.none()))
                .isEqualTo(5);
        ImportResult imported = new DatasetImport(artifacts, datasets)
                .run(ImportRequest.of(target.resolve("photographs")), Progress.none());
        assertThat(imported.rejected()).isEmpty();
        assertThat(imported.datasets().get(0).imagesPerGrade()).containsExactly(1, 1, 1, 1, 1);
        try (Stream<Path> maps = Files.list(target.resolve("lesions"))) {
            assertThat(maps)
                    .hasSize(5)
                    .allSatisfy(map -> assertThat(new String(Files.readAllBytes(map), StandardCharsets.ISO_8859_1))
                            .contains("Synthetic photographs"));
        }
    }
}
