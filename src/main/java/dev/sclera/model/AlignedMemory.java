package dev.sclera.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * Memory that the runtime reads and writes in place. It begins where a line of the cache does: the runtime's widest
 * loads and stores are as long as a line, and would touch two of them elsewhere.
 */
final class AlignedMemory {

    private static final int LINE = 64;

    private AlignedMemory() {}

    /** Zeros, in the processor's order of bytes. */
    static ByteBuffer bytes(int count) {
        ByteBuffer spare = ByteBuffer.allocateDirect(Math.addExact(count, 2 * LINE));
        return spare.alignedSlice(LINE).limit(count).slice().order(ByteOrder.nativeOrder());
    }

    static FloatBuffer floats(int count) {
        return bytes(Math.multiplyExact(count, Float.BYTES)).asFloatBuffer();
    }

    static LongBuffer longs(int count) {
        return bytes(Math.multiplyExact(count, Long.BYTES)).asLongBuffer();
    }
}
