package dev.sclera.local.command;

import dev.sclera.functions.evaluate.EvaluateRequest;
import dev.sclera.functions.evaluate.EvaluateResult;
import dev.sclera.local.Operations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sclera evaluate}. */
@Command(
        name = "evaluate",
        description = "Measure how a model grades a dataset, clean or perturbed (in 8 bits).",
        footer = {
            "",
            "Examples:",
            "  sclera evaluate --model resnet18 --dataset clinic-test",
            "  sclera evaluate --model resnet18 --dataset clinic-test --perturbation 3f9a41"
        })
final class EvaluateCommand extends StoreCommand {

    @Option(names = "--model", required = true, description = "The model's name.")
    private String model;

    @Option(names = "--dataset", required = true, description = "The dataset's name.")
    private String dataset;

    @Option(names = "--perturbation", description = "The perturbation's id; its first digits suffice. Default: none.")
    private @Nullable String perturbation;

    @Override
    int run(Operations operations) {
        EvaluateResult result = operations.evaluate().evaluate(new EvaluateRequest(model, dataset, perturbation));
        print(result, () -> text(result));
        return 0;
    }

    private static String text(EvaluateResult result) {
        Lines lines = new Lines()
                .add("images", result.images())
                .figure("accuracy", result.accuracy())
                .figure("kappa", result.kappa())
                .figure("quadratic kappa", result.quadraticKappa())
                .figure("fooling rate", result.foolingRate())
                .figure("targeted success", result.targetedSuccessRate());
        for (int grade = 0; grade < result.confusion().size(); grade++) {
            lines.add(
                    "grade %d taken for 0 to 4".formatted(grade),
                    result.confusion().get(grade));
        }
        lines.add("evaluation", result.evaluation());
        return lines
                + String.join(
                        "",
                        result.notes().stream()
                                .map(note -> note + System.lineSeparator())
                                .toList());
    }
}
