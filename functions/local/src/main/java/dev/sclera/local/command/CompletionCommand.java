package dev.sclera.local.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sclera completion}. */
@Command(
        name = "completion",
        description = "Print a script by which a shell completes Sclera's commands and options.",
        footer = {
            "",
            "With sclera on your PATH:",
            "  source <(sclera completion bash)",
            "  source <(sclera completion zsh)",
            "To have it always, put that line into ~/.bashrc or ~/.zshrc."
        })
final class CompletionCommand implements Callable<Integer> {

    private enum Shell {
        BASH,
        ZSH
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh: one script, which finds out in which of them it is.")
    private Shell shell;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(AutoComplete.bash("sclera", spec.root().commandLine()));
        out.flush();
        return 0;
    }
}
