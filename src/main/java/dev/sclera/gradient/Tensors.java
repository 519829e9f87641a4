package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The values of ONNX tensors, in whichever of its fields they lie. */
final class Tensors {

    private Tensors() {}

    static long[] shape(TensorProto tensor) {
        return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    }

    /** How many values a tensor of this shape has. */
    static int size(long[] shape) {
        long size = 1;
        for (long dimension : shape) {
            size *= dimension;
        }
        return Math.toIntExact(size);
    }

    static float[] floats(TensorProto tensor) {
        float[] values = new float[size(shape(tensor))];
        if (tensor.getDataType() != TensorProto.DataType.FLOAT_VALUE) {
            throw new UnsupportedGraphException("The tensor \"%s\" holds %s, and only 32-bit floats are differentiated."
                    .formatted(tensor.getName(), TensorProto.DataType.forNumber(tensor.getDataType())));
        }
        if (tensor.hasRawData()) {
            raw(tensor).asFloatBuffer().get(values);
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.getFloatData(i);
            }
        }
        return values;
    }

    /** The only value of a tensor of booleans. */
    static boolean truth(TensorProto tensor) {
        return tensor.hasRawData() ? tensor.getRawData().byteAt(0) != 0 : tensor.getInt32Data(0) != 0;
    }

    /** The only value of a tensor of floats or integers. */
    static float number(TensorProto tensor) {
        return tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE ? floats(tensor)[0] : longs(tensor)[0];
    }

    /** The values of a tensor of floats of any precision, rounded to single; what is finite stays finite. */
    static float[] singles(TensorProto tensor) {
        int type = tensor.getDataType();
        if (type == TensorProto.DataType.FLOAT_VALUE) {
            return floats(tensor);
        }
        boolean wide = type == TensorProto.DataType.DOUBLE_VALUE;
        float[] values = new float[size(shape(tensor))];
        ByteBuffer raw = raw(tensor);
        for (int i = 0; i < values.length; i++) {
            if (wide) {
                double value = tensor.hasRawData() ? raw.getDouble(i * Double.BYTES) : tensor.getDoubleData(i);
                values[i] = Double.isInfinite(value) || Double.isNaN(value)
                        ? (float) value
                        : (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
            } else {
                short bits = tensor.hasRawData() ? raw.getShort(i * Short.BYTES) : (short) tensor.getInt32Data(i);
                values[i] = type == TensorProto.DataType.BFLOAT16_VALUE
                        ? Float.intBitsToFloat(bits << Short.SIZE)
                        : half(bits);
            }
        }
        return values;
    }

    /** The value of an IEEE 754 binary16. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude = exponent == 0x1f
                ? fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN
                : exponent == 0
                        ? Math.scalb((float) fraction, -24)
                        : Math.scalb((float) (fraction | 0x400), exponent - 25);
        return bits < 0 ? -magnitude : magnitude;
    }

    static long[] longs(TensorProto tensor) {
        long[] values = new long[size(shape(tensor))];
        boolean wide = tensor.getDataType() == TensorProto.DataType.INT64_VALUE;
        if (!wide && tensor.getDataType() != TensorProto.DataType.INT32_VALUE) {
            throw new UnsupportedGraphException("The tensor \"%s\" holds %s, and integers are expected."
                    .formatted(tensor.getName(), TensorProto.DataType.forNumber(tensor.getDataType())));
        }
        for (int i = 0; i < values.length; i++) {
            if (tensor.hasRawData()) {
                values[i] =
                        wide ? raw(tensor).getLong(i * Long.BYTES) : raw(tensor).getInt(i * Integer.BYTES);
            } else {
                values[i] = wide ? tensor.getInt64Data(i) : tensor.getInt32Data(i);
            }
        }
        return values;
    }

    /** The values of a tensor of integers of up to 16 bits, as quantisation has them. */
    static long[] integers(TensorProto tensor) {
        long[] values = new long[size(shape(tensor))];
        ByteBuffer raw = raw(tensor);
        for (int i = 0; i < values.length; i++) {
            boolean packed = tensor.hasRawData();
            values[i] = switch (tensor.getDataType()) {
                case TensorProto.DataType.INT8_VALUE -> packed ? raw.get(i) : (byte) tensor.getInt32Data(i);
                case TensorProto.DataType.UINT8_VALUE -> 0xff & (packed ? raw.get(i) : tensor.getInt32Data(i));
                case TensorProto.DataType.INT16_VALUE ->
                    packed ? raw.getShort(i * Short.BYTES) : (short) tensor.getInt32Data(i);
                case TensorProto.DataType.UINT16_VALUE ->
                    0xffff & (packed ? raw.getShort(i * Short.BYTES) : tensor.getInt32Data(i));
                default -> longs(tensor)[i];
            };
        }
        return values;
    }

    static TensorProto of(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return raw(name, TensorProto.DataType.FLOAT_VALUE, bytes, shape);
    }

    static TensorProto of(String name, long[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return raw(name, TensorProto.DataType.INT64_VALUE, bytes, shape);
    }

    /** A scalar of 64 bits. */
    static TensorProto of(String name, double value) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(value);
        return raw(name, TensorProto.DataType.DOUBLE_VALUE, bytes);
    }

    private static TensorProto raw(String name, int type, ByteBuffer bytes, long... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(type).setRawData(ByteString.copyFrom(bytes));
        for (long dimension : shape) {
            tensor.addDims(dimension);
        }
        return tensor.build();
    }

    private static ByteBuffer raw(TensorProto tensor) {
        return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
