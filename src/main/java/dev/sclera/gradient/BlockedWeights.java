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
        int inputs = aligned(shape[1]);
        int taps = (int) (shape[2] * shape[3]);
        float[] ordered = new float[aligned(shape[0]) * inputs * taps];
        for (int output = 0; output < shape[0]; output++) {
            for (int input = 0; input < shape[1]; input++) {
                int source = (output * (int) shape[1] + input) * taps;
                int blocks = output / block * (inputs / block) + input / block;
                int target = (blocks * taps * block + input % block) * block + output % block;
                for (int tap = 0; tap < taps; tap++) {
                    ordered[target + tap * block * block] = weights[source + tap];
                }
            }
        }
        return ordered;
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
