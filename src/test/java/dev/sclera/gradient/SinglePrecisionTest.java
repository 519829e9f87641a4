package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinglePrecisionTest {

    private static final int ALL = 1 << 16;

    /** Every one of the 65,536 bit patterns, as ONNX Runtime's own Cast reads it. */
    @ParameterizedTest
    @CsvSource({"10, raw", "10, typed", "16, raw", "16, typed"})
    void readsEveryHalfAsTheRuntimeDoes(int type, String field) throws OrtException {
        TensorProto.Builder halves =
                TensorProto.newBuilder().setName("w").setDataType(type).addDims(ALL);
        if (field.equals("raw")) {
            ByteBuffer bytes = ByteBuffer.allocate(2 * ALL).order(ByteOrder.LITTLE_ENDIAN);
            for (int bits = 0; bits < ALL; bits++) {
                bytes.putShort((short) bits);
            }
            halves.setRawData(ByteString.copyFrom(bytes.flip()));
        } else {
            for (int bits = 0; bits < ALL; bits++) {
                halves.addInt32Data(bits);
            }
        }
        ModelProto model = new ModelMaker(13)
                .input(1)
                .weight(halves.build())
                .node("Cast", List.of("w"), "wide", Attributes.of("to", 1L))
                .node("Identity", List.of("wide"), "y")
                .output("y");
        float[] expected;
        try (Session session = Session.of(model, OptLevel.NO_OPT)) {
            expected = session.run("x", new float[1], new long[] {1}).get("y");
        }
        assertThat(Tensors.singles(halves.build())).isEqualTo(expected);
    }

    @Test
    void keepsWhatIsFiniteFinite() {
        TensorProto doubles = TensorProto.newBuilder()
                .setDataType(TensorProto.DataType.DOUBLE_VALUE)
                .addDims(4)
                .addAllDoubleData(List.of(-1.7e308, 0.1, Double.POSITIVE_INFINITY, 1e-300))
                .build();
        assertThat(Tensors.singles(doubles)).containsExactly(-Float.MAX_VALUE, 0.1f, Float.POSITIVE_INFINITY, 0f);
    }

    /**
     * The reference networks with weights, input and output in another precision: their gradient is that of PyTorch in
     * float32 up to what the weights lose. Half the last of 11 (float16) or 8 (bfloat16) bits is 2⁻¹¹ or 2⁻⁸; the
     * networks are smooth, and their dozen layers add up.
     */
    @ParameterizedTest
    @CsvSource({"vit, 10, 0.005", "convnext, 10, 0.005", "vit, 16, 0.05", "vit, 11, 1e-4", "convnext, 11, 1e-4"})
    void differentiatesOtherPrecisionsInSingle(String network, int type, double tolerance) throws Exception {
        String realData = System.getenv("SCLERA_REALDATA");
        assumeTrue(realData != null, "SCLERA_REALDATA is not set: the reference gradients are not there");
        Path folder = Path.of(realData, "reference");
        ModelProto model = in(type, ModelProto.parseFrom(Files.readAllBytes(folder.resolve(network + ".onnx"))));
        try (Npz reference = new Npz(folder.resolve(network + ".npz"))) {
            Npz.Array input = reference.read("input");
            long[] labels = reference.read("labels").longs();
            float[] expected = reference.read("grad_input").floats();
            GradientGraph graph =
                    GradientGraph.derive(model, GradientGraph.Output.LOGITS, labels.length, new Loss.CrossEntropy());
            try (Session session = Session.of(graph.model(), OptLevel.ALL_OPT)) {
                String name = graph.model().getGraph().getInput(0).getName();
                Map<String, float[]> outputs = session.run(name, input.floats(), input.shape(), labels);
                float[] gradient = outputs.get(GradientGraph.GRADIENT);
                double largest = 0;
                double difference = 0;
                for (int i = 0; i < expected.length; i++) {
                    largest = Math.max(largest, Math.abs(expected[i]));
                    difference = Math.max(difference, Math.abs(gradient[i] / labels.length - expected[i]));
                }
                assertThat(difference / largest).isLessThan(tolerance);
            }
        }
    }

    private static ModelProto in(int type, ModelProto model) {
        GraphProto.Builder graph = model.getGraph().toBuilder().clearValueInfo();
        graph.getInputBuilderList()
                .forEach(input -> input.getTypeBuilder().getTensorTypeBuilder().setElemType(type));
        graph.getOutputBuilderList()
                .forEach(
                        output -> output.getTypeBuilder().getTensorTypeBuilder().setElemType(type));
        for (TensorProto.Builder weight : graph.getInitializerBuilderList()) {
            if (weight.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
                TensorProto other = in(type, weight.build());
                weight.clear().mergeFrom(other);
            }
        }
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
                if (attribute.hasT() && attribute.getT().getDataType() == TensorProto.DataType.FLOAT_VALUE) {
                    attribute.setT(in(type, attribute.getT()));
                }
                if (node.getOpType().equals("Cast") && attribute.getI() == TensorProto.DataType.FLOAT_VALUE) {
                    attribute.setI(type);
                }
            }
        }
        return model.toBuilder().setGraph(graph).build();
    }

    private static TensorProto in(int type, TensorProto tensor) {
        float[] values = Tensors.floats(tensor);
        int size = type == TensorProto.DataType.DOUBLE_VALUE ? Double.BYTES : Short.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(values.length * size).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            if (type == TensorProto.DataType.DOUBLE_VALUE) {
                bytes.putDouble(value);
            } else if (type == TensorProto.DataType.BFLOAT16_VALUE) {
                bytes.putShort((short) (Float.floatToIntBits(value) + 0x8000 >> 16));
            } else {
                bytes.putShort(half(value));
            }
        }
        return tensor.toBuilder()
                .setDataType(type)
                .clearFloatData()
                .setRawData(ByteString.copyFrom(bytes.flip()))
                .build();
    }

    /** To the nearest half; what is too small becomes 0. */
    private static short half(float value) {
        int exponent = Math.getExponent(value);
        int sign = value < 0 ? 0x8000 : 0;
        if (exponent < -14) {
            return (short) (sign | Math.round(Math.scalb(Math.abs(value), 24)));
        }
        int rounded = Math.round(Math.scalb(Math.abs(value), 10 - exponent));
        return (short) (sign | (exponent + 14 << 10) + rounded);
    }
}
