package dev.sclera.local.command;

import dev.sclera.defense.Ensemble;
import dev.sclera.local.Operations;
import dev.sclera.store.Keys;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sclera model ensemble}. */
@Command(
        name = "ensemble",
        description = {
            "Put graders together to one that answers with the mean of their probabilities: one ONNX file, to be graded,"
                    + " attacked, evaluated and exported like any other."
        },
        footer = {"", "Example:", "  sclera model ensemble resnet18-pgd-1a2b3c4d,resnet18-ordinal-5e6f7a8b --name both"
        })
final class ModelEnsembleCommand extends StoreCommand {

    @Parameters(split = ",", paramLabel = "MODEL", description = "The names of the graders, 2 to 16.")
    private List<String> models;

    @Option(
            names = "--name",
            description = "The name to keep it under. Default: ensemble- and the first digits of its id.")
    private @Nullable String name;

    @Override
    int run(Operations operations) {
        Ensemble ensemble = operations.ensembling().ensemble(models, name);
        print(
                ensemble,
                () -> new Lines()
                        .add("ensemble", ensemble.name())
                        .add("of", String.join(", ", ensemble.members()))
                        .add("onnx", operations.store().place(Keys.model(ensemble.name())))
                        .toString());
        return 0;
    }
}
