package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Norm;
import dev.sclera.campaign.Laboratory;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbation.Stopped;
import dev.sclera.evaluation.Prediction;
import dev.sclera.model.Grade;
import dev.sclera.model.Grader;
import dev.sclera.model.Model;
import dev.sclera.progress.Progress;
import dev.sclera.progress.WorkInterruptedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop that all attacks share, with every attack there is, on tiny graders. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CraftingRunTest {

    private static final int IMAGES = 25;
    private static final int PASSES = 4;

    /** More than a look asks about at once. */
    private static final int MANY = 130;

    private Laboratory laboratory;

    @BeforeAll
    void furnish(@TempDir Path folder) throws IOException {
        laboratory = new Laboratory(folder.resolve("workspace")).furnished(folder.resolve("sources"));
        laboratory.imported(folder.resolve("sources"), "eyes-many", 0, "train", MANY / 5);
    }

    @AfterAll
    void close() {
        laboratory.close();
    }

    static Stream<Arguments> attacksAndNorms() {
        return attacks().flatMap(attack -> Stream.of(Norm.values()).map(norm -> Arguments.of(attack, norm)));
    }

    static Stream<String> attacks() {
        return Attacks.descriptions().values().stream()
                .filter(attack -> attack.access() != Access.CONTROL)
                .map(Attacks.Description::name);
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("attacksAndNorms")
    void aRunThatGoesOnEndsAsIfItHadNotBeenCutOff(String attack, Norm norm) {
        Runs runs = new Runs(laboratory, attack).norm(norm);
        CraftingRun.Crafted whole = runs.run("whole-" + attack + norm, PASSES * IMAGES, null);

        String id = "cut-" + attack + norm;
        assertThatThrownBy(() -> runs.run(id, PASSES * IMAGES, 60L)).hasMessage("cut off");
        List<Long> advances = new ArrayList<>();
        CraftingRun.Crafted resumed = runs.run(id, PASSES * IMAGES, null, advances);

        assertThat(advances.get(0)).as("what was saved").isPositive();
        assertThat(resumed.delta()).isEqualTo(whole.delta());
        assertThat(resumed.curve()).isEqualTo(whole.curve());
        assertThat(resumed.evaluations()).isEqualTo(whole.evaluations());
        assertThat(resumed.gradientEvaluations()).isEqualTo(whole.gradientEvaluations());
        assertThat(resumed.stopped()).isEqualTo(whole.stopped());
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("attacksAndNorms")
    void deltaIsWithinTheBoundAndTheBudgetIsKept(String attack, Norm norm) {
        double epsilon = norm == Norm.LINF ? 0.1 : 3;
        CraftingRun.Crafted crafted =
                new Runs(laboratory, attack).norm(norm).epsilon(epsilon).run("bound-" + attack + norm, 90, null);
        assertThat(new Ball(norm, epsilon).norm(crafted.delta())).isBetween(1e-6, epsilon * (1 + 1e-6));
        assertThat(crafted.evaluations()).isBetween(1L, 90L);
        assertThat(crafted.delta()).doesNotContain(Float.NaN);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void severalModelsAreAttackedAtOnce(String attack) {
        CraftingRun.Crafted crafted = new Runs(laboratory, attack)
                .models("tiny-1", "tiny-2")
                .run("ensemble-" + attack, 2 * PASSES * IMAGES, null);
        assertThat(new Ball(Norm.LINF, 1).norm(crafted.delta())).isPositive();
    }

    /** Each option of each attack by itself, at every word it can be, and at its least and its most. */
    static Stream<Arguments> variants() {
        return Attacks.descriptions().values().stream()
                .filter(attack -> attack.access() != Access.CONTROL)
                .flatMap(attack -> attack.options().stream()
                        .flatMap(option ->
                                extremes(option).map(value -> Arguments.of(attack.name(), option.name(), value))));
    }

    private static Stream<String> extremes(Options.Option option) {
        return option instanceof Options.Number number
                ? Stream.of(Double.toString(number.least()), Double.toString(number.most()))
                : ((Options.Choice) option).words().stream();
    }

    @ParameterizedTest(name = "{0} with {1}={2}")
    @MethodSource("variants")
    void everyOptionKeepsToTheBoundAndTheBudget(String attack, String option, String value) {
        CraftingRun.Crafted crafted = new Runs(laboratory, attack)
                .option(option, value)
                .run("variant-" + attack + option + value, 2 * IMAGES, null);
        assertThat(new Ball(Norm.LINF, 1).norm(crafted.delta())).isLessThanOrEqualTo(0.1 * (1 + 1e-6));
        assertThat(crafted.delta()).doesNotContain(Float.NaN);
        assertThat(crafted.evaluations()).isLessThanOrEqualTo(2 * IMAGES);
    }

    @Test
    void theFirstMarkOfARunIsThatNothingIsDone() {
        List<Long> advances = new ArrayList<>();
        CraftingRun.Crafted crafted = new Runs(laboratory, "pgd").run("fresh", PASSES * IMAGES, null, advances);
        assertThat(advances.get(0)).isZero();
        assertThat(advances.stream().mapToLong(units -> units).sum()).isEqualTo(PASSES * IMAGES);
        assertThat(crafted.curve()).hasSize(PASSES);
        assertThat(crafted.stopped()).isEqualTo(Stopped.BUDGET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgd", "df-uap", "cosine-uap", "ifgsm-uap"})
    void aRunWhoseBatchesSpeakForAllStopsWhenAllImagesShowThatEnoughAreFooled(String attack) {
        Runs runs = new Runs(laboratory, attack).models("tiny-1", "tiny-2").epsilon(0.5);
        double rate = 0.3;
        CraftingRun.Crafted crafted = runs.stopAt(rate).run("fooled-" + attack, 100 * IMAGES, null);

        assertThat(crafted.stopped()).isEqualTo(Stopped.FOOLED);
        assertThat(crafted.evaluations()).isLessThan(100 * IMAGES);
        assertThat(last(crafted).evaluations()).isEqualTo(crafted.evaluations());
        assertThat(last(crafted).foolingRate())
                .isGreaterThanOrEqualTo(rate)
                .isCloseTo(runs.foolingRate(crafted), within(1e-12));
    }

    @Test
    void itNeedNotEndItsPass() {
        CraftingRun.Crafted crafted =
                new Runs(laboratory, "pgd").target(3).epsilon(1).stopAt(0.1).run("within", 100 * IMAGES, null);
        assertThat(crafted.stopped()).isEqualTo(Stopped.FOOLED);
        assertThat(crafted.evaluations() % IMAGES).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"square", "u-simba", "ordinal", "sga", "auto"})
    void anyOtherRunStopsByItsPasses(String attack) {
        List<Long> advances = new ArrayList<>();
        CraftingRun.Crafted crafted = new Runs(laboratory, attack)
                .models("tiny-1", "tiny-2")
                .epsilon(0.5)
                .stopAt(0.1)
                .run("asked-" + attack, 100 * IMAGES, null, advances);
        assertThat(crafted.stopped()).isEqualTo(Stopped.FOOLED);
        assertThat(last(crafted).foolingRate()).isGreaterThanOrEqualTo(0.1);
        assertThat(advances.subList(1, advances.size())).as("looks").doesNotContain(0L);
    }

    @Test
    void aRunThatIsCutOffAfterEveryStepEndsAsIfItHadNotBeen() {
        Runs runs = new Runs(laboratory, "pgd")
                .models("tiny-2")
                .dataset("eyes-many")
                .target(1)
                .stopAt(1);
        List<Long> steps = new ArrayList<>();
        CraftingRun.Crafted whole = runs.run("many", 100 * MANY, null, steps);
        assertThat(whole.stopped()).isEqualTo(Stopped.FOOLED);
        assertThat(steps.stream().skip(1).filter(units -> units == 0).count())
                .as("batches looked at, the last look's and those of some that failed")
                .isGreaterThan((MANY + 63) / 64);

        CraftingRun.Crafted pieced = null;
        for (int calls = 0; pieced == null; calls++) {
            assertThat(calls).isLessThan(steps.size());
            AtomicInteger left = new AtomicInteger(2);
            try {
                // the first mark says where a run goes on from
                pieced = runs.saving(Duration.ofDays(1))
                        .shown("many-pieces", 100 * MANY, new Advances(new ArrayList<>(), null).advancing(units -> {
                                    if (left.decrementAndGet() == 0) {
                                        throw new WorkInterruptedException("after a step");
                                    }
                                }));
            } catch (WorkInterruptedException e) {
                assertThat(e).hasMessage("after a step");
            }
        }
        assertThat(pieced.delta()).isEqualTo(whole.delta());
        assertThat(pieced.curve()).isEqualTo(whole.curve());
        assertThat(pieced.evaluations()).isEqualTo(whole.evaluations());
        assertThat(pieced.stopped()).isEqualTo(whole.stopped());
    }

    @Test
    void whatARecipeSaysOfStoppingIsThere() {
        assertThat(recipe("pgd", 0.5)).containsEntry("stopRule", "look").containsEntry("stopAt", 0.5);
        assertThat(recipe("u-simba", 0.5)).doesNotContainKey("stopRule").containsEntry("stopAt", 0.5);
        assertThat(recipe("pgd", null)).doesNotContainKeys("stopRule", "stopAt");
    }

    private Map<String, Object> recipe(String attack, @Nullable Double stopAt) {
        CraftSettings settings =
                new CraftSettings(Norm.LINF, 0.1, null, 1, null, null, stopAt, 8, null, Set.of(), Map.of(), 1);
        return laboratory
                .crafting
                .craft(new CraftSpec(attack, List.of("tiny-1"), "eyes-train", settings), Progress.none())
                .recipe()
                .parameters();
    }

    private static Perturbation.Point last(CraftingRun.Crafted crafted) {
        return crafted.curve().get(crafted.curve().size() - 1);
    }

    @Test
    void aRunStopsWhenItsTimeIsUpWithWhatThereIs() {
        CraftingRun.Crafted crafted = new Runs(laboratory, "pgd").seconds(1e-9).run("late", 100 * IMAGES, null);
        assertThat(crafted.stopped()).isEqualTo(Stopped.TIME);
        assertThat(crafted.evaluations()).isEqualTo(8);
    }

    /** One attack on the laboratory's images; checkpoints after every step, where nothing else is said. */
    static final class Runs {

        private final Laboratory laboratory;
        private final Attack attack;
        private Norm norm = Norm.LINF;
        private double epsilon = 0.1;
        private @Nullable Integer target;
        private @Nullable Double stopAt;
        private @Nullable Double seconds;
        private String[] models = {"tiny-1"};
        private String dataset = "eyes-train";
        private Duration pause = Duration.ZERO;
        private Map<String, String> options = Map.of();

        Runs(Laboratory laboratory, String attack) {
            this.laboratory = laboratory;
            this.attack = Attacks.named(attack);
        }

        Runs norm(Norm other) {
            norm = other;
            return this;
        }

        Runs epsilon(double other) {
            epsilon = other;
            return this;
        }

        Runs target(int grade) {
            target = grade;
            return this;
        }

        Runs stopAt(double rate) {
            stopAt = rate;
            return this;
        }

        Runs seconds(double most) {
            seconds = most;
            return this;
        }

        Runs option(String name, String value) {
            options = Map.of(name, value);
            return this;
        }

        Runs dataset(String other) {
            dataset = other;
            return this;
        }

        Runs saving(Duration often) {
            pause = often;
            return this;
        }

        Runs models(String... others) {
            models = others;
            return this;
        }

        CraftingRun.Crafted run(String id, long budget, @Nullable Long cutOffAt) {
            return run(id, budget, cutOffAt, new ArrayList<>());
        }

        CraftingRun.Crafted run(String id, long budget, @Nullable Long cutOffAt, List<Long> advances) {
            return shown(id, budget, new Advances(advances, cutOffAt));
        }

        CraftingRun.Crafted shown(String id, long budget, Progress.Task shown) {
            Problem problem = problem(budget);
            Dataset dataset = laboratory.datasets.get(this.dataset);
            List<Model> members = Stream.of(models).map(laboratory.models::get).toList();
            List<List<Prediction>> clean = members.stream()
                    .map(model ->
                            laboratory.grading.read(laboratory.grading.grade(model, dataset, null, Progress.none())))
                    .toList();
            CraftingImages images =
                    new CraftingImages(dataset, laboratory.datasets, clean, problem.batch(), problem.seed());
            Checkpoint checkpoint = new Checkpoint(laboratory.objects, id, pause);
            try (Oracle oracle =
                    new Oracle(laboratory.models, members, images, Augmentation.none(), problem.allowance())) {
                return new CraftingRun(id, attack, problem, images, oracle, checkpoint, stopAt, seconds)
                        .run((name, total) -> shown);
            }
        }

        /** Of what was crafted, over all crafting images, the mean over the models: as an evaluation has it. */
        double foolingRate(CraftingRun.Crafted crafted) {
            Dataset dataset = laboratory.datasets.get(this.dataset);
            return Stream.of(models)
                    .map(laboratory.models::get)
                    .mapToDouble(model -> foolingRate(model, dataset, new Delta(16, 16, crafted.delta())))
                    .average()
                    .orElseThrow();
        }

        private double foolingRate(Model model, Dataset dataset, Delta delta) {
            List<Prediction> clean =
                    laboratory.grading.read(laboratory.grading.grade(model, dataset, null, Progress.none()));
            int changed = 0;
            int place = 0;
            try (Grader grader = laboratory.models.grader(model, 16, 16)) {
                for (int shard = 0; shard < dataset.shards().size(); shard++) {
                    Images perturbed = delta.applyTo(laboratory.datasets.read(dataset, shard));
                    for (Grade grade : grader.grade(perturbed, graded -> {})) {
                        changed += grade.grade() == clean.get(place++).grade() ? 0 : 1;
                    }
                }
            }
            return changed / (double) place;
        }

        private Problem problem(long budget) {
            Options set = attack.options().with(attack.name(), options);
            return new Problem(16, 16, norm, epsilon, target, 8, attack.defaultStep(), budget, set, 3);
        }
    }

    private static final class Advances implements Progress.Task {

        private final List<Long> advances;
        private final @Nullable Long most;
        private long done;

        Advances(List<Long> advances, @Nullable Long most) {
            this.advances = advances;
            this.most = most;
        }

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
    }
}
