package dev.sclera.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What a {@link WinogradConv} convolves with: sixteen kernels of one tap, weighted sums of the taps of one of 3 × 3,
 * {@code G·kernel·Gᵀ}.
 */
final class WinogradTaps {

    /** Rows and columns of sums. */
    static final int PLACES = 4;

    private static final int SUMS = PLACES * PLACES;

    private static final int TAPS = 9;

    /** G. */
    private static final float[][] WEIGHTS = {{1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0.5f, -0.5f, 0.5f}, {0, 0, 1}};

    private final BlockedGraph graph;
    private final GraphBuilder builder;

    private WinogradTaps(BlockedGraph graph) {
        this.graph = graph;
        this.builder = graph.builder();
    }

    /**
     * Adds them, each {@code [outputs, inputs, 1, 1]} in the runtime's order; empty for a kernel that is computed in
     * some other way.
     *
     * @param kernel {@code [outputs, inputs, 3, 3]}, of whole blocks of both
     */
    static Optional<List<String>> of(BlockedKernel kernel, BlockedGraph graph) {
        WinogradTaps taps = new WinogradTaps(graph);
        if (kernel instanceof BlockedKernel.Constant constant) {
            return Optional.of(taps.known(constant));
        }
        return kernel instanceof BlockedKernel.Turned turned && isTurnedRound(turned)
                ? Optional.of(taps.turned(turned))
                : Optional.empty();
    }

    private List<String> known(BlockedKernel.Constant kernel) {
        float[] values = kernel.values();
        List<String> taps = new ArrayList<>();
        for (int place = 0; place < SUMS; place++) {
            float[] sums = new float[values.length / TAPS];
            for (int i = 0; i < sums.length; i++) {
                double sum = 0;
                for (int tap = 0; tap < TAPS; tap++) {
                    sum += (double) factor(place, tap) * values[i * TAPS + tap];
                }
                sums[i] = (float) sum;
            }
            taps.add(new BlockedKernel.Constant(sums, oneTap(kernel)).inOrder(true, graph));
        }
        return taps;
    }

    /** All sixteen of a kernel as it is before it is turned, {@code [16, outputs·inputs]}. */
    private String sums(BlockedKernel.Computed kernel) {
        return graph.shared(
                List.of(kernel.tensor(), "sums of taps"),
                () -> builder.add("MatMul", List.of(factors(), kernel.tapsApart(graph))));
    }

    private String factors() {
        float[] factors = new float[SUMS * TAPS];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = factor(i / TAPS, i % TAPS);
        }
        return builder.floats(factors, SUMS, TAPS);
    }

    private static float factor(int place, int tap) {
        return WEIGHTS[place / PLACES][tap / 3] * WEIGHTS[place % PLACES][tap % 3];
    }

    /** Whether the taps are those of the other kernel, the last first. */
    private static boolean isTurnedRound(BlockedKernel.Turned kernel) {
        return Arrays.equals(
                kernel.taps(),
                LongStream.range(0, TAPS).map(tap -> TAPS - 1 - tap).toArray());
    }

    /**
     * Turned round, the first row of G takes what the last one took before, and the two between take the same. So these
     * are the sums of the kernel as it was, at other places, inputs and outputs exchanged.
     */
    private List<String> turned(BlockedKernel.Turned kernel) {
        String squares = BlockedKernel.Turned.turnedOver(sums(kernel.forward()), graph);
        List<String> taps = new ArrayList<>();
        for (int place = 0; place < SUMS; place++) {
            long before = mirrored(place / PLACES) * PLACES + mirrored(place % PLACES);
            taps.add(builder.reshape(
                    builder.add("Gather", List.of(squares, builder.longs(exchanged(kernel, before)))), oneTap(kernel)));
        }
        return taps;
    }

    private static long mirrored(int place) {
        return place == 0 || place == PLACES - 1 ? PLACES - 1 - place : place;
    }

    /** Where the squares of one place are, by inputs and outputs of the kernel that is turned. */
    private long[] exchanged(BlockedKernel.Turned kernel, long place) {
        long outputs = kernel.shape()[0] / graph.block();
        long inputs = kernel.shape()[1] / graph.block();
        return LongStream.range(0, outputs * inputs)
                .map(square -> (place * inputs + square % inputs) * outputs + square / inputs)
                .toArray();
    }

    private static long[] oneTap(BlockedKernel kernel) {
        return new long[] {kernel.shape()[0], kernel.shape()[1], 1, 1};
    }
}
