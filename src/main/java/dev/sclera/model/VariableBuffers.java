package dev.sclera.model;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import com.google.protobuf.ByteString;
import dev.sclera.gradient.TrainingGraph.Variable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of some variables of a training graph, in memory that the runtime reads and writes in place. Not safe for
 * use by several threads while it is written to.
 */
final class VariableBuffers implements AutoCloseable {

    private static final int PIECE = 2048;

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
            ByteBuffer buffer = ByteBuffer.allocateDirect(Math.multiplyExact(count, whole ? Long.BYTES : Float.BYTES))
                    .order(ByteOrder.nativeOrder());
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

    /** A copy of a float variable's values. */
    float[] get(String variable) {
        ByteBuffer buffer = buffer(variable);
        float[] values = new float[buffer.capacity() / Float.BYTES];
        buffer.asFloatBuffer().get(values);
        return values;
    }

    /** Adds a float variable's values to a sum. */
    void addTo(float[] sum, String variable) {
        FloatBuffer values = buffer(variable).asFloatBuffer();
        // a piece at a time, which is still in the cache when it is added
        float[] piece = new float[PIECE];
        for (int start = 0; start < sum.length; start += PIECE) {
            int count = Math.min(PIECE, sum.length - start);
            values.get(piece, 0, count);
            for (int i = 0; i < count; i++) {
                sum[start + i] += piece[i];
            }
        }
    }

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
