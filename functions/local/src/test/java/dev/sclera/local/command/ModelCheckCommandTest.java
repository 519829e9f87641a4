package dev.sclera.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.sclera.model.TinyGrader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code sclera model check} says of files, good ones and bad ones, and the code it ends with. */
class ModelCheckCommandTest {

    private static final String TESTED = """
            self-test               passed: 3 images, %d classes, %s
            scores, optimised       \\d\\.\\de-\\d\\d of the largest .*
            scores, gradient graph  \\d\\.\\de-\\d\\d of the largest .*
            gradient                \\d\\.\\d%% from difference quotients
            """;

    @TempDir
    Path folder;

    @Test
    void aClassifierOfAnyNumberOfClassesIsTestedBare() throws IOException {
        Ended ended = check(TinyGrader.seeded(1).classes(1000).onnx());
        assertThat(ended.code).as(ended.err).isZero();
        assertThat(ended.out)
                .contains("opset              13", "gradient           exact", "Conv               1")
                .containsPattern(TESTED.formatted(1000, "bare graph"));
    }

    @Test
    void aGraderIsTestedThroughThePreprocessingThatIsSaid() throws IOException {
        Ended said = check(TinyGrader.seeded(1).onnx(), "--mean", "0.5", "--std", "0.25");
        assertThat(said.out).containsPattern(TESTED.formatted(5, "through the preprocessing"));
        Files.writeString(folder.resolve("net.json"), "{\"inputSize\": 24, \"mean\": 0.5, \"std\": 0.25}");
        Ended beside = check(TinyGrader.seeded(1).size(0).classes(7).onnx());
        assertThat(beside.code).as(beside.err).isZero();
        assertThat(beside.out).containsPattern(TESTED.formatted(7, "through the preprocessing"));
    }

    @Test
    void aQuantisedModelSaysThatItsGradientIsAnEstimate() throws IOException {
        ModelProto.Builder model = model();
        var graph = model.getGraphBuilder();
        graph.addInitializer(TensorProto.newBuilder()
                        .setName("scale")
                        .setDataType(TensorProto.DataType.FLOAT_VALUE)
                        .addFloatData(0.02f))
                .addInitializer(TensorProto.newBuilder()
                        .setName("zero")
                        .setDataType(TensorProto.DataType.INT8_VALUE)
                        .addInt32Data(0))
                .addNode(0, node("DequantizeLinear", "d", "q", "scale", "zero"))
                .addNode(0, node("QuantizeLinear", "q", "input", "scale", "zero"))
                .getNodeBuilder(2)
                .setInput(0, "d");
        Ended ended = check(model.build().toByteArray());
        assertThat(ended.code).as(ended.err).isZero();
        assertThat(ended.out)
                .contains("straight through quantised tensors", "not tested: the gradient goes straight through");
    }

    @Test
    void anOperatorWithoutAGradientIsCountedWithItsNodes() throws IOException {
        ModelProto.Builder model = model();
        model.getGraphBuilder()
                .addInitializer(TensorProto.newBuilder()
                        .setName("grid")
                        .setDataType(TensorProto.DataType.FLOAT_VALUE)
                        .addDims(1)
                        .addDims(4)
                        .addDims(4)
                        .addDims(2)
                        .addAllFloatData(Collections.nCopies(32, 0.1f)))
                .addNode(2, node("GridSample", "sampled", "relu", "grid"))
                .getNodeBuilder(3)
                .setInput(0, "sampled");
        model.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimValue(1);
        model.getOpsetImportBuilder(0).setVersion(16);
        Ended ended = check(model.build().toByteArray());
        assertThat(ended.code).isEqualTo(3);
        assertThat(ended.out)
                .contains("not known")
                .containsPattern("GridSample +1, not known: sampled")
                .containsPattern("scores, optimised +\\d")
                .contains("not tested: The gradients of these operators are not known: GridSample (node \"sampled\")."
                        + " Export the model with others, or add their gradients (see CONTRIBUTING.md).");
    }

    @Test
    void aSizeThatIsLeftOpenIsNamedWithTheOptionThatSettlesIt() throws IOException {
        byte[] open = TinyGrader.seeded(1).size(0).onnx();
        Ended ended = check(open);
        assertThat(ended.code).isEqualTo(3);
        assertThat(ended.err)
                .contains(
                        "net.onnx\" cannot be used: its input's shape [batch, 3, side, side] leaves the size of the images")
                .contains("say which it was trained at with --size")
                .doesNotContain("\tat ");
        assertThat(check(open, "--size", "20").code).isZero();
    }

    @Test
    void aShapeThatDependsOnTheImagesIsNamedWithItsNode() throws IOException {
        ModelProto.Builder model = model();
        var graph = model.getGraphBuilder();
        graph.addInitializer(longs("zero", 0)).addInitializer(longs("axis", 3));
        graph.addNode(2, node("ReduceMax", "most", "relu").addAttribute(integer("keepdims", 0)));
        graph.addNode(3, node("Cast", "count", "most").addAttribute(integer("to", TensorProto.DataType.INT64_VALUE)));
        graph.addNode(4, node("Unsqueeze", "end", "count", "zero"));
        graph.addNode(5, node("Slice", "part", "relu", "zero", "end", "axis"));
        graph.getNodeBuilder(6).setInput(0, "part");
        Ended ended = check(model.build().toByteArray());
        assertThat(ended.code).isEqualTo(3);
        assertThat(ended.err)
                .contains("The node \"part\" (Slice)", "shape depends on the values of the images")
                .doesNotContain("\tat ");
    }

    @Test
    void aGraphWithoutADifferentiablePathSaysWhereItEnds() throws IOException {
        ModelProto.Builder model = model();
        model.getGraphBuilder().getNodeBuilder(1).setOpType("Ceil");
        Ended ended = check(model.build().toByteArray());
        assertThat(ended.code).isEqualTo(3);
        assertThat(ended.err)
                .contains("The output \"logits\" does not depend on the input \"input\" in a differentiable way")
                .contains("no gradient passes Ceil (node \"relu\")", "Choose an output before that")
                .doesNotContain("\tat ");
    }

    @Test
    void scoresThatAreNoNumbersEndWithThree() throws IOException {
        ModelProto.Builder model = model();
        model.getGraphBuilder().getInitializerBuilder(3).setFloatData(0, Float.NaN);
        Ended ended = check(model.build().toByteArray());
        assertThat(ended.code).isEqualTo(3);
        assertThat(ended.out).contains("Conv ").doesNotContain("passed");
        assertThat(ended.err).contains("its output \"logits\" holds NaN").doesNotContain("\tat ");
    }

    @Test
    void whatIsNoOnnxFileIsOneMessage() throws IOException {
        Ended text = check("these are notes".getBytes(StandardCharsets.UTF_8));
        assertThat(text.code).isEqualTo(3);
        assertThat(text.err).contains("net.onnx").doesNotContain("\tat ");
    }

    private static ModelProto.Builder model() throws IOException {
        return ModelProto.parseFrom(TinyGrader.seeded(1).onnx()).toBuilder();
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static TensorProto longs(String name, long value) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(1)
                .addInt64Data(value)
                .build();
    }

    private Ended check(byte[] onnx, String... options) throws IOException {
        Path file = Files.write(folder.resolve("net.onnx"), onnx);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] arguments = new String[options.length + 1];
        arguments[0] = file.toString();
        System.arraycopy(options, 0, arguments, 1, options.length);
        int code = new CommandLine(new ModelCheckCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(new Failures())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
        return new Ended(code, out.toString(), err.toString());
    }

    private record Ended(int code, String out, String err) {}
}
