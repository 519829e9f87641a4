package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sclera.campaign.Laboratory;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.DatasetImport;
import dev.sclera.dataset.ImportRequest;
import dev.sclera.dataset.Perturbation;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.model.Preprocessing;
import dev.sclera.progress.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real grader on real photographs, where {@code SCLERA_REALDATA} names a folder that has them. */
class RealRepairTest {

    @TempDir
    Path folder;

    @Test
    void oneEpochRepairsMuchOfWhatAPerturbationBroke() {
        String said = System.getenv("SCLERA_REALDATA");
        assumeTrue(said != null, "SCLERA_REALDATA names no folder with real photographs and graders");
        try (Laboratory laboratory = new Laboratory(folder)) {
            laboratory.models.importFile(Path.of(said, "models/mobilenetv2.onnx"), null, Preprocessing.UNSAID);
            Dataset eyes = new DatasetImport(laboratory.artifacts, laboratory.datasets)
                    .run(
                            new ImportRequest(Path.of(said, "data/aptos224/val"), "eyes", 224, false, null, "train"),
                            Progress.none())
                    .datasets()
                    .get(0);
            Perturbation perturbation = RepairShop.perturbation(laboratory, "mobilenetv2", eyes, 8 / 255.0, 24);
            FinetuneSpec spec = spec(perturbation.id());
            Finetuning finetuning = new Finetuning(
                    laboratory.artifacts,
                    laboratory.models,
                    laboratory.datasets,
                    laboratory.perturbations,
                    Duration.ofSeconds(2));

            assertThatThrownBy(() -> finetuning.run(spec, null, (name, total) -> new Progress.Task() {

                        private long done;

                        @Override
                        public void advance(long units) {
                            done += units;
                            if (done > 100) {
                                throw new IllegalStateException("cut off");
                            }
                        }

                        @Override
                        public void close() {}
                    }))
                    .hasMessage("cut off");
            Finetune repaired = finetuning.run(spec, null, Progress.none());

            EpochLine before = repaired.log().get(0);
            EpochLine after = repaired.log().get(1);
            assertThat(after.attackedLoss()).isLessThan(before.attackedLoss());
            assertThat(after.attackedQuadraticKappa()).isGreaterThan(before.attackedQuadraticKappa() + 0.1);
            assertThat(after.cleanQuadraticKappa()).isGreaterThan(before.cleanQuadraticKappa() - 0.1);
        }
    }

    private static FinetuneSpec spec(String perturbation) {
        return new FinetuneSpec(
                "mobilenetv2",
                "eyes",
                null,
                0.5,
                List.of(perturbation),
                Mix.DEFAULT,
                new Optimisation(
                        1,
                        16,
                        Optimisation.Algorithm.ADAMW,
                        2e-4,
                        Optimisation.Schedule.COSINE,
                        0.1,
                        0.9,
                        1e-4,
                        Optimisation.ClassWeights.NONE),
                TrainedLayers.ALL,
                false,
                Augmentation.DEFAULT,
                Averaging.NONE,
                new Stopping(0.1, 0),
                0,
                1,
                null);
    }
}
