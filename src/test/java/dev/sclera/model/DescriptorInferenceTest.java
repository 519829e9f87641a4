package dev.sclera.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.model.ModelDescriptor.Channels;
import dev.sclera.model.ModelDescriptor.Layout;
import dev.sclera.model.ModelDescriptor.OutputKind;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.UnusableInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DescriptorInferenceTest {

    private static final Preprocessing HALF =
            new Preprocessing(null, null, null, null, List.of(0.5), List.of(0.5), null, null);

    @Test
    void readsFromTheFileWhatItSays() {
        ModelDescriptor descriptor = infer(TinyGrader.seeded(1).size(24), HALF);
        assertThat(descriptor)
                .isEqualTo(new ModelDescriptor(
                        ModelDescriptor.SCHEMA,
                        "input",
                        "logits",
                        24,
                        24,
                        Layout.NCHW,
                        Channels.RGB,
                        1,
                        List.of(0.5, 0.5, 0.5),
                        List.of(0.5, 0.5, 0.5),
                        OutputKind.LOGITS,
                        5));
    }

    @Test
    void seesChannelsLastAndASoftmax() {
        ModelDescriptor descriptor = infer(TinyGrader.seeded(1).channelsLast().softmax(), HALF);
        assertThat(descriptor.layout()).isEqualTo(Layout.NHWC);
        assertThat(descriptor.outputKind()).isEqualTo(OutputKind.PROBABILITIES);
    }

    @Test
    void asksForTheNormalisationThatNoFileHolds() {
        assertThatThrownBy(() -> infer(TinyGrader.seeded(1), Preprocessing.UNSAID))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("--mean")
                .hasMessageContaining("--std");
    }

    @Test
    void asksForASizeThatTheFileLeavesOpen() {
        assertThatThrownBy(() -> infer(TinyGrader.seeded(1).size(0), HALF)).hasMessageContaining("--size");
        Preprocessing sized = new Preprocessing(32, null, null, null, List.of(0.5), List.of(0.5), null, null);
        assertThat(infer(TinyGrader.seeded(1).size(0), sized).height()).isEqualTo(32);
    }

    @Test
    void refusesASizeThatContradictsTheFile() {
        Preprocessing sized = new Preprocessing(32, null, null, null, List.of(0.5), List.of(0.5), null, null);
        assertThatThrownBy(() -> infer(TinyGrader.seeded(1).size(24), sized))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("\"size\"")
                .hasMessageContaining("24");
    }

    @Test
    void refusesAModelOfThreeClasses() {
        assertThatThrownBy(() -> infer(TinyGrader.seeded(1).classes(3), HALF))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("[batch, 3]")
                .hasMessageContaining("five");
    }

    @Test
    void refusesAStandardDeviationOfZero() {
        Preprocessing flat = new Preprocessing(null, null, null, null, List.of(0.5), List.of(0.0), null, null);
        assertThatThrownBy(() -> infer(TinyGrader.seeded(1), flat))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("\"std\"");
    }

    @Test
    void refusesATextFileAndATruncatedModel() {
        byte[] text = "this is not a model".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> OnnxFile.parse("notes", text))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("\"notes\"");
        byte[] whole = TinyGrader.seeded(1).onnx();
        assertThatThrownBy(() -> OnnxFile.parse("cut", Arrays.copyOf(whole, whole.length / 2)))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("\"cut\"");
        assertThatThrownBy(() -> OnnxFile.parse("nothing", new byte[0])).hasMessageContaining("empty");
    }

    private static ModelDescriptor infer(TinyGrader grader, Preprocessing said) {
        return new DescriptorInference(OnnxFile.parse("tiny", grader.onnx()), said).infer();
    }
}
