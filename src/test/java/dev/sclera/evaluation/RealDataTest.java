package dev.sclera.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sclera.campaign.Laboratory;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.DatasetImport;
import dev.sclera.dataset.ImportRequest;
import dev.sclera.model.Model;
import dev.sclera.model.Preprocessing;
import dev.sclera.progress.Progress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real photographs and real graders, where {@code SCLERA_REALDATA} names a folder that has them. */
class RealDataTest {

    @TempDir
    Path folder;

    /** The figures are those that the graders' training (PyTorch) left in their sidecars, at their own input sizes. */
    @Test
    void cleanFiguresAreThoseOfTheTraining() {
        Path data = data();
        try (Laboratory laboratory = new Laboratory(folder)) {
            Dataset val =
                    imported(laboratory, data.resolve("data/aptos224/val")).get(0);
            assertThat(val.images()).isEqualTo(518);
            assertThat(val.height()).isEqualTo(224);
            assertClean(laboratory, data, val, "resnet18", 0.7335907335907336, 0.7959440934087578);
            assertClean(laboratory, data, val, "mobilenetv2", 0.805019305019305, 0.7995269834444205);
        }
    }

    @Test
    void aMedMnistFileKeepsItsOwnSplits() {
        Path data = data();
        try (Laboratory laboratory = new Laboratory(folder)) {
            assertThat(imported(laboratory, data.resolve("data/retinamnist28/retinamnist.npz")))
                    .extracting(Dataset::split)
                    .containsExactly("train", "val", "test");
        }
    }

    private static void assertClean(
            Laboratory laboratory, Path data, Dataset val, String name, double accuracy, double quadraticKappa) {
        Model model =
                laboratory.models.importFile(data.resolve("models/" + name + ".onnx"), null, Preprocessing.UNSAID);
        Evaluation evaluation = laboratory.evaluating.evaluate(model, val, null, Progress.none());
        assertThat(evaluation.accuracy()).as(name).isCloseTo(accuracy, within(0.01));
        assertThat(evaluation.quadraticKappa()).as(name).isCloseTo(quadraticKappa, within(0.01));
    }

    private static List<Dataset> imported(Laboratory laboratory, Path source) {
        return new DatasetImport(laboratory.artifacts, laboratory.datasets)
                .run(ImportRequest.of(source), Progress.none())
                .datasets();
    }

    private static Path data() {
        String said = System.getenv("SCLERA_REALDATA");
        assumeTrue(said != null, "SCLERA_REALDATA names no folder with real photographs and graders");
        return Path.of(said);
    }
}
