package dev.sclera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.ascent.Norm;
import dev.sclera.attack.Attacks;
import dev.sclera.attack.CraftSettings;
import dev.sclera.attack.CraftSpec;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.PerturbationExport;
import dev.sclera.dataset.PerturbationImport;
import dev.sclera.defense.Augmentation;
import dev.sclera.defense.Averaging;
import dev.sclera.defense.Finetune;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.defense.Finetuning;
import dev.sclera.defense.Mix;
import dev.sclera.defense.Optimisation;
import dev.sclera.defense.Recrafting;
import dev.sclera.defense.Stopping;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.model.Model;
import dev.sclera.model.TinyGrader;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.progress.Progress;
import dev.sclera.store.JsonFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Perturbations that are crafted anew against a grader under repair. */
class RecraftsTest {

    @TempDir
    Path folder;

    private Laboratory laboratory;
    private Recrafts recrafts;
    private Model model;
    private final byte[] weights = TinyGrader.seeded(2).onnx();

    @BeforeEach
    void open() throws IOException {
        laboratory = new Laboratory(folder.resolve("workspace")).furnished(folder.resolve("sources"));
        recrafts = new Recrafts(laboratory.objects, laboratory.models, Progress.none());
        model = laboratory.models.get("tiny-1");
    }

    @AfterEach
    void close() {
        laboratory.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgd", "fff", "random"})
    void theSameRequestGivesTheSameDeltaAndLeavesNothingBehind(String attack) {
        Perturbation perturbation = crafted(attack);
        List<String> before = laboratory.objects.list("");
        Delta once = recrafts.craft(request(perturbation, weights, 1), () -> {});
        Delta twice = new Recrafts(laboratory.objects, laboratory.models, Progress.none())
                .craft(request(perturbation, weights, 1), () -> {});
        assertThat(once.values()).isEqualTo(twice.values());
        assertThat(once.maximumNorm()).isPositive().isLessThanOrEqualTo(perturbation.epsilon() * (1 + 1e-6));
        assertThat(laboratory.objects.list("")).isEqualTo(before);
        assertThat(laboratory.models.get("tiny-1")).isEqualTo(model);
    }

    @Test
    void itIsWhatTheAttackCraftsInOnePassAgainstThoseWeights() {
        Perturbation perturbation = crafted("pgd");
        Delta here = recrafts.craft(request(perturbation, weights, 3), () -> {});
        // tiny-2 has these weights under a name of its own
        Delta there = laboratory.perturbations.read(laboratory.crafting.craft(
                new CraftSpec("pgd", List.of("tiny-2"), "eyes-train", Laboratory.settings(8 / 255.0, 1, 10)),
                Progress.none()));
        assertThat(here.values()).isEqualTo(there.values());
    }

    @Test
    void aFoolingRateToStopAtIsLeftOut() {
        Perturbation stopped = crafted("pgd", List.of("tiny-2"), stoppingAt(0.04, 7));
        assertThat(stopped.stopped()).isEqualTo(Perturbation.Stopped.FOOLED);
        assertThat(stopped.evaluations()).isLessThan(25);
        Delta here = recrafts.craft(request(stopped, weights, 3), () -> {});
        Delta there = laboratory.perturbations.read(crafted("pgd", List.of("tiny-2"), stoppingAt(null, 10)));
        assertThat(here.values()).isEqualTo(there.values());
    }

    @Test
    void aJobThatCraftsAnewInEveryEpochEndsAndEndsTheSame() throws IOException {
        Perturbation perturbation = crafted("pgd");
        Finetune one = finetuned(perturbation);
        assertThat(one.log()).hasSize(4);
        try (Laboratory other = new Laboratory(folder.resolve("other")).furnished(folder.resolve("sources"))) {
            laboratory.close();
            laboratory = other;
            recrafts = new Recrafts(other.objects, other.models, Progress.none());
            assertThat(finetuned(crafted("pgd")).onnxSha256()).isEqualTo(one.onnxSha256());
        }
    }

    /** Be it called as an attack that there is. */
    @ParameterizedTest
    @ValueSource(strings = {"theirs", "pgd"})
    void whatWasCraftedElsewhereHasNoAttackToRunAgain(String name) {
        Perturbation perturbation = crafted("random");
        Path file = folder.resolve("delta.npy");
        new PerturbationExport(laboratory.perturbations).write(perturbation, file);
        Perturbation imported = new PerturbationImport(laboratory.perturbations)
                .run(new PerturbationImport.Request(file, name, "linf", null, null, null));
        assertThatThrownBy(() -> recrafts.craft(request(imported, weights, 1), () -> {}))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContainingAll("\"recraftEvery\"", '"' + name + '"', "crafted here", "sga");
    }

    /** For what it makes is another δ, and the repair would be called the same. */
    @Test
    void anotherVersionOfTheAttackIsNotTheOneToRunAgain() {
        Perturbation perturbation = crafted("pgd");
        int version = Attacks.version("pgd");
        assertThat(perturbation.recipe().parameters()).containsEntry("version", version);
        assertThatThrownBy(() -> recrafts.craft(request(of(version - 1, perturbation), weights, 1), () -> {}))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContainingAll(
                        "\"recraftEvery\"",
                        "\"pgd\" version " + (version - 1),
                        "its version " + version,
                        "craft it again");
    }

    /** A perturbation as another version of its attack would have recorded it. */
    private static Perturbation of(int version, Perturbation whole) {
        String record = JsonFormat.line(whole);
        String said = "\"version\":" + Attacks.version(whole.attack());
        assertThat(record).containsOnlyOnce(said);
        byte[] other = record.replace(said, "\"version\":" + version).getBytes(StandardCharsets.UTF_8);
        return JsonFormat.read(other, Perturbation.class);
    }

    private Perturbation crafted(String attack) {
        List<String> models = attack.equals("random") ? List.of() : List.of("tiny-1");
        return crafted(attack, models, Laboratory.settings(8 / 255.0, 2, 7));
    }

    private Perturbation crafted(String attack, List<String> models, CraftSettings settings) {
        return laboratory.crafting.craft(new CraftSpec(attack, models, "eyes-train", settings), Progress.none());
    }

    private static CraftSettings stoppingAt(@Nullable Double rate, long seed) {
        return new CraftSettings(Norm.LINF, 0.2, 1, 1, null, null, rate, 8, null, Set.of(), Map.of(), seed);
    }

    private Recrafting.Request request(Perturbation perturbation, byte[] onnx, int epoch) {
        return new Recrafting.Request(model, onnx, laboratory.datasets.get("eyes-train"), perturbation, epoch);
    }

    private Finetune finetuned(Perturbation perturbation) {
        return new Finetuning(laboratory.artifacts, laboratory.models, laboratory.datasets, laboratory.perturbations)
                .run(
                        new FinetuneSpec(
                                "tiny-1",
                                "eyes-train",
                                null,
                                0.4,
                                List.of(perturbation.id()),
                                Mix.DEFAULT,
                                new Optimisation(
                                        3,
                                        6,
                                        Optimisation.Algorithm.ADAMW,
                                        0.05,
                                        Optimisation.Schedule.COSINE,
                                        0.5,
                                        0.9,
                                        1e-4,
                                        Optimisation.ClassWeights.NONE),
                                TrainedLayers.ALL,
                                false,
                                Augmentation.DEFAULT,
                                Averaging.NONE,
                                new Stopping(1, 0),
                                1,
                                5,
                                null),
                        recrafts,
                        Progress.none());
    }
}
