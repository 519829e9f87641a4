package dev.sclera.local.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sclera model}. */
@Command(
        name = "model",
        description = "Put graders into the store, and look at those that are there.",
        subcommands = {
            ModelImportCommand.class,
            ModelListCommand.class,
            ModelCheckCommand.class,
            ModelEnsembleCommand.class,
            ModelExportCommand.class
        })
final class ModelCommand {

    @Mixin
    private HelpOption help;
}
