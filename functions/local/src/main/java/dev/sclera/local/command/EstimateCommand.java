package dev.sclera.local.command;

import dev.sclera.campaign.CampaignSpec;
import dev.sclera.cost.Estimate;
import dev.sclera.cost.Estimator;
import dev.sclera.cost.Platform;
import dev.sclera.cost.Prices;
import dev.sclera.local.Operations;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sclera estimate}. */
@Command(
        name = "estimate",
        description = {
            "Reckon what a campaign takes: images, gradients, invocations, hours and money.",
            "",
            "Work is counted as the campaign would do it, and its time is from a short trial on this machine. What else"
                    + " stands behind the figures is printed with them, each with where it is from: measured, counted,"
                    + " documented, assumed. What is in the store already would not be done again, and is reckoned all"
                    + " the same."
        },
        footer = {
            "",
            "Examples:",
            "  sclera estimate eyes.yaml",
            "  sclera estimate eyes.yaml --models 1000 --images 1000000 --train-images 20000 --no-perturbed",
            "  sclera estimate eyes.yaml --models 1000 --images 1000000 --train-images 20000 --simulate"
        })
final class EstimateCommand extends StoreCommand {

    @Parameters(paramLabel = "SPEC", description = "The file that says what the campaign is about.")
    private Path spec;

    @Mixin
    private SizeOptions size;

    @Mixin
    private PlatformOptions on;

    @Option(
            names = "--simulate",
            description = "Simulate the campaigns event by event, too: what runs at a time, which limits are met.")
    private boolean simulate;

    @Mixin
    private SimulationOptions simulated;

    @Override
    int run(Operations operations) {
        CampaignSpec asked = CampaignFile.read(spec).spec();
        asked.crafts();
        Platform platform = on.platform();
        Prices prices = on.prices();
        SizeOptions.Sized sized = size.sized(operations, asked);
        Estimate estimate = new Estimator(platform, prices)
                .estimate(sized.plan(), sized.trainImages(), sized.testImages(), sized.campaigns());
        if (simulate) {
            simulated.run(sized, platform, prices, this);
            return 0;
        }
        print(estimate, () -> EstimateText.of(estimate, sized.rate(), on.sources(platform, prices)));
        return 0;
    }
}
