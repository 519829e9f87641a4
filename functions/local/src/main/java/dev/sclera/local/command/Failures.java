package dev.sclera.local.command;

import dev.sclera.defense.FinetuneInterruptedException;
import dev.sclera.problem.ExitCode;
import dev.sclera.problem.ProblemException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What a failed command says, and the code that it ends with. */
final class Failures implements IExecutionExceptionHandler {

    /** As shells have it of a program that Ctrl-C ended. */
    private static final int INTERRUPTED = 130;

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        Optional<ProblemException> known = Stream.<Throwable>iterate(failure, e -> e != null, Throwable::getCause)
                .filter(ProblemException.class::isInstance)
                .map(ProblemException.class::cast)
                .findFirst();
        if (failure instanceof FinetuneInterruptedException) {
            err.println("sclera: " + failure.getMessage());
            return INTERRUPTED;
        }
        if (known.isEmpty()) {
            err.println("sclera: an error that nobody foresaw; please report it with what follows.");
            failure.printStackTrace(err);
            return ExitCode.UNEXPECTED;
        }
        err.println("sclera: " + known.get().getMessage());
        return ExitCode.of(known.get());
    }
}
