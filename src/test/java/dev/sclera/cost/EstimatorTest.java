package dev.sclera.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.campaign.Plan;
import dev.sclera.campaign.Plan.Stage;
import dev.sclera.problem.InvalidValueException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Estimates against sums that were done by hand. */
class EstimatorTest {

    private static final Prices PRICES = new Prices(
            "USD",
            "nowhere",
            "today",
            0.00002,
            0.00001,
            0.2,
            0.005,
            0.0004,
            0.02,
            1,
            0.4,
            0.5,
            Map.of("g5.xlarge", new Prices.Instance(1.0, 0.5)));

    /** Two processors for two gigabytes and a bit; half as fast as the four cores here. */
    private static final Platform PLATFORM =
            new Platform(Platform.Architecture.X86, 3538, 4, 1, 600, 960, 2, 1024, "g5.xlarge", 10, 100, 0.5, true);

    @ParameterizedTest
    @CsvSource({
        // stage, seconds here, kind, parts, seconds each
        "CRAFT,      10, CHAIN,     1,  22",
        "CRAFT,     900, CHAIN,     3, 602",
        "ADAPT,     901, CHAIN,     4, 452.5",
        "EVALUATE,   50, FAN_OUT,  10,  12",
        "RETRY,   30000, FAN_OUT, 100, 602",
        "REPAIR,   5000, JOB,       1, 600",
        "ENSEMBLE,    0, CHAIN,     1,   2"
    })
    void workIsCutByTimeAndByImages(Stage stage, double here, Cut.Kind kind, long parts, double seconds) {
        long gradients = stage == Stage.CRAFT || stage == Stage.ADAPT ? 1 : 0;
        Cut cut = Cut.of(new Plan.Item(stage, "", 0, gradients, 0, here), 512, 10_240, PLATFORM);
        assertThat(cut.kind()).isEqualTo(kind);
        assertThat(cut.parts()).isEqualTo(parts);
        assertThat(cut.seconds()).isCloseTo(seconds, within(1e-9));
    }

    @Test
    void theBillIsTheSumOfWhatWasUsedAtItsPrice() {
        Usage used = new Usage(2e6, 3600, 7200, 1e6, 1e5, 50, 1e6, 5e6, 4);
        Bill bill = Bill.of(used, PLATFORM, PRICES);
        double gigabytes = 3538 / 1024.0;
        assertThat(bill.lines().get("functions, time")).isCloseTo(3600 * gigabytes * 0.00002, within(1e-9));
        assertThat(bill.lines()).containsEntry("functions, invocations", 0.4).containsEntry("events", 1.0);
        assertThat(bill.lines().get("GPU instances")).isCloseTo(2 * 0.75, within(1e-9));
        assertThat(bill.lines().get("S3, writes")).isCloseTo(0.5, within(1e-9));
        assertThat(bill.lines().get("S3, reads")).isCloseTo(0.4, within(1e-9));
        assertThat(bill.lines().get("queues")).isCloseTo(2, within(1e-9));
        assertThat(bill.total())
                .isCloseTo(bill.lines().values().stream().mapToDouble(x -> x).sum(), within(1e-12));
    }

    @Test
    void manyCampaignsTakeSoManyTimesOne() {
        Plan plan = new Plan(
                "",
                false,
                List.of(
                        new Plan.Item(Stage.CRAFT, "", 0, 5000, 0, 900),
                        new Plan.Item(Stage.PERTURB, "", 0, 0, 0, 0),
                        new Plan.Item(Stage.REPAIR, "", 10, 0, 100, 5000)),
                5900);
        Estimator estimator = new Estimator(PLATFORM, PRICES);
        Estimate one = estimator.estimate(plan, 512, 10_240, 1);
        Estimate many = estimator.estimate(plan, 512, 10_240, 1000);
        assertThat(many.bill().total()).isCloseTo(1000 * one.bill().total(), within(1e-6));
        assertThat(one.lines())
                .extracting(Estimate.Line::stage)
                .containsExactly(Stage.CRAFT, Stage.PERTURB, Stage.REPAIR, Stage.REPORT);
        assertThat(one.lines().get(1).invocations())
                .as("ten parts, and one that puts them together")
                .isEqualTo(11);
        assertThat(one.usage().writes())
                .as("every perturbed image is an object")
                .isGreaterThan(10_240);
        assertThat(one.lines().stream().mapToDouble(Estimate.Line::money).sum())
                .isCloseTo(one.bill().total(), within(1e-9));
        assertThat(one.secondsHere()).isEqualTo(5960);
    }

    @Test
    void anInstanceWithoutAPriceIsNamedWithThoseThatHaveOne() {
        assertThatThrownBy(() -> PRICES.gpu("p5.48xlarge"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("p5.48xlarge")
                .hasMessageContaining("g5.xlarge");
    }
}
