package dev.sclera.local.command;

import dev.sclera.functions.craft.CraftRequest;
import dev.sclera.functions.craft.CraftResult;
import dev.sclera.local.Operations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sclera craft}. */
@Command(
        name = "craft",
        description = {
            "Craft one universal perturbation against a model, or find it crafted already.",
            "",
            "Attacks: pgd (mini-batch projected gradient ascent), random (the control: noise of the same norm)."
        },
        footer = {
            "",
            "Examples:",
            "  sclera craft --attack pgd --model resnet18 --dataset clinic-train --epsilon 8/255",
            "  sclera craft --attack pgd --model resnet18 --dataset clinic-train --norm l2 --epsilon 10 --target 0"
        })
final class CraftCommand extends StoreCommand {

    @Option(names = "--attack", required = true, description = "The attack's name.")
    private String attack;

    @Option(names = "--model", description = "The name of the model to craft against; controls need none.")
    private @Nullable String model;

    @Option(names = "--dataset", required = true, description = "The name of the dataset to craft on; no test split.")
    private String dataset;

    @Mixin
    private CraftOptions options;

    @Override
    int run(Operations operations) {
        CraftResult result = operations
                .craft()
                .craft(new CraftRequest(
                        attack,
                        model,
                        dataset,
                        options.norm,
                        options.epsilon,
                        options.target,
                        options.passes,
                        options.batch,
                        options.step,
                        options.seed));
        print(
                result,
                () -> new Lines()
                        .add("perturbation", result.id())
                        .add("attack", result.attack())
                        .add("against", result.model())
                        .add("bound", result.norm() + " " + options.epsilon)
                        .figure("norm, linf", result.maximumNorm())
                        .figure("norm, l2", result.euclideanNorm())
                        .figure("fooling rate", result.foolingRate())
                        .add("gradients", result.gradientEvaluations())
                        .add("picture", operations.store().place(result.picture()))
                        .toString());
        return 0;
    }
}
