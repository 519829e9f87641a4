package dev.sclera.dataset.image;

/** Reads numbers and marks out of a file's bytes. */
final class Bytes {

    private Bytes() {}

    static int u8(byte[] bytes, int at) {
        return bytes[at] & 0xff;
    }

    static int bigEndian16(byte[] bytes, int at) {
        return u8(bytes, at) << 8 | u8(bytes, at + 1);
    }

    static long bigEndian32(byte[] bytes, int at) {
        return (long) bigEndian16(bytes, at) << 16 | bigEndian16(bytes, at + 2);
    }

    static int littleEndian16(byte[] bytes, int at) {
        return u8(bytes, at) | u8(bytes, at + 1) << 8;
    }

    static long littleEndian32(byte[] bytes, int at) {
        return littleEndian16(bytes, at) | (long) littleEndian16(bytes, at + 2) << 16;
    }

    /** Whether these characters (ISO 8859-1) stand at that place. */
    static boolean matches(byte[] bytes, int at, String mark) {
        if (at < 0 || bytes.length - at < mark.length()) {
            return false;
        }
        for (int i = 0; i < mark.length(); i++) {
            if (u8(bytes, at + i) != mark.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
