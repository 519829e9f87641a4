package dev.sclera.local.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sclera model}. */
@Command(
        name = "model",
        description = "Put graders into the store, and look at those that are there.",
        subcommands = {ModelImportCommand.class, ModelListCommand.class, ModelCheckCommand.class})
final class ModelCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help, and do nothing.")
    private boolean help;
}
