package dev.sclera.local.command;

import dev.sclera.problem.ConflictException;
import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.ProblemException;
import dev.sclera.problem.StorageException;
import dev.sclera.problem.UnusableInputException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What a failed command says, and the code that it ends with. */
final class Failures implements IExecutionExceptionHandler {

    /** Something that nobody expected; the stack trace tells. */
    static final int UNEXPECTED = 1;

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        Optional<ProblemException> known = Stream.<Throwable>iterate(failure, e -> e != null, Throwable::getCause)
                .filter(ProblemException.class::isInstance)
                .map(ProblemException.class::cast)
                .findFirst();
        if (known.isEmpty()) {
            err.println("sclera: an error that nobody foresaw; please report it with what follows.");
            failure.printStackTrace(err);
            return UNEXPECTED;
        }
        err.println("sclera: " + known.get().getMessage());
        return code(known.get());
    }

    private static int code(ProblemException problem) {
        if (problem instanceof InvalidValueException) {
            return CommandLine.ExitCode.USAGE;
        }
        if (problem instanceof UnusableInputException) {
            return 3;
        }
        if (problem instanceof MissingArtifactException) {
            return 4;
        }
        if (problem instanceof ConflictException) {
            return 5;
        }
        if (problem instanceof CorruptArtifactException) {
            return 6;
        }
        if (problem instanceof StorageException) {
            return 7;
        }
        return UNEXPECTED;
    }
}
