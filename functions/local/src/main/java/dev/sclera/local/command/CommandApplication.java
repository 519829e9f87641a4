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
        CommandLine last = chosen.get(chosen.size() - 1);
        StoreCommand command = last.getCommand();
        try {
            // asked for here: opening the store may fail too
            return command.run(operations.get());
        } catch (RuntimeException e) {
            // the form in which the command line hands failures to its handler
            throw new CommandLine.ExecutionException(last, String.valueOf(e.getMessage()), e);
        }
    }
}
