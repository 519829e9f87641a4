package dev.sclera.functions.lambda;

import dev.sclera.problem.Problem;
import dev.sclera.store.JsonFormat;

/**
 * A failed invocation as Lambda is told of it: its message, which callers get as {@code errorMessage}, is the problem
 * document. It is no answer, for then Lambda would neither try again nor keep the event.
 */
public final class ProblemFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ProblemFailure(Problem problem) {
        // callers have no use for a stack; the log has that of what was not foreseen
        super(JsonFormat.line(problem), null, false, false);
    }
}
