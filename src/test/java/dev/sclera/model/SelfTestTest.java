package dev.sclera.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sclera.problem.UnusableInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelfTestTest {

    private static final Preprocessing HALF =
            new Preprocessing(16, null, null, null, List.of(0.5), List.of(0.5), null, null);

    static Stream<TinyGrader> sound() {
        return Stream.of(
                TinyGrader.seeded(1),
                TinyGrader.seeded(2).softmax(),
                TinyGrader.seeded(3).channelsLast(),
                TinyGrader.seeded(4).batch(1),
                TinyGrader.seeded(5).batch(8).softmax());
    }

    @ParameterizedTest
    @MethodSource("sound")
    void aSoundGraderPasses(TinyGrader grader) {
        assertThatCode(() -> test(grader).run()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mobilenetv2", "resnet18"})
    void theRealGradersPass(String name) throws Exception {
        String realData = System.getenv("SCLERA_REALDATA");
        assumeTrue(realData != null, "SCLERA_REALDATA is not set: the real graders are not there");
        Path file = Path.of(realData, "models", name + ".onnx");
        OnnxFile onnx = OnnxFile.parse(name, Files.readAllBytes(file));
        ModelDescriptor descriptor =
                new DescriptorInference(onnx, Sidecar.complete(Preprocessing.UNSAID, file)).infer();
        assertThatCode(() -> new SelfTest(name, onnx.proto(), descriptor).run()).doesNotThrowAnyException();
    }

    @Test
    void scoresThatDifferAreRefusedWithTheFigures() {
        SelfTest test = test(TinyGrader.seeded(1));
        float[] plain = {4, -2, 0, 1, 0.5f};
        float[] close = {4.003f, -2, 0, 1, 0.5f};
        float[] far = {4.005f, -2, 0, 1, 0.5f};
        assertThatCode(() -> test.compare(plain, close, "here")).doesNotThrowAnyException();
        assertThatThrownBy(() -> test.compare(plain, far, "in the gradient graph"))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("\"tiny\"")
                .hasMessageContaining("0.005")
                .hasMessageContaining("in the gradient graph");
    }

    /** Small logits look like probabilities, and are none. */
    @Test
    void logitsBetweenZeroAndOneBecomeProbabilitiesToo() {
        SelfTest test = test(TinyGrader.seeded(2).softmax());
        float[] even = test.asOutput(new float[] {0.25f, 0.25f, 0.25f, 0.25f, 0.25f});
        assertThat(even).containsExactly(0.2f, 0.2f, 0.2f, 0.2f, 0.2f);
    }

    @Test
    void scoresThatAreNoNumbersAreRefused() {
        SelfTest test = test(TinyGrader.seeded(1));
        float[] plain = {4, -2, 0, 1, Float.NaN};
        assertThatThrownBy(() -> test.compare(plain, plain.clone(), "here"))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("NaN");
    }

    private static SelfTest test(TinyGrader grader) {
        OnnxFile file = OnnxFile.parse("tiny", grader.onnx());
        return new SelfTest("tiny", file.proto(), new DescriptorInference(file, HALF).infer());
    }
}
