package dev.sclera.cost;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.Plan;
import java.util.ArrayList;
import java.util.List;

/** Reckons what campaigns take from their plan, the platform and its prices. */
public final class Estimator {

    /** One invocation that reports; a minute of it, assumed. */
    public static final Plan.Item REPORT = new Plan.Item(Plan.Stage.REPORT, "report", 0, 0, 0, 60);

    private final Platform platform;
    private final Prices prices;

    public Estimator(Platform platform, Prices prices) {
        this.platform = requireNonNull(platform, "platform is null");
        this.prices = requireNonNull(prices, "prices is null");
    }

    /**
     * Reckons.
     *
     * @param plan of one campaign
     * @param trainImages images that its perturbations are crafted on
     * @param testImages images that it evaluates
     * @param campaigns how many such campaigns there are
     */
    public Estimate estimate(Plan plan, long trainImages, long testImages, long campaigns) {
        List<Plan.Item> items = items(plan);
        List<Estimate.Line> lines = new ArrayList<>();
        Usage all = Usage.NONE;
        for (Plan.Stage stage : Plan.Stage.values()) {
            List<Plan.Item> of =
                    items.stream().filter(item -> item.stage() == stage).toList();
            if (!of.isEmpty()) {
                Usage usage = of.stream()
                        .map(item -> usage(item, trainImages, testImages))
                        .reduce(Usage.NONE, Usage::plus)
                        .times(campaigns);
                lines.add(line(stage, of, usage, campaigns));
                all = all.plus(usage);
            }
        }
        return new Estimate(campaigns, lines, all, Bill.of(all, platform, prices), platform);
    }

    /** The plan's pieces of work on this platform, and the report. */
    private List<Plan.Item> items(Plan plan) {
        List<Plan.Item> items = new ArrayList<>(plan.items());
        items.removeIf(item -> item.stage() == Plan.Stage.PERTURB && !platform.perturbed());
        items.add(REPORT);
        return items;
    }

    private Usage usage(Plan.Item item, long trainImages, long testImages) {
        return Usage.of(
                Cut.of(item, trainImages, testImages, platform), item.stage() == Plan.Stage.PERTURB ? testImages : 0);
    }

    private Estimate.Line line(Plan.Stage stage, List<Plan.Item> items, Usage usage, long campaigns) {
        return new Estimate.Line(
                stage,
                campaigns * items.size(),
                (double) campaigns * items.stream().mapToLong(Plan.Item::graded).sum(),
                (double) campaigns
                        * items.stream().mapToLong(Plan.Item::gradients).sum(),
                (double) campaigns
                        * items.stream().mapToLong(Plan.Item::trained).sum(),
                campaigns * items.stream().mapToDouble(Plan.Item::seconds).sum(),
                usage.invocations(),
                usage.functionSeconds() / 3600,
                usage.gpuSeconds() / 3600,
                Bill.of(usage, platform, prices).total());
    }
}
