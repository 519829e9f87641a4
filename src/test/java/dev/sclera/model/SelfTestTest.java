package dev.sclera.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.sclera.dataset.Images;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.gradient.Loss;
import dev.sclera.model.ModelDescriptor.OutputKind;
import dev.sclera.problem.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelfTestTest {

    private static final int FOLDS = 7;

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
        SelfTestFigures figures = test(grader).run();
        assertThat(figures.classes()).isEqualTo(5);
        assertThat(figures.optimised()).isLessThan(1e-5);
        assertThat(figures.gradientGraph()).isLessThan(1e-5);
        assertThat(figures.slopes()).isLessThan(DifferenceQuotients.TOLERANCE);
        assertThat(figures.remark()).isNull();
    }

    @Test
    void aClassifierOfAThousandClassesPassesBare() {
        SelfTestFigures figures = bare(
                        "imagenet", TinyGrader.seeded(1).classes(1000).softmax().onnx())
                .run();
        assertThat(figures.classes()).isEqualTo(1000);
        assertThat(figures.slopes()).isLessThan(DifferenceQuotients.TOLERANCE);
    }

    static Stream<Path> references() throws IOException {
        String realData = System.getenv("SCLERA_REALDATA");
        if (realData == null) {
            return Stream.of(Path.of("none"));
        }
        try (Stream<Path> files = Files.list(Path.of(realData, "reference"))) {
            return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("references")
    void theReferenceNetworksPass(Path file) throws IOException {
        assumeTrue(System.getenv("SCLERA_REALDATA") != null, "SCLERA_REALDATA is not set: they are not there");
        SelfTestFigures figures =
                bare(file.getFileName().toString(), Files.readAllBytes(file)).run();
        assertThat(figures.optimised()).isLessThan(1e-4);
        assertThat(figures.gradientGraph()).isLessThan(1e-4);
        assertThat(figures.slopes()).isLessThan(DifferenceQuotients.TOLERANCE);
    }

    /** As rules that are wrong would make them. */
    enum Wrong {
        TOO_LARGE {
            @Override
            void spoil(GraphProto.Builder graph) {
                replaceGradient(graph, "Mul", 1.25f);
            }
        },
        ZERO {
            @Override
            void spoil(GraphProto.Builder graph) {
                replaceGradient(graph, "Mul", 0);
            }
        },
        NO_NUMBER {
            @Override
            void spoil(GraphProto.Builder graph) {
                replaceGradient(graph, "Mul", Float.NaN);
            }
        },
        ROWS_FOR_COLUMNS {
            @Override
            void spoil(GraphProto.Builder graph) {
                gradient(graph)
                        .setOpType("Transpose")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("perm")
                                .setType(AttributeProto.AttributeType.INTS)
                                .addAllInts(List.of(0L, 1L, 3L, 2L)));
            }
        },
        WITHOUT_THE_STEP_OF_RELU {
            @Override
            void spoil(GraphProto.Builder graph) {
                graph.getNodeBuilderList().stream()
                        .filter(node -> node.getOpType().equals("HardSigmoid"))
                        .forEach(step -> step.clearAttribute()
                                .addAttribute(number("alpha", 0))
                                .addAttribute(number("beta", 1)));
            }
        };

        abstract void spoil(GraphProto.Builder graph);

        static NodeProto.Builder gradient(GraphProto.Builder graph) {
            return graph.getNodeBuilderList().stream()
                    .filter(node -> node.getOutput(0).equals(GradientGraph.GRADIENT))
                    .findFirst()
                    .orElseThrow();
        }

        static void replaceGradient(GraphProto.Builder graph, String operator, float operand) {
            graph.addInitializer(scalar("operand", operand));
            gradient(graph).setOpType(operator).addInput("operand");
        }

        private static AttributeProto number(String name, float value) {
            return AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.FLOAT)
                    .setF(value)
                    .build();
        }
    }

    @ParameterizedTest
    @EnumSource(Wrong.class)
    void aGradientThatIsNotThatOfTheLossIsRefused(Wrong wrong) {
        byte[] onnx = TinyGrader.seeded(1).onnx();
        SelfTest test = bare("tiny", onnx);
        ModelProto right = gradient(OnnxFile.parse("tiny", onnx));
        assertThat(test.run(right, false).slopes()).isLessThan(DifferenceQuotients.TOLERANCE);
        ModelProto.Builder spoilt = right.toBuilder();
        wrong.spoil(spoilt.getGraphBuilder());
        assertThat(spoilt.build()).isNotEqualTo(right);
        assertThatThrownBy(() -> test.run(spoilt.build(), false))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("\"tiny\"")
                .hasMessageContaining("its gradient is off by")
                .hasMessageContaining("at most 10% is allowed");
    }

    /**
     * Features are folded until the next kink is nearer than any step that float32 can tell, for what is left of them
     * moves logits of about 2 by thousandths.
     */
    private static byte[] flatAndKinky(long batch) {
        ModelProto.Builder model = TinyGrader.seeded(1).batch(batch).proto().toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        String features = "conv";
        for (int fold = 0; fold < FOLDS; fold++) {
            graph.addInitializer(scalar("half" + fold, (float) (2 / Math.pow(2, fold))));
            graph.addNode(1 + 2 * fold, node("Abs", "abs" + fold, features));
            graph.addNode(2 + 2 * fold, node("Sub", "fold" + fold, "abs" + fold, "half" + fold));
            features = "fold" + fold;
        }
        graph.getNodeBuilder(1 + 2 * FOLDS).setInput(0, features);
        TensorProto.Builder weights = graph.getInitializerBuilder(2);
        for (int i = 0; i < weights.getFloatDataCount(); i++) {
            weights.setFloatData(i, weights.getFloatData(i) * 1e-2f);
        }
        graph.getInitializerBuilder(3).clearFloatData().addAllFloatData(List.of(0f, 0.5f, 1f, 2f, 1.5f));
        return model.build().toByteArray();
    }

    /** Small steps alone would refuse it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3})
    void aGradientThatNoSmallStepCanTellIsToldByALongWay(long batch) {
        byte[] onnx = flatAndKinky(batch);
        SelfTest test = bare("flat", onnx);
        OnnxFile file = OnnxFile.parse("flat", onnx);
        Specimen specimen = Specimen.bare(file, OutputKind.LOGITS);
        ModelProto gradient = gradient(file);
        try (ProbeSession session = new ProbeSession(specimen, gradient, OptLevel.ALL_OPT);
                ProbeSession forward =
                        new ProbeSession(specimen, DifferenceQuotients.forward(gradient), OptLevel.ALL_OPT)) {
            assertThat(DifferenceQuotients.errorOfSteps(specimen, session, forward))
                    .isGreaterThan(2 * DifferenceQuotients.TOLERANCE);
        }
        assertThat(test.run(gradient, false).slopes()).isLessThan(DifferenceQuotients.TOLERANCE);
    }

    @ParameterizedTest
    @EnumSource(Wrong.class)
    void aWrongOneIsRefusedThereToo(Wrong wrong) {
        byte[] onnx = flatAndKinky(1);
        SelfTest test = bare("flat", onnx);
        ModelProto.Builder spoilt = gradient(OnnxFile.parse("flat", onnx)).toBuilder();
        wrong.spoil(spoilt.getGraphBuilder());
        assertThatThrownBy(() -> test.run(spoilt.build(), false))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("its gradient is off by");
    }

    private static ModelProto gradient(OnnxFile file) {
        int batch = Specimen.bare(file, OutputKind.LOGITS).batch();
        return GradientGraph.derive(file.proto(), GradientGraph.Output.LOGITS, batch, new Loss.CrossEntropy())
                .model();
    }

    private static TensorProto scalar(String name, float value) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addFloatData(value)
                .build();
    }

    private static NodeProto node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }

    @Test
    void theGradientOfAQuantisedModelIsNoDerivativeAndNotTested() {
        SelfTestFigures figures = bare("quantised", quantised()).run();
        assertThat(figures.gradientGraph()).isLessThan(SelfTest.COARSE_TOLERANCE);
        assertThat(figures.slopes()).isNull();
        assertThat(figures.remark()).contains("straight through");
    }

    /** As timm's resnetv2 begins. ONNX Runtime takes the zeros into the maximum, where they are minus infinity. */
    @Test
    void zerosBeforeAMaximumStayZeros() throws Exception {
        ModelProto.Builder model = TinyGrader.seeded(1).proto().toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        graph.addInitializer(TensorProto.newBuilder()
                .setName("pads")
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(8)
                .addAllInt64Data(List.of(0L, 0L, 1L, 1L, 0L, 0L, 1L, 1L)));
        // minus one everywhere: at the borders zero is larger, and the sum over all places tells
        graph.setInitializer(0, filled(graph.getInitializer(0), 0))
                .setInitializer(1, filled(graph.getInitializer(1), -1));
        graph.setNode(
                1,
                NodeProto.newBuilder()
                        .setOpType("MaxPool")
                        .addInput("padded")
                        .addOutput("relu")
                        .addAttribute(ints("kernel_shape", 3, 3))
                        .addAttribute(ints("strides", 1, 1)));
        graph.addNode(
                1,
                NodeProto.newBuilder()
                        .setOpType("Pad")
                        .addInput("conv")
                        .addInput("pads")
                        .addOutput("padded"));
        byte[] onnx = model.build().toByteArray();
        SelfTestFigures figures = bare("padded", onnx).run();
        assertThat(figures.optimised()).isLessThan(1e-5);
        assertThat(figures.gradientGraph()).isLessThan(1e-5);
        Images images = new Images(16, 16, new byte[3 * 256], new int[1], List.of("one"));
        OnnxFile file = OnnxFile.parse("padded", onnx);
        ModelDescriptor descriptor = new DescriptorInference(file, HALF).infer();
        // of 8×8 windows 28 reach over the border: the mean of a channel is −36/64
        float[] logits = new float[5];
        for (int row = 0; row < 5; row++) {
            logits[row] = graph.getInitializer(3).getFloatData(row);
            for (int i = 0; i < 8; i++) {
                logits[row] -= graph.getInitializer(2).getFloatData(row * 8 + i) * 36 / 64;
            }
        }
        try (Grader grader = Grader.load("padded", file.proto(), descriptor, 16, 16, Processor.CPU)) {
            assertThat(grader.grade(images, graded -> {}).get(0).probabilities())
                    .containsExactly(Grade.of(logits, OutputKind.LOGITS).probabilities(), within(1e-5));
        }
    }

    private static TensorProto filled(TensorProto tensor, float value) {
        return tensor.toBuilder()
                .clearFloatData()
                .addAllFloatData(Collections.nCopies(tensor.getFloatDataCount(), value))
                .build();
    }

    private static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    /** Its own losses would be too coarse for differences: those of the float32 form are taken. */
    @Test
    void aModelThatComputesInHalfPrecisionIsTestedInSingle() {
        ModelProto.Builder model = TinyGrader.seeded(1).proto().toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        graph.addNode(0, cast("input", "half", TensorProto.DataType.FLOAT16_VALUE));
        graph.addNode(1, cast("half", "single", TensorProto.DataType.FLOAT_VALUE));
        graph.getNodeBuilder(2).setInput(0, "single");
        SelfTestFigures figures = bare("half", model.build().toByteArray()).run();
        assertThat(figures.slopes()).isLessThan(DifferenceQuotients.TOLERANCE);
    }

    @Test
    void aModelWithoutGradientsSaysWhyAndPassesAsAGrader() {
        ModelProto.Builder model = TinyGrader.seeded(1).proto().toBuilder();
        model.getGraphBuilder().getNodeBuilder(1).setOpType("Ceil");
        SelfTestFigures figures = bare("steps", model.build().toByteArray()).run();
        assertThat(figures.optimised()).isLessThan(1e-5);
        assertThat(figures.gradientGraph()).isNull();
        assertThat(figures.slopes()).isNull();
        assertThat(figures.remark()).contains("no gradient passes Ceil (node \"relu\")");
    }

    private static NodeProto cast(String input, String output, int type) {
        return NodeProto.newBuilder()
                .setOpType("Cast")
                .addInput(input)
                .addOutput(output)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(type))
                .build();
    }

    /** With its input rounded to 8 bits. */
    private static byte[] quantised() {
        ModelProto.Builder model = TinyGrader.seeded(1).proto().toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        graph.addInitializer(TensorProto.newBuilder()
                .setName("scale")
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addFloatData(0.02f));
        graph.addInitializer(TensorProto.newBuilder()
                .setName("zero")
                .setDataType(TensorProto.DataType.INT8_VALUE)
                .addInt32Data(0));
        for (String operator : List.of("DequantizeLinear", "QuantizeLinear")) {
            graph.addNode(
                    0,
                    NodeProto.newBuilder()
                            .setOpType(operator)
                            .addInput(operator.startsWith("Q") ? "input" : "q")
                            .addInput("scale")
                            .addInput("zero")
                            .addOutput(operator.startsWith("Q") ? "q" : "dequantised"));
        }
        graph.getNodeBuilder(2).setInput(0, "dequantised");
        return model.build().toByteArray();
    }

    private static SelfTest bare(String name, byte[] onnx) {
        OnnxFile file = OnnxFile.parse(name, onnx);
        OutputKind kind = new DescriptorInference(file, Preprocessing.UNSAID)
                .outputKind(file.outputs().get(0));
        return new SelfTest(Specimen.bare(file, kind));
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
        SelfTestFigures figures = new SelfTest(name, onnx.proto(), descriptor).run();
        assertThat(figures.slopes()).isLessThan(DifferenceQuotients.TOLERANCE);
        assertThat(figures.optimised()).isLessThan(1e-4);
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
        float[] even = test.asOutput(new float[] {0.25f, 0.25f, 0.25f, 0.25f, 0.25f}, 5);
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
