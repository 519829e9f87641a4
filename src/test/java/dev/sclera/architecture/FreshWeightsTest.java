package dev.sclera.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.sclera.model.ModelDescriptor;
import dev.sclera.model.TinyGrader;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.UnusableInputException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FreshWeightsTest {

    /** Of He et al. 2015, equation 10: the variance of a layer's weights is 2 over the values that one output sums. */
    @ParameterizedTest
    @CsvSource({
        "block3.1.weight, 864",
        "block2.1.weight, 432",
        "block3.skip.weight, 48",
        "stem.weight, 27",
    })
    void weightsHaveTheVarianceThatKeepsThatOfFeatures(String name, int fanIn) throws Exception {
        float[] weights =
                weights(Architecture.RESNET_MINI.network("net", 64, 3).onnx()).get(name);
        double sum = 0;
        double squares = 0;
        for (float weight : weights) {
            sum += weight;
            squares += (double) weight * weight;
            assertThat(Math.abs(weight)).isLessThanOrEqualTo((float) Math.sqrt(6.0 / fanIn));
        }
        double variance = squares / weights.length;
        // three standard errors of an even distribution's variance: kurtosis 9/5
        assertThat(variance * fanIn / 2).isCloseTo(1, within(3 * Math.sqrt(0.8 / weights.length)));
        assertThat(sum / weights.length).isCloseTo(0, within(3 * Math.sqrt(variance / weights.length)));
    }

    @Test
    void normalisationsPassOnWhatTheyNormaliseAndBiasesAreZero() throws Exception {
        Map<String, float[]> weights =
                weights(Architecture.MOBILE_MINI.network("net", 64, 3).onnx());
        weights.forEach((name, values) -> {
            if (name.endsWith(".scale") || name.endsWith(".variance")) {
                assertThat(values).as(name).containsOnly(1);
            }
            if (name.endsWith(".bias") || name.endsWith(".mean")) {
                assertThat(values).as(name).containsOnly(0);
            }
        });
        assertThat(weights.get("block1.depthwise.weight")).hasSize(16 * 9);
    }

    @ParameterizedTest
    @EnumSource
    void aSeedGivesTheSameNetworkAndAnotherSeedAnother(Architecture architecture) {
        byte[] onnx = architecture.network("net", 64, 5).onnx();
        assertThat(architecture.network("net", 64, 5).onnx()).isEqualTo(onnx);
        assertThat(architecture.network("net", 64, 6).onnx()).isNotEqualTo(onnx);
    }

    @ParameterizedTest
    @CsvSource({"resnet-mini, 180000", "mobile-mini, 40000"})
    void architecturesAreSmall(String label, int about) throws Exception {
        var network = Architecture.of(label).network("net", 128, 0);
        int count = weights(network.onnx()).values().stream()
                .mapToInt(values -> values.length)
                .sum();
        assertThat(count).isBetween(about * 3 / 4, about * 5 / 4);
        ModelDescriptor descriptor = network.model().descriptor();
        assertThat(descriptor.height()).isEqualTo(128);
        assertThat(descriptor.mean()).containsOnly(0.4);
        assertThat(descriptor.outputKind()).isEqualTo(ModelDescriptor.OutputKind.LOGITS);
    }

    @Test
    void aNetworkOfAnotherKeepsAllButItsWeights() throws Exception {
        byte[] given = TinyGrader.seeded(1).onnx();
        byte[] fresh = FreshWeights.of(given, 7);
        assertThat(bare(fresh)).isEqualTo(bare(given));
        Map<String, float[]> before = weights(given);
        Map<String, float[]> after = weights(fresh);
        assertThat(after.get("conv.bias")).containsOnly(0);
        assertThat(after.get("conv.weight")).isNotEqualTo(before.get("conv.weight"));
        // Gemm with transB: [5,8], so an output sums 8 values
        assertThat(after.get("fc.weight")).isNotEqualTo(before.get("fc.weight"));
        for (float weight : after.get("fc.weight")) {
            assertThat(Math.abs(weight)).isLessThanOrEqualTo((float) Math.sqrt(6.0 / 8));
        }
    }

    @Test
    void whatIsNoNetworkIsRefused() {
        assertThatThrownBy(() -> FreshWeights.of(new byte[] {1, 2, 3}, 0)).isInstanceOf(UnusableInputException.class);
        assertThatThrownBy(() -> Architecture.of("resnet"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("resnet-mini or mobile-mini");
        assertThatThrownBy(() -> Architecture.RESNET_MINI.network("net", 16, 0))
                .isInstanceOf(InvalidValueException.class);
    }

    private static ModelProto bare(byte[] onnx) throws Exception {
        ModelProto model = ModelProto.parseFrom(onnx);
        GraphProto graph = model.getGraph().toBuilder().clearInitializer().build();
        return model.toBuilder().setGraph(graph).build();
    }

    private static Map<String, float[]> weights(byte[] onnx) throws Exception {
        Map<String, float[]> weights = new HashMap<>();
        for (TensorProto weight : ModelProto.parseFrom(onnx).getGraph().getInitializerList()) {
            weights.put(weight.getName(), values(weight));
        }
        return weights;
    }

    private static float[] values(TensorProto weight) {
        if (!weight.hasRawData()) {
            float[] values = new float[weight.getFloatDataCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = weight.getFloatData(i);
            }
            return values;
        }
        FloatBuffer stored = weight.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[stored.remaining()];
        stored.get(values);
        return Arrays.copyOf(values, values.length);
    }
}
