package dev.sclera.dataset.image;

import java.util.Arrays;
import java.util.zip.Adler32;

/**
 * Writes zlib streams (RFC 1950, RFC 1951) of Huffman-coded literals without any match. What
 * {@code java.util.zip.Deflater} writes depends on the zlib beneath the Java runtime; this depends on its input alone,
 * and on filtered rows of noisy photographs, where matches are rare, it is as small and several times as fast.
 */
final class LiteralDeflater {

    private static final int BLOCK = 1 << 16;
    private static final int END_OF_BLOCK = 256;
    /** The order in which RFC 1951 writes the lengths of the code for code lengths. */
    private static final int[] LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private byte[] out;
    private int size;
    private long pending;
    private int pendingBits;

    private LiteralDeflater(int capacity) {
        out = new byte[capacity];
    }

    /** The zlib stream of some bytes. */
    static byte[] deflate(byte[] bytes) {
        LiteralDeflater deflater = new LiteralDeflater(bytes.length + bytes.length / 8 + 1024);
        // a window of 32 KiB, no dictionary; the check bits make it a multiple of 31
        deflater.bits(0x78, 8);
        deflater.bits(0x01, 8);
        int start = 0;
        do {
            int end = Math.min(bytes.length, start + BLOCK);
            deflater.block(bytes, start, end);
            start = end;
        } while (start < bytes.length);
        deflater.bits(0, -deflater.pendingBits & 7);
        Adler32 adler = new Adler32();
        adler.update(bytes);
        deflater.bits(Integer.reverseBytes((int) adler.getValue()) & 0xffffffffL, 32);
        return Arrays.copyOf(deflater.out, deflater.size);
    }

    private void block(byte[] bytes, int start, int end) {
        int[] counts = new int[END_OF_BLOCK + 1];
        for (int i = start; i < end; i++) {
            counts[bytes[i] & 0xff]++;
        }
        counts[END_OF_BLOCK] = 1;
        HuffmanCode code = HuffmanCode.of(counts);
        bits(end == bytes.length ? 1 : 0, 1);
        // dynamic codes: 257 literals, one distance code that is never used, 19 lengths of the code for lengths
        bits(2, 2);
        bits(0, 5);
        bits(0, 5);
        bits(LENGTH_ORDER.length - 4, 4);
        for (int symbol : LENGTH_ORDER) {
            // four bits for each of the lengths 0 to 15: complete, and run lengths would save some dozen bytes
            bits(symbol < 16 ? 4 : 0, 3);
        }
        for (int length : code.lengths()) {
            bits(Integer.reverse(length) >>> 28, 4);
        }
        bits(0, 4);
        for (int i = start; i < end; i++) {
            int literal = bytes[i] & 0xff;
            bits(code.codes()[literal], code.lengths()[literal]);
        }
        bits(code.codes()[END_OF_BLOCK], code.lengths()[END_OF_BLOCK]);
    }

    private void bits(long value, int count) {
        pending |= value << pendingBits;
        pendingBits += count;
        while (pendingBits >= 8) {
            if (size == out.length) {
                out = Arrays.copyOf(out, 2 * size);
            }
            out[size++] = (byte) pending;
            pending >>>= 8;
            pendingBits -= 8;
        }
    }
}
