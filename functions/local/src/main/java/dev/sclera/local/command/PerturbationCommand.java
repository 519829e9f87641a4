package dev.sclera.local.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sclera perturbation}. */
@Command(
        name = "perturbation",
        description = "Look at the perturbations of the store, and exchange them with other tools.",
        subcommands = {
            PerturbationListCommand.class,
            PerturbationShowCommand.class,
            PerturbationImportCommand.class,
            PerturbationExportCommand.class
        })
final class PerturbationCommand {

    @Mixin
    private HelpOption help;
}
