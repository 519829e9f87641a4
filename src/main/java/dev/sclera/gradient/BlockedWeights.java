package dev.sclera.gradient;

/**
 * The order in which ONNX Runtime's blocked convolutions want their weights: channels in blocks, the block innermost.
 *
 * @param block channels of a block
 */
record BlockedWeights(int block) {

    /** The next multiple of the block. */
    int aligned(long channels) {
        return (int) ((channels + block - 1) / block * block);
    }

    /** {@code [o, i, h, w]} as {@code [o/b, i/b, h, w, b of i, b of o]}, both filled up with zeros. */
    float[] both(float[] weights, long[] shape) {
        int outputs = (int) shape[0];
        int inputs = (int) shape[1];
        int taps = (int) (shape[2] * shape[3]);
        float[] ordered = new float[aligned(outputs) * aligned(inputs) * taps];
        for (int output = 0; output < outputs; output += block) {
            for (int input = 0; input < inputs; input++) {
                int blocks = output / block * (aligned(inputs) / block) + input / block;
                for (int tap = 0; tap < taps; tap++) {
                    int source = (output * inputs + input) * taps + tap;
                    int target = ((blocks * taps + tap) * block + input % block) * block;
                    gather(weights, source, inputs * taps, Math.min(block, outputs - output), ordered, target);
                }
            }
        }
        return ordered;
    }

    private static void gather(float[] from, int first, int step, int count, float[] to, int start) {
        for (int i = 0; i < count; i++) {
            to[start + i] = from[first + i * step];
        }
    }

    /** {@code [o, i, h, w]} as {@code [o/b, i, h, w, b of o]}, filled up with zeros. */
    float[] outputs(float[] weights, long[] shape) {
        int rest = (int) (shape[1] * shape[2] * shape[3]);
        float[] ordered = new float[aligned(shape[0]) * rest];
        for (int output = 0; output < shape[0]; output++) {
            for (int i = 0; i < rest; i++) {
                ordered[(output / block * rest + i) * block + output % block] = weights[output * rest + i];
            }
        }
        return ordered;
    }
}
