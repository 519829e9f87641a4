package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.campaign.Laboratory;
import dev.sclera.dataset.Dataset;
import dev.sclera.model.Model;
import dev.sclera.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that go on from a checkpoint. */
class CraftingRunTest {

    private static final int PASSES = 4;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Norm.class)
    void aRunThatGoesOnEndsAsIfItHadNotBeenCutOff(Norm norm) throws IOException {
        try (Laboratory laboratory = new Laboratory(folder.resolve("workspace")).furnished(folder.resolve("sources"))) {
            CraftingRun.Crafted whole = run(laboratory, norm, "whole", null, new ArrayList<>());

            List<Long> advances = new ArrayList<>();
            assertThatThrownBy(() -> run(laboratory, norm, "cut", 60, advances)).hasMessage("cut off");
            advances.clear();
            CraftingRun.Crafted resumed = run(laboratory, norm, "cut", null, advances);

            // two of the four passes were saved
            assertThat(advances.get(0)).isEqualTo(2 * 25);
            assertThat(resumed.delta()).isEqualTo(whole.delta());
            assertThat(resumed.curve()).isEqualTo(whole.curve());
            assertThat(resumed.gradientEvaluations()).isEqualTo(whole.gradientEvaluations());
        }
    }

    @Test
    void theFirstMarkOfARunIsThatNothingIsDone() throws IOException {
        try (Laboratory laboratory = new Laboratory(folder.resolve("workspace")).furnished(folder.resolve("sources"))) {
            List<Long> advances = new ArrayList<>();
            CraftingRun.Crafted crafted = run(laboratory, Norm.LINF, "fresh", null, advances);
            assertThat(advances.get(0)).isZero();
            assertThat(advances.stream().mapToLong(units -> units).sum()).isEqualTo(PASSES * 25L);
            assertThat(crafted.curve()).hasSize(PASSES);
        }
    }

    private static CraftingRun.Crafted run(
            Laboratory laboratory, Norm norm, String id, @Nullable Integer most, List<Long> advances) {
        Attack attack = Attacks.named("pgd");
        Dataset dataset = laboratory.datasets.get("eyes-train");
        Model model = laboratory.models.get("tiny-1");
        CraftSpec spec = new CraftSpec("pgd", "tiny-1", dataset.name(), norm, 0.1, null, PASSES, 8, null, 3);
        Attack.Problem problem = new Attack.Problem(16 * 16 * 3, norm, 0.1, 0.1, 3);
        Checkpoint checkpoint = new Checkpoint(laboratory.objects, id, Duration.ZERO);
        return new CraftingRun(spec, attack, problem, dataset, laboratory.datasets, checkpoint)
                .run(laboratory.models, model, new int[25], (name, total) -> new Progress.Task() {

                    private long done;

                    @Override
                    public void advance(long units) {
                        advances.add(units);
                        done += units;
                        if (most != null && done > most) {
                            throw new IllegalStateException("cut off");
                        }
                    }

                    @Override
                    public void close() {}
                });
    }
}
