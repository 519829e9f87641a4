package dev.sclera.local;

import dev.sclera.local.command.CommandApplication;
import dev.sclera.local.command.ScleraCommand;
import dev.sclera.local.command.StoreCommand;
import dev.sclera.problem.ProblemException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * The command line. What can be answered from the arguments alone (help, versions, mistakes) is answered at once; only
 * then is the application started, configured by the arguments.
 */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... arguments) {
        CommandLine line = ScleraCommand.commandLine();
        line.setExecutionStrategy(parsed -> execute(parsed, arguments));
        System.exit(line.execute(arguments));
    }

    private static int execute(ParseResult parsed, String[] arguments) {
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        List<CommandLine> chosen = parsed.asCommandLineList();
        Object command = chosen.get(chosen.size() - 1).getCommand();
        if (command instanceof StoreCommand storeCommand) {
            configure(chosen.get(chosen.size() - 1), storeCommand);
            AtomicInteger code = new AtomicInteger(1);
            Quarkus.run(CommandApplication.class, (exit, failure) -> code.set(exit), arguments);
            return code.get();
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static void configure(CommandLine line, StoreCommand command) {
        try {
            command.configuration().forEach(System::setProperty);
        } catch (ProblemException e) {
            // the form in which the command line hands failures to its handler
            throw new CommandLine.ExecutionException(line, String.valueOf(e.getMessage()), e);
        }
    }
}
