package dev.sclera.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The runtime's own forward pass, which all else is measured by, at its better setting: one session on all threads with
 * the whole batch, or a single-threaded one per thread on single images.
 */
final class ForwardBaseline implements AutoCloseable {

    /**
     * After a run, the other threads of a session look out for the next one for tens of milliseconds before they sleep.
     */
    private static final long REST_MILLIS = 150;

    private static final int FEWEST_ROUNDS = 7;

    /** What a neighbour on the machine takes away for a moment is to meet few of the rounds. */
    private static final double FEWEST_SECONDS = 3;

    /** Every round takes the forward pass and its rest too. */
    private static final int MOST_ROUNDS = 101;

    private final int batch;
    private final List<OrtSession> sessions = new ArrayList<>();
    private final BenchmarkLanes whole;
    private final BenchmarkLanes lanes;
    private final List<Double> wholeSeconds = new ArrayList<>();
    private final List<Double> lanesSeconds = new ArrayList<>();

    /**
     * The forward pass of a model, after one run of each setting.
     *
     * @param threads of either setting
     * @param batch images per measurement
     */
    ForwardBaseline(byte[] model, int threads, int batch) throws OrtException {
        this.batch = batch;
        sessions.add(session(model, threads));
        sessions.add(session(model, 1));
        whole = new BenchmarkLanes(sessions.get(0), 1, batch);
        lanes = new BenchmarkLanes(sessions.get(1), threads, 1);
        whole.seconds(batch);
        rest();
        lanes.seconds(batch);
    }

    private static OrtSession session(byte[] model, int threads) throws OrtException {
        try (OrtSession.SessionOptions options = Processor.CPU.options(threads)) {
            return OrtEnvironment.getEnvironment().createSession(model, options);
        }
    }

    /**
     * Measures the setting with the whole batch once more, and waits until its threads leave the processor to others.
     */
    void measureWhole() {
        wholeSeconds.add(whole.seconds(batch));
        rest();
    }

    private static void rest() {
        try {
            Thread.sleep(REST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    /** Measures the setting with single images once more. */
    void measureLanes() {
        lanesSeconds.add(lanes.seconds(batch));
    }

    /** Seconds for the batch, the median at the better setting. */
    double seconds() {
        return Math.min(median(wholeSeconds), median(lanesSeconds));
    }

    /** Whether the better setting is a session per thread. */
    boolean inLanes() {
        return median(lanesSeconds) < median(wholeSeconds);
    }

    /** Whether a contender was measured often and long enough for a {@linkplain #median median}. */
    static boolean isEnough(List<Double> seconds) {
        double sum = seconds.stream().mapToDouble(Double::doubleValue).sum();
        return seconds.size() >= (sum < FEWEST_SECONDS ? MOST_ROUNDS : FEWEST_ROUNDS);
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Override
    public void close() throws OrtException {
        whole.close();
        lanes.close();
        for (OrtSession session : sessions) {
            session.close();
        }
    }
}
