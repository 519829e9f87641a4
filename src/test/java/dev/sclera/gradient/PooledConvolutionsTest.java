package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PooledConvolutionsTest {

    private static final long[] IMAGES = {2, 4, 8, 10};
    private static final AttributeProto SQUARE = Attributes.of("kernel_shape", new long[] {2, 2});
    private static final AttributeProto LARGER_SQUARE = Attributes.of("kernel_shape", new long[] {3, 3});
    private static final AttributeProto STRIDES = Attributes.of("strides", new long[] {2, 2});
    private static final AttributeProto PADS = Attributes.of("pads", new long[] {1, 1, 1, 1});
    private static final AttributeProto COUNTING = Attributes.of("count_include_pad", 1L);
    private static final AttributeProto SAME = Attributes.of("auto_pad", "SAME_UPPER");
    private static final AttributeProto DILATED = Attributes.of("dilations", new long[] {2, 2});
    private static final AttributeProto CEIL = Attributes.of("ceil_mode", 1L);
    private static final List<AttributeProto> PLAIN = List.of();

    static Stream<Arguments> averages() {
        return Stream.of(
                Arguments.of("tiles", List.of(SQUARE, STRIDES)),
                Arguments.of("overlapping", List.of(LARGER_SQUARE, STRIDES)),
                Arguments.of("of what lies within the image", List.of(LARGER_SQUARE, STRIDES, PADS)),
                Arguments.of("padded by themselves", List.of(LARGER_SQUARE, STRIDES, SAME)),
                Arguments.of("counting a padding of none", List.of(SQUARE, STRIDES, COUNTING)),
                Arguments.of("with gaps", List.of(SQUARE, STRIDES, DILATED)),
                Arguments.of("rounded up where there is no rest", List.of(SQUARE, STRIDES, CEIL)),
                Arguments.of("as many as pixels, of fewer channels", List.of(LARGER_SQUARE, PADS)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("averages")
    void averagesComeFirstAndTheResultIsTheSame(String name, List<AttributeProto> pooling) throws Exception {
        StaticGraph source = graph(convolvedAndPooled(1, PLAIN, pooling).output("y"));
        StaticGraph pooled = PooledConvolutions.of(source);
        assertThat(operators(pooled)).containsExactly("AveragePool", "Conv");
        Map<String, long[]> inferred = TensorTypes.of(pooled.model()).shapes();
        assertThat(pooled.shapes()).containsAllEntriesOf(inferred);
        assertAgreement(pooled.model(), source.model(), Map.of("x", images()));
    }

    @Test
    void groupsStayGroups() throws Exception {
        List<AttributeProto> inGroups = List.of(Attributes.of("group", 2L));
        StaticGraph source =
                graph(convolvedAndPooled(2, inGroups, List.of(SQUARE, STRIDES)).output("y"));
        StaticGraph pooled = PooledConvolutions.of(source);
        assertThat(operators(pooled)).containsExactly("AveragePool", "Conv");
        assertAgreement(pooled.model(), source.model(), Map.of("x", images()));
    }

    static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of("averages of the padding too", PLAIN, List.of(LARGER_SQUARE, STRIDES, PADS, COUNTING)),
                Arguments.of(
                        "averages of their own padding too", PLAIN, List.of(LARGER_SQUARE, STRIDES, SAME, COUNTING)),
                Arguments.of(
                        "averages of a padding that gaps may skip", PLAIN, List.of(SQUARE, STRIDES, PADS, DILATED)),
                Arguments.of("a last window that reaches beyond", PLAIN, List.of(LARGER_SQUARE, STRIDES, CEIL)),
                Arguments.of("a convolution that strides", List.of(STRIDES), List.of(SQUARE, STRIDES)),
                Arguments.of("a convolution that pads", List.of(PADS), List.of(SQUARE, STRIDES)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void othersStay(String name, List<AttributeProto> convolution, List<AttributeProto> pooling) {
        StaticGraph source = graph(convolvedAndPooled(1, convolution, pooling).output("y"));
        assertThat(PooledConvolutions.of(source)).isSameAs(source);
    }

    @Test
    void aConvolutionOfSeveralPixelsStays() {
        StaticGraph source = graph(new ModelMaker(17)
                .input(IMAGES)
                .random("several", 3, 6, 4, 3, 3)
                .node("Conv", List.of("x", "several"), "convolved", PADS)
                .node("AveragePool", List.of("convolved"), "y", SQUARE, STRIDES)
                .output("y"));
        assertThat(PooledConvolutions.of(source)).isSameAs(source);
    }

    /** From 64 channels to 2: to average 64 channels is dear, unless it saves three quarters of the products. */
    @Test
    void averagesOfManyChannelsComeFirstWhereThatPays() {
        ModelMaker dear = narrowing().node("AveragePool", List.of("convolved"), "y", LARGER_SQUARE);
        StaticGraph source = graph(dear.output("y"));
        assertThat(PooledConvolutions.of(source)).isSameAs(source);

        ModelMaker saving = narrowing().node("AveragePool", List.of("convolved"), "y", SQUARE, STRIDES);
        assertThat(operators(PooledConvolutions.of(graph(saving.output("y"))))).containsExactly("AveragePool", "Conv");
    }

    private static ModelMaker narrowing() {
        return new ModelMaker(17)
                .input(2, 64, 8, 10)
                .random("few", 3, 2, 64, 1, 1)
                .node("Conv", List.of("x", "few"), "convolved");
    }

    @Test
    void whatElseReadsTheConvolutionStillFindsIt() {
        StaticGraph read = graph(convolvedAndPooled(1, PLAIN, List.of(SQUARE, STRIDES))
                .node("MaxPool", List.of("convolved"), "largest", SQUARE, STRIDES)
                .node("Add", List.of("y", "largest"), "both")
                .output("both"));
        assertThat(PooledConvolutions.of(read)).isSameAs(read);

        ModelMaker asked = convolvedAndPooled(1, PLAIN, List.of(SQUARE, STRIDES));
        asked.output("convolved");
        StaticGraph output = graph(asked.output("y"));
        assertThat(PooledConvolutions.of(output)).isSameAs(output);
    }

    @ParameterizedTest
    @ValueSource(longs = {9, 15})
    void aPoolingLargerThanWhatItPoolsIsRefused(long length) {
        AttributeProto large = Attributes.of("kernel_shape", new long[] {length, length});
        ModelProto classifier = convolvedAndPooled(1, PLAIN, List.of(large))
                .node("Flatten", List.of("y"), "logits")
                .output("logits");
        assertThatThrownBy(() -> gradient(classifier, false)).isInstanceOf(UnsupportedGraphException.class);
    }

    @Test
    void aFeatureStaysThoughItIsAveraged() {
        ModelProto network = classifier(false);
        assertThat(operators(
                        FeatureGraph.of(network, 2, new Layers.Convolutions()).model()))
                .startsWith("Conv", "AveragePool");
        assertThat(operators(FeatureGraph.of(network, 2, new Layers.Named(List.of("convolved", "rectified")))
                        .model()))
                .startsWith("Conv", "AveragePool");
        assertThat(operators(FeatureGraph.of(network, 2, new Layers.Named(List.of("rectified")))
                        .model()))
                .startsWith("AveragePool", "Conv");
    }

    @Test
    void slopesOfFeaturesAreTheSame() throws Exception {
        Layers rectified = new Layers.Named(List.of("rectified"));
        FeatureLoss loss = new FeatureLoss.LogNorms();
        ModelProto pooled =
                FeatureGraph.derive(classifier(false), 2, rectified, loss).model();
        ModelProto apart =
                FeatureGraph.derive(classifier(true), 2, rectified, loss).model();
        assertAveragesFirst(pooled, apart);
        assertAgreement(pooled, apart, Map.of("x", images()));

        long pixels = Tensors.size(IMAGES) / 2;
        Map<String, TensorProto> inputs = Map.of(
                "x",
                images(),
                JacobianPowerGraph.DIRECTION,
                Tensors.of(JacobianPowerGraph.DIRECTION, ModelMaker.uniform(8, Tensors.size(IMAGES)), 2, pixels));
        assertAgreement(
                JacobianPowerGraph.derive(classifier(false), 2, rectified, 4, "x"),
                JacobianPowerGraph.derive(classifier(true), 2, rectified, 4, "x"),
                inputs);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void slopesOfImagesAreTheSame(boolean forCaches) throws Exception {
        ModelProto pooled = gradient(classifier(false), forCaches);
        ModelProto apart = gradient(classifier(true), forCaches);
        assertAveragesFirst(pooled, apart);
        Map<String, long[]> shapes = TensorTypes.of(pooled).shapes();
        assertThat(pooled.getGraph().getNodeList())
                .filteredOn(node -> node.getOpType().equals("Conv") && shapes.get(node.getInput(1))[2] == 1)
                .as("there and back it convolves what is averaged")
                .extracting(node -> shapes.get(node.getInput(0)))
                .containsExactly(new long[] {2, 4, 4, 5}, new long[] {2, 6, 4, 5});
        assertAgreement(pooled, apart, Map.of("x", images(), GradientGraph.LABELS, labels()));
    }

    @ParameterizedTest
    @EnumSource
    void slopesOfParametersAreTheSame(TrainingGraph.Normalisation normalisation) throws Exception {
        TrainingGraph pooled = training(classifier(false), normalisation);
        TrainingGraph apart = training(classifier(true), normalisation);
        assertAveragesFirst(pooled.model(), apart.model());
        Map<String, TensorProto> inputs = new HashMap<>(Map.of("x", images(), GradientGraph.LABELS, labels()));
        inputs.put(TrainingGraph.WEIGHTS, Tensors.of(TrainingGraph.WEIGHTS, new float[] {1, 0.5f}, 2));
        pooled.variables().forEach(variable -> inputs.put(variable.input(), variable.initial()));
        assertAgreement(pooled.model(), apart.model(), inputs);
    }

    /** {@code x → convolved → y}. */
    private static ModelMaker convolvedAndPooled(
            int groups, List<AttributeProto> convolution, List<AttributeProto> pooling) {
        return new ModelMaker(19)
                .input(IMAGES)
                .random("w", 1, 6, IMAGES[1] / groups, 1, 1)
                .random("b", 2, 6)
                .node("Conv", List.of("x", "w", "b"), "convolved", convolution.toArray(AttributeProto[]::new))
                .node("AveragePool", List.of("convolved"), "y", pooling.toArray(AttributeProto[]::new));
    }

    /** @param apart whether something that changes nothing lies between the convolution and the averages */
    private static ModelProto classifier(boolean apart) {
        ModelMaker maker = new ModelMaker(17)
                .input(IMAGES)
                .random("w", 1, 6, IMAGES[1], 1, 1)
                .random("b", 2, 6)
                .random("w2", 3, 5, 6, 3, 3)
                .random("scale", 5, 6)
                .random("shift", 6, 6)
                .random("mean", 7, 6)
                .weight(Tensors.of("variance", new float[] {1, 2, 3, 1, 2, 3}, 6))
                .weight(Tensors.of("least", new float[] {-1e6f}))
                .node("Conv", List.of("x", "w", "b"), "convolved");
        if (apart) {
            maker.node("Clip", List.of("convolved", "least"), "the same");
        }
        return maker.node("AveragePool", List.of(apart ? "the same" : "convolved"), "pooled", SQUARE, STRIDES)
                .node("BatchNormalization", List.of("pooled", "scale", "shift", "mean", "variance"), "normalised")
                .node("Relu", List.of("normalised"), "rectified")
                .node("Conv", List.of("rectified", "w2"), "again")
                .node("GlobalAveragePool", List.of("again"), "vector")
                .node("Flatten", List.of("vector"), "logits")
                .output("logits");
    }

    private static ModelProto gradient(ModelProto classifier, boolean forCaches) {
        GradientGraph.Output logits = GradientGraph.Output.LOGITS;
        Loss loss = new Loss.CrossEntropy();
        return (forCaches
                        ? GradientGraph.deriveForCaches(classifier, logits, 2, loss)
                        : GradientGraph.derive(classifier, logits, 2, loss))
                .model();
    }

    private static TrainingGraph training(ModelProto classifier, TrainingGraph.Normalisation normalisation) {
        // what is added before the batch's own mean is taken away has no slope but noise
        Set<String> others =
                normalisation == TrainingGraph.Normalisation.FIXED ? Set.of("least") : Set.of("least", "b");
        return TrainingGraph.sums(
                classifier,
                GradientGraph.Output.LOGITS,
                2,
                new TrainingGraph.Training(
                        new Loss.CrossEntropy(),
                        parameter -> !others.contains(parameter),
                        new Optimiser.Sgd(0, 0, false),
                        normalisation));
    }

    private static StaticGraph graph(ModelProto model) {
        return StaticGraph.of(model, 2);
    }

    private static List<String> operators(StaticGraph graph) {
        return operators(graph.model());
    }

    private static List<String> operators(ModelProto model) {
        return model.getGraph().getNodeList().stream().map(NodeProto::getOpType).toList();
    }

    private static void assertAveragesFirst(ModelProto pooled, ModelProto apart) {
        assertThat(operators(pooled)).startsWith("AveragePool", "Conv");
        assertThat(operators(apart)).startsWith("Conv", "Clip", "AveragePool");
    }

    private static TensorProto images() {
        return Tensors.of("x", ModelMaker.uniform(4, Tensors.size(IMAGES)), IMAGES);
    }

    private static TensorProto labels() {
        return Tensors.of(GradientGraph.LABELS, new long[] {2, 0}, 2);
    }

    private static void assertAgreement(ModelProto actual, ModelProto expected, Map<String, TensorProto> inputs)
            throws OrtException {
        Map<String, float[]> values = Runtime.run(actual, OptLevel.NO_OPT, inputs);
        Map<String, float[]> wanted = Runtime.run(expected, OptLevel.NO_OPT, inputs);
        assertThat(values).containsOnlyKeys(wanted.keySet());
        wanted.forEach((output, each) ->
                assertThat(Errors.relative(values.get(output), each)).as(output).isLessThan(1e-5));
    }
}
