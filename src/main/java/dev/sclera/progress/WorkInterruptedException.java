package dev.sclera.progress;

/** Work that ended because it was asked to, with everything saved that can be; no fault of the work's. */
public class WorkInterruptedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message how far it was, and that the same request goes on */
    public WorkInterruptedException(String message) {
        super(message);
    }
}
