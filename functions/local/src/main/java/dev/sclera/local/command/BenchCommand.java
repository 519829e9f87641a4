package dev.sclera.local.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sclera bench}. */
@Command(
        name = "bench",
        description = "Measure speed on this machine.",
        subcommands = {BenchGradientsCommand.class, BenchTrainingCommand.class})
final class BenchCommand {

    @Mixin
    private HelpOption help;
}
