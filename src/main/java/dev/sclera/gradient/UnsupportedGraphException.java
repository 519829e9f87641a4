package dev.sclera.gradient;

/**
 * A graph whose gradient cannot be derived. The message names the operators and nodes at fault, and what to do; it is
 * thrown before any work starts.
 */
public final class UnsupportedGraphException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what is not supported, and what to do */
    public UnsupportedGraphException(String message) {
        super(message);
    }

    /**
     * @param message what is not supported, and what to do
     * @param cause what ONNX Runtime says of it
     */
    public UnsupportedGraphException(String message, Throwable cause) {
        super(message, cause);
    }
}
