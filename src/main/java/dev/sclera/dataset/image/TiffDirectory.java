package dev.sclera.dataset.image;

import java.util.HashMap;
import java.util.Map;

/**
 * The whole-numbered entries of the first directory of a TIFF structure (TIFF 6.0, section 2), which is also what EXIF
 * wraps. Lenient: an entry that does not make sense is left out.
 */
final class TiffDirectory {

    private static final int ORIENTATION = 274;
    private static final int STRIP_OFFSETS = 273;
    private static final int STRIP_BYTE_COUNTS = 279;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTE_COUNTS = 325;

    private final Map<Integer, long[]> entries = new HashMap<>();

    /**
     * @param bytes holds the structure
     * @param start where its byte-order mark stands
     * @param end where it ends, exclusive
     */
    TiffDirectory(byte[] bytes, int start, int end) {
        boolean little = Bytes.matches(bytes, start, "II*\0");
        if (!little && !Bytes.matches(bytes, start, "MM\0*") || end - start < 8) {
            return;
        }
        long directory =
                start + (little ? Bytes.littleEndian32(bytes, start + 4) : Bytes.bigEndian32(bytes, start + 4));
        if (directory + 2 > end) {
            return;
        }
        int count = little ? Bytes.littleEndian16(bytes, (int) directory) : Bytes.bigEndian16(bytes, (int) directory);
        for (int i = 0; i < count; i++) {
            long entry = directory + 2 + 12L * i;
            if (entry + 12 > end) {
                return;
            }
            read(bytes, start, end, (int) entry, little);
        }
    }

    private void read(byte[] bytes, int start, int end, int entry, boolean little) {
        int tag = little ? Bytes.littleEndian16(bytes, entry) : Bytes.bigEndian16(bytes, entry);
        int type = little ? Bytes.littleEndian16(bytes, entry + 2) : Bytes.bigEndian16(bytes, entry + 2);
        long count = little ? Bytes.littleEndian32(bytes, entry + 4) : Bytes.bigEndian32(bytes, entry + 4);
        int width = type == 3 ? 2 : type == 4 ? 4 : 0;
        if (width == 0 || count * width > end - start) {
            return;
        }
        long at = entry + 8;
        if (count * width > 4) {
            at = start + (little ? Bytes.littleEndian32(bytes, entry + 8) : Bytes.bigEndian32(bytes, entry + 8));
        }
        if (at + count * width > end) {
            return;
        }
        long[] values = new long[(int) count];
        for (int i = 0; i < values.length; i++) {
            int place = (int) at + i * width;
            if (width == 2) {
                values[i] = little ? Bytes.littleEndian16(bytes, place) : Bytes.bigEndian16(bytes, place);
            } else {
                values[i] = little ? Bytes.littleEndian32(bytes, place) : Bytes.bigEndian32(bytes, place);
            }
        }
        entries.put(tag, values);
    }

    /** How the picture is to be turned, 1 to 8 as EXIF has it; 1, upright, where it does not say. */
    int orientation() {
        long[] values = entries.getOrDefault(ORIENTATION, new long[] {1});
        return values.length == 1 && values[0] >= 1 && values[0] <= 8 ? (int) values[0] : 1;
    }

    /** Where the last strip or tile of the picture ends, or 0 where the directory has none. */
    long endOfPixels() {
        return Math.max(end(STRIP_OFFSETS, STRIP_BYTE_COUNTS), end(TILE_OFFSETS, TILE_BYTE_COUNTS));
    }

    private long end(int offsets, int counts) {
        long[] starts = entries.getOrDefault(offsets, new long[0]);
        long[] lengths = entries.getOrDefault(counts, new long[0]);
        long end = 0;
        for (int i = 0; i < Math.min(starts.length, lengths.length); i++) {
            end = Math.max(end, starts[i] + lengths[i]);
        }
        return end;
    }
}
