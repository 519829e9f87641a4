package dev.sclera.gradient;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads what a test needs of NumPy's {@code .npz}: float32 and int64 arrays in C order. */
final class Npz implements AutoCloseable {

    private final ZipFile zip;

    Npz(Path file) throws IOException {
        this.zip = new ZipFile(file.toFile());
    }

    /** An array, its values as they are in memory. */
    record Array(long[] shape, ByteBuffer values) {

        float[] floats() {
            float[] floats = new float[values.remaining() / Float.BYTES];
            values.asFloatBuffer().get(floats);
            return floats;
        }

        int dimension(int axis) {
            return (int) shape[axis];
        }

        long[] longs() {
            long[] longs = new long[values.remaining() / Long.BYTES];
            values.asLongBuffer().get(longs);
            return longs;
        }
    }

    List<String> names() {
        return zip.stream()
                .map(entry -> entry.getName().replaceFirst("\\.npy$", ""))
                .toList();
    }

    Array read(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name + ".npy");
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = Short.toUnsignedInt(buffer.getShort(8));
        String header = new String(bytes, 10, length, StandardCharsets.ISO_8859_1);
        String inner = header.substring(header.indexOf('(') + 1, header.indexOf(')'));
        long[] shape = Arrays.stream(inner.split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        return new Array(shape, buffer.position(10 + length).slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
