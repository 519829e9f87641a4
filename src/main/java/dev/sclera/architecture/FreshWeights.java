package dev.sclera.architecture;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sclera.gradient.Parameters;
import dev.sclera.problem.UnusableInputException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws a network's weights anew, so that it knows nothing: those of convolutions and matrix products evenly within
 * {@code ±√(6/fan-in)}, which keeps the variance through rectifiers (He et al. 2015, <i>Delving Deep into
 * Rectifiers</i>, equation 10); biases are 0, and normalisations leave what they normalise as it is. Weights elsewhere,
 * as a transformer's embeddings of positions, stay as they are.
 */
public final class FreshWeights {

    private static final Set<String> NORMALISATIONS =
            Set.of("BatchNormalization", "LayerNormalization", "InstanceNormalization", "GroupNormalization");

    private FreshWeights() {}

    /**
     * The network with fresh weights; operators, names and all else are as they were.
     *
     * @param onnx the network's file
     * @param seed the same one draws the same weights
     * @throws UnusableInputException where the file is no ONNX file
     */
    public static byte[] of(byte[] onnx, long seed) {
        try {
            return of(ModelProto.parseFrom(onnx), seed).toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new UnusableInputException(
                    "model", "The file is not a complete ONNX file: " + e.getMessage() + ".", e);
        }
    }

    private static ModelProto of(ModelProto network, long seed) {
        Map<String, long[]> shapes = new HashMap<>();
        for (TensorProto weight : network.getGraph().getInitializerList()) {
            if (weight.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
                shapes.put(
                        weight.getName(),
                        weight.getDimsList().stream().mapToLong(Long::longValue).toArray());
            }
        }
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, float[]> fresh = new LinkedHashMap<>();
        for (NodeProto node : network.getGraph().getNodeList()) {
            for (int i = 1; i < node.getInputCount(); i++) {
                String weight = node.getInput(i);
                long[] shape = shapes.get(weight);
                if (shape != null && !fresh.containsKey(weight)) {
                    float[] values = values(node, i, shape, random);
                    if (values.length > 0) {
                        fresh.put(weight, values);
                    }
                }
            }
        }
        return Parameters.write(network, fresh);
    }

    /** Fresh values for a weight; none where it is of no kind that is known. */
    private static float[] values(NodeProto node, int place, long[] shape, SplittableRandom random) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        if (NORMALISATIONS.contains(node.getOpType())) {
            float[] values = new float[count];
            // scale and running variance are 1, bias and running mean 0
            Arrays.fill(values, place == 1 || place == 4 ? 1 : 0);
            return values;
        }
        boolean layer = Set.of("Conv", "Gemm", "MatMul").contains(node.getOpType());
        if (layer && place == 1 && shape.length > 1) {
            return even(count, Math.sqrt(6.0 / fanIn(node, shape)), random);
        }
        return layer && place == 2 ? new float[count] : new float[0];
    }

    /** How many values one output is summed from. */
    private static long fanIn(NodeProto node, long[] shape) {
        if (node.getOpType().equals("Conv")) {
            return Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
        }
        boolean transposed = node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals("transB"))
                .mapToLong(AttributeProto::getI)
                .anyMatch(value -> value != 0);
        return transposed ? shape[1] : shape[shape.length - 2];
    }

    private static float[] even(int count, double bound, SplittableRandom random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return values;
    }
}
