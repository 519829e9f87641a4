package dev.sclera.local.command;

import static java.util.Objects.requireNonNull;

import dev.sclera.local.Operations;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Runs the command that the arguments ask for, within the started application. */
public class CommandApplication implements QuarkusApplication {

    private final Instance<Operations> operations;

    public CommandApplication(Instance<Operations> operations) {
        this.operations = requireNonNull(operations, "operations is null");
    }

    @Override
    public int run(String... arguments) {
        CommandLine line = ScleraCommand.commandLine();
        line.setExecutionStrategy(this::execute);
        return line.execute(arguments);
    }

    private int execute(ParseResult parsed) {
        List<CommandLine> chosen = parsed.asCommandLineList();
        StoreCommand command = chosen.get(chosen.size() - 1).getCommand();
        // asked for here, within the command line's handling of errors: opening the store may fail
        return command.run(operations.get());
    }
}
