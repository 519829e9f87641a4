package dev.sclera.local.command;

import dev.sclera.campaign.CampaignSpec;
import dev.sclera.campaign.Plan;
import dev.sclera.campaign.Scale;
import dev.sclera.local.Operations;
import dev.sclera.problem.InvalidValueException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much there would be of what is not there yet. */
final class SizeOptions {

    @Option(
            names = "--models",
            paramLabel = "N",
            description = "So many models, each uploaded by itself and hence with a campaign of its own. Default: the"
                    + " models of the specification, in one campaign.")
    private @Nullable Integer models;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "So many images that are evaluated. Default: those of the specification's dataset.")
    private @Nullable Integer images;

    @Option(
            names = "--train-images",
            paramLabel = "N",
            description = "So many images to craft and to fine-tune on. Default: as many as are evaluated.")
    private @Nullable Integer trainImages;

    @Option(
            names = "--seconds-per-image",
            paramLabel = "SECONDS",
            description = "What a model takes to grade an image on this machine. Default: tried with the"
                    + " specification's models, or with those in the store.")
    private @Nullable Double secondsPerImage;

    /**
     * A campaign's plan, and its size.
     *
     * @param plan of one campaign
     * @param campaigns how many such campaigns there are
     * @param trainImages images to craft and to fine-tune on
     * @param testImages images that are evaluated
     * @param rate where the speed is from, in words
     */
    record Sized(Plan plan, long campaigns, long trainImages, long testImages, String rate) {}

    /** The plan of what there is, or of what there would be. */
    Sized sized(Operations operations, CampaignSpec spec) {
        if (models == null && images == null && trainImages == null && secondsPerImage == null) {
            return new Sized(
                    operations.campaigns().plan(spec),
                    1,
                    operations.datasets().get(spec.train()).images(),
                    operations.datasets().get(spec.test()).images(),
                    "measured: the shortest of three trials of each model; longer where the machine is busy");
        }
        if (models != null && models < 1) {
            throw new InvalidValueException("models", models, "1 or more");
        }
        int test = images == null ? operations.datasets().get(spec.test()).images() : images;
        int train = trainImages == null ? test : trainImages;
        double rate = secondsPerImage == null ? measured(operations, spec) : secondsPerImage;
        CampaignSpec each = models == null ? spec : oneOf(spec);
        return new Sized(
                operations.campaigns().outline(each, new Scale(train, test, rate)),
                models == null ? 1 : models,
                train,
                test,
                "%.4f s per image, %s"
                        .formatted(
                                rate,
                                secondsPerImage == null
                                        ? "measured: the shortest of three trials; longer where the machine is busy"
                                        : "said"));
    }

    private static CampaignSpec oneOf(CampaignSpec spec) {
        return new CampaignSpec(
                spec.models().subList(0, Math.min(1, spec.models().size())),
                spec.train(),
                spec.test(),
                spec.attacks(),
                spec.settings(),
                spec.repair(),
                spec.thresholds());
    }

    private static double measured(Operations operations, CampaignSpec spec) {
        List<String> there = operations.models().names();
        List<String> tried =
                spec.models().stream().filter(there::contains).limit(3).toList();
        Optional<String> dataset = operations.datasets().names().stream()
                .sorted((one, other) -> Boolean.compare(other.equals(spec.test()), one.equals(spec.test())))
                .findFirst();
        if (there.isEmpty() || dataset.isEmpty()) {
            throw new InvalidValueException(
                    "seconds-per-image",
                    "none",
                    "a number of seconds, where the store has no model and no dataset to try it with");
        }
        return operations.campaigns().secondsPerImage(tried.isEmpty() ? there.subList(0, 1) : tried, dataset.get());
    }
}
