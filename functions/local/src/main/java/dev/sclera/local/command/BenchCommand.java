package dev.sclera.local.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sclera bench}. */
@Command(name = "bench", description = "Measure speed on this machine.", subcommands = BenchGradientsCommand.class)
final class BenchCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help, and do nothing.")
    private boolean help;
}
