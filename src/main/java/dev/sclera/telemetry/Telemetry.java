package dev.sclera.telemetry;

/** Told of invocations and of what is made. Safe for use by several threads. */
public interface Telemetry {

    /**
     * Does the work of an invocation, and takes note of how long it took and how it ended.
     *
     * @param function the function's name, for example {@code grade}
     * @return what the work returns
     * @throws Exception what the work throws
     */
    <T> T invocation(String function, Work<T> work) throws Exception;

    /**
     * Takes note of a record that was just written. One that was there before is not told of again, so that what is
     * counted is work that was done.
     *
     * @param key where it is
     */
    void published(String key, Record record);

    /** Telemetry that nobody looks at. */
    static Telemetry none() {
        return new NoTelemetry();
    }

    /** What an invocation does. */
    @FunctionalInterface
    interface Work<T> {

        T run() throws Exception;
    }
}
