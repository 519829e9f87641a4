package dev.sclera.problem;

/** How programs end: a code per kind of problem, the same for the command line and the job. */
public final class ExitCode {

    /** Something that nobody foresaw. */
    public static final int UNEXPECTED = 1;

    /** A value or an option that is not allowed. */
    public static final int USAGE = 2;

    private ExitCode() {}

    /** The code of a problem, 2 to 7. */
    public static int of(ProblemException problem) {
        return problem.kind().exitCode();
    }
}
