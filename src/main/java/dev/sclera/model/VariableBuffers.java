package dev.sclera.model;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import com.google.protobuf.ByteString;
import dev.sclera.gradient.TrainingGraph.Variable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The values of some variables of a training graph, in memory that the runtime reads and writes in place. Not safe for
 * use by several threads while it is written to.
 */
final class VariableBuffers implements AutoCloseable {

    private static final int PIECE = 8192;

    private final Map<String, ByteBuffer> buffers = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    private final List<Variable> variables;

    /** Buffers with the variables' initial values. */
    VariableBuffers(List<Variable> variables) throws OrtException {
        this.variables = List.copyOf(variables);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        for (Variable variable : variables) {
            TensorProto initial = variable.initial();
            long[] shape =
                    initial.getDimsList().stream().mapToLong(Long::longValue).toArray();
            boolean whole = initial.getDataType() == TensorProto.DataType.INT64_VALUE;
            int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
            ByteBuffer buffer = AlignedMemory.bytes(Math.multiplyExact(count, whole ? Long.BYTES : Float.BYTES));
            buffers.put(variable.input(), buffer);
            tensors.put(
                    variable.input(),
                    whole
                            ? OnnxTensor.createTensor(environment, buffer.asLongBuffer(), shape)
                            : OnnxTensor.createTensor(environment, buffer.asFloatBuffer(), shape));
            set(variable.input(), initial);
        }
    }

    /** The tensors by the names of the variables' inputs. */
    Map<String, OnnxTensor> inputs() {
        return tensors;
    }

    /** The tensors by the names of the variables' outputs. */
    Map<String, OnnxTensor> outputs() {
        Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
        variables.forEach(variable -> outputs.put(variable.output(), tensors.get(variable.input())));
        return outputs;
    }

    /** Whether a variable holds whole numbers. */
    boolean isWhole(String variable) {
        return tensors.get(variable).getInfo().type == OnnxJavaType.INT64;
    }

    /** A copy of a float variable's values. */
    float[] get(String variable) {
        ByteBuffer buffer = buffer(variable);
        float[] values = new float[buffer.capacity() / Float.BYTES];
        buffer.asFloatBuffer().get(values);
        return values;
    }

    /**
     * Adds up what other buffers of the same float variables hold, in their order; the cores share the work.
     *
     * @param others one at least
     * @param onTop whether it is added to what is here
     */
    void add(List<VariableBuffers> others, boolean onTop) {
        if (others.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to add");
        }
        List<Piece> pieces = new ArrayList<>();
        buffers.forEach((variable, buffer) -> {
            for (int start = 0; start < buffer.capacity() / Float.BYTES; start += PIECE) {
                pieces.add(new Piece(variable, start, Math.min(PIECE, buffer.capacity() / Float.BYTES - start)));
            }
        });
        int shares = Runtime.getRuntime().availableProcessors();
        IntStream.range(0, shares).parallel().forEach(share -> {
            float[] sum = new float[PIECE];
            float[] addend = new float[PIECE];
            for (int i = share; i < pieces.size(); i += shares) {
                add(others, onTop, pieces.get(i), sum, addend);
            }
        });
    }

    private void add(List<VariableBuffers> others, boolean onTop, Piece piece, float[] sum, float[] addend) {
        FloatBuffer target = buffer(piece.variable()).asFloatBuffer();
        boolean begun = onTop;
        if (onTop) {
            target.get(piece.start(), sum, 0, piece.length());
        }
        for (VariableBuffers other : others) {
            FloatBuffer source = other.buffer(piece.variable()).asFloatBuffer();
            source.get(piece.start(), begun ? addend : sum, 0, piece.length());
            for (int i = 0; begun && i < piece.length(); i++) {
                sum[i] += addend[i];
            }
            begun = true;
        }
        target.put(piece.start(), sum, 0, piece.length());
    }

    /** As many values of a variable as stay in the cache while they are added. */
    private record Piece(String variable, int start, int length) {}

    void set(String variable, float[] values) {
        buffer(variable).asFloatBuffer().put(values);
    }

    /** Every variable's value as it is now, as tensors under the inputs' names. */
    List<TensorProto> save() {
        return variables.stream().map(this::save).toList();
    }

    private TensorProto save(Variable variable) {
        ByteBuffer raw =
                ByteBuffer.allocate(buffer(variable.input()).capacity()).order(ByteOrder.LITTLE_ENDIAN);
        if (variable.initial().getDataType() == TensorProto.DataType.INT64_VALUE) {
            raw.asLongBuffer().put(buffer(variable.input()).asLongBuffer());
        } else {
            raw.asFloatBuffer().put(buffer(variable.input()).asFloatBuffer());
        }
        return TensorProto.newBuilder()
                .setName(variable.input())
                .setDataType(variable.initial().getDataType())
                .addAllDims(variable.initial().getDimsList())
                .setRawData(ByteString.copyFrom(raw))
                .build();
    }

    /** Sets a variable to a tensor's value. */
    void set(String variable, TensorProto value) {
        ByteBuffer buffer = buffer(variable);
        boolean whole = value.getDataType() == TensorProto.DataType.INT64_VALUE;
        if (value.hasRawData()) {
            ByteBuffer raw = value.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            if (whole) {
                buffer.asLongBuffer().put(raw.asLongBuffer());
            } else {
                buffer.asFloatBuffer().put(raw.asFloatBuffer());
            }
        } else if (whole) {
            for (int i = 0; i < value.getInt64DataCount(); i++) {
                buffer.asLongBuffer().put(i, value.getInt64Data(i));
            }
        } else {
            for (int i = 0; i < value.getFloatDataCount(); i++) {
                buffer.asFloatBuffer().put(i, value.getFloatData(i));
            }
        }
    }

    private ByteBuffer buffer(String variable) {
        ByteBuffer buffer = buffers.get(variable);
        if (buffer == null) {
            throw new IllegalArgumentException("there is no variable named \"" + variable + "\"");
        }
        return buffer;
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
    }
}
