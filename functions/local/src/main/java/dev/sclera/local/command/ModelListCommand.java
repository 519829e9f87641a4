package dev.sclera.local.command;

import dev.sclera.local.Operations;
import dev.sclera.model.Model;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code sclera model list}. */
@Command(name = "list", description = "List the graders of the store, and how they are fed and read.")
final class ModelListCommand extends StoreCommand {

    @Override
    int run(Operations operations) {
        List<Model> models = operations.models().names().stream()
                .map(operations.models()::get)
                .toList();
        print(
                models,
                () -> models.isEmpty()
                        ? "There are no models yet. Put one there with: sclera model import FILE"
                                + System.lineSeparator()
                        : models.stream()
                                .map(model -> ModelLines.of(model).toString())
                                .collect(Collectors.joining(System.lineSeparator())));
        return 0;
    }
}
