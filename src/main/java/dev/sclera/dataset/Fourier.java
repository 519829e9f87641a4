package dev.sclera.dataset;

/**
 * The discrete Fourier transform of one length, any: mixed radix, so fast where the length has small factors alone.
 * After Cooley and Tukey 1965, <i>An Algorithm for the Machine Calculation of Complex Fourier Series</i>.
 */
final class Fourier {

    private final int length;
    private final double[] cosines;
    private final double[] sines;

    Fourier(int length) {
        this.length = length;
        cosines = new double[length];
        sines = new double[length];
        for (int i = 0; i < length; i++) {
            cosines[i] = Math.cos(2 * Math.PI * i / length);
            sines[i] = -Math.sin(2 * Math.PI * i / length);
        }
    }

    /** A complex signal; of a transform's result, {@code real[k] + i·imaginary[k] = Σ x[j]·exp(−2πi·jk/n)}. */
    record Signal(double[] real, double[] imaginary) {

        static Signal zero(int length) {
            return new Signal(new double[length], new double[length]);
        }
    }

    Signal transform(Signal signal) {
        return part(signal, 0, 1, length);
    }

    /** The transform of every {@code stride}-th value from {@code start} on. */
    private Signal part(Signal signal, int start, int stride, int count) {
        if (count == 1) {
            return new Signal(new double[] {signal.real()[start]}, new double[] {signal.imaginary()[start]});
        }
        int factor = smallestFactor(count);
        int shorter = count / factor;
        Signal whole = Signal.zero(count);
        for (int q = 0; q < factor; q++) {
            Signal each = part(signal, start + q * stride, stride * factor, shorter);
            for (int k = 0; k < count; k++) {
                int turn = (int) ((long) q * k % count) * (length / count);
                double real = each.real()[k % shorter];
                double imaginary = each.imaginary()[k % shorter];
                whole.real()[k] += cosines[turn] * real - sines[turn] * imaginary;
                whole.imaginary()[k] += cosines[turn] * imaginary + sines[turn] * real;
            }
        }
        return whole;
    }

    private static int smallestFactor(int count) {
        for (int factor = 2; factor * factor <= count; factor++) {
            if (count % factor == 0) {
                return factor;
            }
        }
        return count;
    }
}
