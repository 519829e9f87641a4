package dev.sclera.model;

import ai.onnxruntime.OrtException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened one after another, and is closed together: all of it, the last first, whatever fails on the way. */
final class Opened implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Takes one over. */
    <T extends AutoCloseable> T add(T one) {
        open.push(one);
        return one;
    }

    /** Closes all after a failure, which is told of whatever fails further. */
    void closeAfter(Exception failure) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
    }

    @Override
    public void close() throws OrtException {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (OrtException | RuntimeException e) {
                closeAfter(e);
                throw e;
            } catch (Exception e) {
                closeAfter(e);
                throw new IllegalStateException(e);
            }
        }
    }
}
