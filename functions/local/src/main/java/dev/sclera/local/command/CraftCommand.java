package dev.sclera.local.command;

import dev.sclera.functions.craft.CraftRequest;
import dev.sclera.functions.craft.CraftResult;
import dev.sclera.local.Operations;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sclera craft}. */
@Command(
        name = "craft",
        description = {
            "Craft one universal perturbation against a model, or find it crafted already.",
            "",
            "\"sclera attacks\" lists the attacks with their options."
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

    @Option(
            names = "--model",
            split = ",",
            description = "The name of the model to craft against, or several for one perturbation against all of them;"
                    + " controls need none.")
    private List<String> models = List.of();

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
                        null,
                        models,
                        dataset,
                        options.norm,
                        options.epsilon,
                        options.target,
                        options.passes,
                        options.budget,
                        options.seconds,
                        options.stopAt,
                        options.batch,
                        options.step,
                        options.augment,
                        options.option,
                        options.seed));
        print(
                result,
                () -> new Lines()
                        .add("perturbation", result.id())
                        .add("attack", result.attack())
                        .add("access", result.access())
                        .add("against", result.models().isEmpty() ? null : String.join(" + ", result.models()))
                        .add("bound", result.norm() + " " + options.epsilon)
                        .figure("norm, linf", result.norms().linf())
                        .figure("norm, l2", result.norms().l2())
                        .figure("norm, l1", result.norms().l1())
                        .figure("fooling rate", result.foolingRate())
                        .add("evaluations", result.evaluations())
                        .add("gradients", result.gradientEvaluations())
                        .figure("seconds", result.seconds())
                        .add("picture", operations.store().place(result.picture()))
                        .toString());
        return 0;
    }
}
