package dev.sclera.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.campaign.Plan;
import dev.sclera.campaign.Plan.Stage;
import dev.sclera.cost.Cut;
import dev.sclera.cost.Estimator;
import dev.sclera.cost.Platform;
import dev.sclera.cost.Usage;
import dev.sclera.problem.InvalidValueException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Campaigns on a simulated cloud. */
class CloudSimulationTest {

    private static final long IMAGES = 10_000;

    /** One core here is one processor there. */
    private static final Platform PLATFORM =
            new Platform(Platform.Architecture.X86, 1769, 1, 1, 600, 960, 2, 1000, "g5.xlarge", 10, 100, 1, false);

    private static final Plan.Item CRAFT = new Plan.Item(Stage.CRAFT, "pgd", 0, 30_000, 0, 1500);
    private static final Plan.Item EVALUATE = new Plan.Item(Stage.EVALUATE, "clean", IMAGES, 0, 0, 200);
    private static final Plan.Item REPAIR = new Plan.Item(Stage.REPAIR, "pgd", 0, 0, 9_000, 2000);
    private static final Plan.Item RETRY = new Plan.Item(Stage.RETRY, "pgd", IMAGES, 0, 0, 200);

    private static final Plan WHOLE = plan(CRAFT, EVALUATE, REPAIR, RETRY);

    private static Plan plan(Plan.Item... items) {
        return new Plan(
                "",
                false,
                List.of(items),
                Stream.of(items).mapToDouble(Plan.Item::seconds).sum());
    }

    private static Scenario scenario(int models, int concurrency, double jitter, long seed) {
        return new Scenario(models, 100, seed, jitter, concurrency, concurrency, 1_000_000, 0, 1e12, 5500, 3500, 2);
    }

    private static Outcome simulated(Plan plan, Scenario scenario) {
        return new CloudSimulation(plan, 1000, IMAGES, PLATFORM).run(scenario);
    }

    /** What puts ten parts together: 2 s, and 40 shards of predictions. */
    private static final double GATHERED = 2 + 40 * 0.02;

    /** Ten parts of 22 s on three at a time are four rounds; they are put together; 62 s report. */
    @Test
    void oneCampaignTakesAsLongAsItsRounds() {
        Scenario now = new Scenario(1, 0, 0, 0, 3, 3, 10, 0, 1e12, 5500, 3500, 1);
        Outcome outcome = simulated(plan(EVALUATE), now);
        assertThat(outcome.lastVerdict()).isCloseTo(4 * 22 + GATHERED + 62, within(1e-6));
        assertThat(outcome.peakConcurrency()).isEqualTo(3);
    }

    /**
     * Crafting is a chain of three parts of 502 s, of which each but the last waits for its message, and a job takes
     * 300 s, however much there is room for.
     */
    @Test
    void withoutAnyLimitACampaignTakesAsLongAsItsLongestPath() {
        Scenario now = new Scenario(1, 0, 0, 0, 1000, 1000, 1000, 0, 1e12, 5500, 3500, 9);
        Outcome outcome = simulated(WHOLE, now);
        assertThat(outcome.lastVerdict()).isCloseTo(2 * 960 + 502 + 300 + 22 + GATHERED + 62, within(1e-6));
    }

    @Test
    void whatIsUsedIsWhatTheEstimateSaysTimesTheModels() {
        Outcome outcome = simulated(WHOLE, scenario(40, 25, 0.1, 7));
        Usage one = Stream.of(CRAFT, EVALUATE, REPAIR, RETRY, Estimator.REPORT)
                .map(item -> Usage.of(Cut.of(item, 1000, IMAGES, PLATFORM), 0))
                .reduce(Usage.NONE, Usage::plus);
        assertThat(outcome.verdicts()).isEqualTo(40);
        assertThat(outcome.usage().invocations()).isCloseTo(40 * one.invocations(), within(1e-6));
        assertThat(outcome.usage().gpuSeconds()).isCloseTo(40 * one.gpuSeconds(), within(1e-6));
        assertThat(outcome.usage().functionSeconds()).isCloseTo(40 * one.functionSeconds(), within(1e-3));
        assertThat(place(outcome, "craft").parts()).isEqualTo(40 * 3);
        assertThat(place(outcome, "evaluate").parts()).isEqualTo(40 * 2 * 10);
        assertThat(place(outcome, "jobs").parts()).isEqualTo(40);
        assertThat(outcome.stations().stream()
                        .filter(place -> !place.name().equals("jobs"))
                        .mapToLong(Outcome.Place::parts)
                        .sum())
                .isEqualTo((long) outcome.usage().invocations());
    }

    @Test
    void nothingGoesBeyondItsLimitAndWhatIsAskedBeyondIsSaid() {
        Outcome tight = simulated(WHOLE, scenario(40, 25, 0.1, 7));
        assertThat(tight.peakConcurrency()).isLessThanOrEqualTo(25);
        assertThat(tight.stations())
                .allSatisfy(place -> assertThat(place.peakBusy()).isLessThanOrEqualTo(place.limit()));
        assertThat(limit(tight, "functions at a time")).satisfies(limit -> {
            assertThat(limit.met()).isTrue();
            assertThat(limit.asked()).isGreaterThan(25);
        });
        Outcome wide = simulated(WHOLE, scenario(40, 100_000, 0.1, 7));
        assertThat(limit(wide, "functions at a time").met()).isFalse();
        // with 25 it is the jobs that all wait for, as with many more
        assertThat(wide.lastVerdict())
                .isLessThan(simulated(WHOLE, scenario(40, 5, 0.1, 7)).lastVerdict());
        assertThat(limit(wide, "jobs at a time").met()).isTrue();
    }

    @Test
    void theSameSeedComesToTheSameAndAnotherToSomethingElse() {
        assertThat(simulated(WHOLE, scenario(20, 10, 0.1, 1))).isEqualTo(simulated(WHOLE, scenario(20, 10, 0.1, 1)));
        assertThat(simulated(WHOLE, scenario(20, 10, 0.1, 2)).lastVerdict())
                .isNotEqualTo(simulated(WHOLE, scenario(20, 10, 0.1, 1)).lastVerdict());
    }

    @Test
    void aScenarioThatCannotBeIsRefused() {
        assertThatThrownBy(() -> scenario(0, 10, 0.1, 1))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("models");
        assertThatThrownBy(() -> scenario(1, 10, 1, 1))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("jitter");
    }

    private static Outcome.Place place(Outcome outcome, String name) {
        return outcome.stations().stream()
                .filter(place -> place.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Outcome.Limit limit(Outcome outcome, String start) {
        return outcome.limits().stream()
                .filter(limit -> limit.what().startsWith(start))
                .findFirst()
                .orElseThrow();
    }
}
