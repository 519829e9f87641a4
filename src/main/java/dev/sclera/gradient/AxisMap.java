package dev.sclera.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An operator that takes, along one axis, each value from a fixed place: {@code y[j] = x[sources[j]]}. The slope of
 * {@code x[i]} is the sum over all j with that source.
 *
 * @param sources the place each value is from; −1 where it is from none
 * @param length of the axis of x
 */
record AxisMap(int[] sources, int length) {

    /** With more places than this to sum over in vain, a product with a matrix of 0 and 1 is cheaper. */
    private static final int LONGEST_SUM = 8;

    static AxisMap of(long[] indices, long length) {
        int[] sources = Arrays.stream(indices)
                .mapToInt(index -> (int) (index < 0 ? index + length : index))
                .toArray();
        return new AxisMap(sources, (int) length);
    }

    /**
     * The slope of x.
     *
     * @param slope of y
     * @param shape of y
     * @param axis along which the map goes
     */
    String back(String slope, long[] shape, int axis, GraphBuilder graph) {
        if (isIdentity()) {
            return slope;
        }
        if (sources.length % length == 0 && repeatsEach(sources.length / length)) {
            return summed(slope, shape, axis, graph);
        }
        List<List<Integer>> places = places();
        int most = places.stream().mapToInt(List::size).max().orElse(0);
        if (most > LONGEST_SUM && (long) most * length > 2L * sources.length) {
            return AxisProduct.of(slope, shape, axis, transposed(), length, graph);
        }
        return gathered(slope, shape, axis, places, most, graph);
    }

    private boolean isIdentity() {
        return sources.length == length && repeatsEach(1);
    }

    private boolean repeatsEach(int times) {
        for (int j = 0; j < sources.length; j++) {
            if (sources[j] != j / times) {
                return false;
            }
        }
        return true;
    }

    /** For enlargement by a whole number: the sum over each value's copies. */
    private String summed(String slope, long[] shape, int axis, GraphBuilder graph) {
        long[] split = AxisProduct.inserted(shape, axis + 1, (long) sources.length / length);
        split[axis] = length;
        return graph.sum(graph.reshape(slope, split), false, axis + 1L);
    }

    /** For each place of x, those of y that are from it. */
    private List<List<Integer>> places() {
        List<List<Integer>> places = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            places.add(new ArrayList<>());
        }
        for (int j = 0; j < sources.length; j++) {
            if (sources[j] >= 0) {
                places.get(sources[j]).add(j);
            }
        }
        return places;
    }

    /** The places of y are gathered for each of x, with a zero behind the last standing in for what is missing. */
    private String gathered(
            String slope, long[] shape, int axis, List<List<Integer>> places, int most, GraphBuilder graph) {
        if (most == 0) {
            return graph.zeros(AxisProduct.replaced(shape, axis, length));
        }
        long[] indices = new long[length * most];
        Arrays.fill(indices, sources.length);
        for (int i = 0; i < length; i++) {
            for (int k = 0; k < places.get(i).size(); k++) {
                indices[i * most + k] = places.get(i).get(k);
            }
        }
        String source = slope;
        if (Arrays.stream(indices).anyMatch(index -> index == sources.length)) {
            long[] pads = new long[2 * shape.length];
            pads[shape.length + axis] = 1;
            source = graph.pad(slope, pads);
        }
        long[] form = most == 1 ? new long[] {length} : new long[] {length, most};
        String found =
                graph.add("Gather", List.of(source, graph.longs(indices, form)), Attributes.of("axis", (long) axis));
        return most == 1 ? found : graph.sum(found, false, axis + 1L);
    }

    private float[] transposed() {
        float[] matrix = new float[length * sources.length];
        for (int j = 0; j < sources.length; j++) {
            if (sources[j] >= 0) {
                matrix[sources[j] * sources.length + j] = 1;
            }
        }
        return matrix;
    }
}
