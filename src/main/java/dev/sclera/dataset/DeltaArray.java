package dev.sclera.dataset;

import dev.sclera.problem.UnusableInputException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * δ as a {@code .npy} made elsewhere: {@code [h,w,3]}, {@code [3,h,w]}, or grey {@code [h,w]}, with axes of length 1
 * wherever a framework puts them; single or double precision, or whole numbers with a sign.
 */
final class DeltaArray {

    private DeltaArray() {}

    /**
     * Reads an array.
     *
     * @param name of the file, for the errors' sake
     * @param scale what its values are divided by: 1, or 255 where they are in 8-bit steps
     * @throws UnusableInputException where it is no array of that kind
     */
    static Delta decode(String name, byte[] file, double scale) {
        Npy array;
        try {
            array = Npy.decode(file);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw unusable(name, String.valueOf(e.getMessage()), e);
        }
        int[] shape = array.shape();
        Axes axes = Axes.of(shape);
        if (axes == null) {
            throw unusable(
                    name,
                    "its shape is %s; one of [h,w,3], [3,h,w], [1,h,w,3], [1,3,h,w] and [h,w] is needed"
                            .formatted(Arrays.toString(shape)),
                    null);
        }
        double[] from = values(name, array);
        float[] values = new float[Math.multiplyExact(axes.height * axes.width, 3)];
        for (int y = 0, to = 0; y < axes.height; y++) {
            for (int x = 0; x < axes.width; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    values[to++] = (float) (from[y * axes.row + x * axes.column + channel * axes.channel] / scale);
                }
            }
        }
        return new Delta(axes.height, axes.width, values);
    }

    private static double[] values(String name, Npy array) {
        ByteBuffer data = array.data();
        double[] values = new double[data.remaining() / array.type().bytes()];
        switch (array.type()) {
            case FLOAT32 -> Arrays.setAll(values, i -> data.getFloat());
            case FLOAT64 -> Arrays.setAll(values, i -> data.getDouble());
            case INT8, INT16, INT32, INT64 -> {
                long[] whole = array.longs();
                Arrays.setAll(values, i -> whole[i]);
            }
            case UINT8, UINT16 ->
                throw unusable(
                        name,
                        "its elements are %s, which have no sign; save δ itself as float32"
                                .formatted(array.type().description()),
                        null);
        }
        return values;
    }

    private static UnusableInputException unusable(String name, String fault, @Nullable Throwable cause) {
        String message = "The file \"%s\" is no perturbation: %s.".formatted(name, fault);
        return cause == null
                ? new UnusableInputException("file", message)
                : new UnusableInputException("file", message, cause);
    }

    /** Where a value is: rows, columns and channels, and how far apart their values are. */
    private record Axes(int height, int width, int row, int column, int channel) {

        /** The longest side; the product of two fits an int three times. */
        private static final int LONGEST_SIDE = 10_000;

        static @Nullable Axes of(int[] said) {
            int[] shape = said.length == 4 && said[0] == 1 ? Arrays.copyOfRange(said, 1, 4) : said;
            if (Arrays.stream(shape).anyMatch(extent -> extent < 1 || extent > LONGEST_SIDE)) {
                return null;
            }
            return switch (shape.length) {
                case 2 -> new Axes(shape[0], shape[1], shape[1], 1, 0);
                case 3 -> {
                    if (shape[2] == 3) {
                        yield new Axes(shape[0], shape[1], 3 * shape[1], 3, 1);
                    }
                    if (shape[0] == 3) {
                        yield new Axes(shape[1], shape[2], shape[2], 1, shape[1] * shape[2]);
                    }
                    if (shape[0] == 1) {
                        yield new Axes(shape[1], shape[2], shape[2], 1, 0);
                    }
                    yield shape[2] == 1 ? new Axes(shape[0], shape[1], shape[1], 1, 0) : null;
                }
                default -> null;
            };
        }
    }
}
