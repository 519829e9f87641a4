package dev.sclera.simulation;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.Plan;
import dev.sclera.cost.Cut;
import dev.sclera.cost.Estimator;
import dev.sclera.cost.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Simulates the campaigns of models that are uploaded, each by itself. The same seed comes to the same. */
public final class CloudSimulation {

    private final Plan plan;
    private final long trainImages;
    private final long testImages;
    private final Platform platform;

    /**
     * A simulation of campaigns that are alike.
     *
     * @param plan of one campaign
     * @param trainImages images that its perturbations are crafted on
     * @param testImages images that it evaluates
     * @param platform how the work is cut, and how fast it is
     */
    public CloudSimulation(Plan plan, long trainImages, long testImages, Platform platform) {
        this.plan = requireNonNull(plan, "plan is null");
        this.trainImages = trainImages;
        this.testImages = testImages;
        this.platform = requireNonNull(platform, "platform is null");
    }

    /** Runs until the last verdict. */
    public Outcome run(Scenario scenario) {
        Cloud cloud = new Cloud(scenario);
        SplittableRandom random = new SplittableRandom(scenario.seed());
        List<Plan.Item> items = items();
        Map<Plan.Item, Cut> cut = new HashMap<>();
        List<Double> uploads = new ArrayList<>();
        List<Double> verdicts = new ArrayList<>();
        for (int i = 0; i < scenario.models(); i++) {
            double upload = random.nextDouble() * scenario.over();
            uploads.add(upload);
            SplittableRandom own = random.split();
            CampaignRun campaign = new CampaignRun(
                    cloud,
                    items,
                    item -> cut.computeIfAbsent(item, one -> Cut.of(one, trainImages, testImages, platform)),
                    testImages,
                    platform.redelivery(),
                    seconds -> seconds * (1 + scenario.jitter() * (2 * own.nextDouble() - 1)),
                    () -> verdicts.add(cloud.engine().now()));
            cloud.engine().at(upload, campaign::begin);
        }
        cloud.engine().run();
        return outcome(scenario, cloud, uploads, verdicts);
    }

    private List<Plan.Item> items() {
        List<Plan.Item> items = new ArrayList<>(plan.items());
        items.removeIf(item -> item.stage() == Plan.Stage.PERTURB && !platform.perturbed());
        items.add(Estimator.REPORT);
        return items;
    }

    private Outcome outcome(Scenario scenario, Cloud cloud, List<Double> uploads, List<Double> verdicts) {
        double sum = verdicts.stream().mapToDouble(Double::doubleValue).sum()
                - uploads.stream().mapToDouble(Double::doubleValue).sum();
        return new Outcome(
                verdicts.size(),
                verdicts.get(0),
                verdicts.get(verdicts.size() - 1),
                sum / verdicts.size(),
                cloud.engine().asked(),
                cloud.peak(),
                cloud.stations().stream().map(Outcome.Place::of).toList(),
                List.of(
                        new Outcome.Prefix(
                                "datasets/<dataset>/ and what all campaigns share",
                                cloud.datasets().peak(),
                                0),
                        new Outcome.Prefix(
                                "models/<model>/, predictions/<model>/", cloud.modelReads(), cloud.modelWrites())),
                cloud.bus().peakWanted(),
                cloud.bus().longestDelay(),
                new Limits(scenario, platform, cloud).all(),
                cloud.usage());
    }
}
