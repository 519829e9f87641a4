package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An array of NumPy's {@code .npy} format, in C order. Written as format version 1.0, byte for byte what
 * {@code numpy.save} writes; read in versions 1 to 3.
 *
 * @param type of its elements
 * @param shape its extents; empty for a single value
 * @param data its elements in C order, in the byte order of {@code type}; shared, not copied: not to be written to
 */
public record Npy(Type type, int[] shape, ByteBuffer data) {

    /** The types of elements, little-endian where that matters. */
    public enum Type {
        /** Bytes, 0 to 255. */
        UINT8("|u1", 1),
        /** Bytes, −128 to 127. */
        INT8("|i1", 1),
        /** 16 bits without a sign. */
        UINT16("<u2", 2),
        /** 16 bits with a sign. */
        INT16("<i2", 2),
        /** 32 bits with a sign. */
        INT32("<i4", 4),
        /** 64 bits with a sign. */
        INT64("<i8", 8),
        /** Single precision. */
        FLOAT32("<f4", 4),
        /** Double precision. */
        FLOAT64("<f8", 8);

        private final String description;
        private final int bytes;

        Type(String description, int bytes) {
            this.description = description;
            this.bytes = bytes;
        }

        /** NumPy's name of it, for example {@code <f4}. */
        public String description() {
            return description;
        }

        /** Bytes per element. */
        public int bytes() {
            return bytes;
        }
    }

    public Npy {
        requireNonNull(type, "type is null");
        shape = shape.clone();
        data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (data.remaining() != type.bytes() * elements(shape)) {
            throw new IllegalArgumentException(
                    "%d bytes do not fit %s of shape %s".formatted(data.remaining(), type, Arrays.toString(shape)));
        }
    }

    /** An array of uint8, sharing {@code values}. */
    public static Npy of(byte[] values, int... shape) {
        return new Npy(Type.UINT8, shape, ByteBuffer.wrap(values));
    }

    /** An array of float32. */
    public static Npy of(float[] values, int... shape) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new Npy(Type.FLOAT32, shape, data);
    }

    /** An array of int64. */
    public static Npy of(long[] values, int... shape) {
        ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        return new Npy(Type.INT64, shape, data);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException where it is not a {@code .npy} file, of another type or in Fortran order, or
     *     where its length is not what its header promises
     */
    public static Npy decode(byte[] file) {
        NpyHeader header = NpyHeader.parse(file);
        ByteBuffer data = ByteBuffer.wrap(file, header.length(), file.length - header.length());
        if (header.dataBytes() != data.remaining()) {
            throw new IllegalArgumentException("its header promises %d bytes of data, but it has %d"
                    .formatted(header.dataBytes(), data.remaining()));
        }
        return new Npy(header.type(), header.shape(), data);
    }

    /** The file: header and data. */
    public byte[] encode() {
        byte[] header = NpyHeader.bytes(type, shape);
        byte[] file = Arrays.copyOf(header, header.length + data.remaining());
        data.duplicate().get(file, header.length, data.remaining());
        return file;
    }

    @Override
    public int[] shape() {
        return shape.clone();
    }

    @Override
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Its elements as bytes; only for uint8. */
    public byte[] bytes() {
        require(Type.UINT8);
        byte[] values = new byte[data.remaining()];
        data.duplicate().get(values);
        return values;
    }

    /** Its elements as floats; only for float32. */
    public float[] floats() {
        require(Type.FLOAT32);
        float[] values = new float[data.remaining() / 4];
        data().asFloatBuffer().get(values);
        return values;
    }

    /** Its elements as whole numbers; for all integer types. */
    public long[] longs() {
        ByteBuffer from = data();
        long[] values = new long[from.remaining() / type.bytes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case UINT8 -> from.get() & 0xff;
                case INT8 -> from.get();
                case UINT16 -> from.getShort() & 0xffff;
                case INT16 -> from.getShort();
                case INT32 -> from.getInt();
                case INT64 -> from.getLong();
                case FLOAT32, FLOAT64 -> throw new IllegalArgumentException("its elements are " + type + ", not whole");
            };
        }
        return values;
    }

    private void require(Type wanted) {
        if (type != wanted) {
            throw new IllegalArgumentException("its elements are " + type + ", not " + wanted);
        }
    }

    private static long elements(int[] shape) {
        long product = 1;
        for (int extent : shape) {
            product = Math.multiplyExact(product, (long) extent);
        }
        return product;
    }
}
