package dev.sclera.architecture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Weights as ONNX files store them. */
final class Floats {

    private Floats() {}

    static ByteBuffer bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }
}
