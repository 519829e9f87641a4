package dev.sclera.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.sclera.dataset.Images;
import dev.sclera.gradient.Loss;
import dev.sclera.model.ModelDescriptor.Channels;
import dev.sclera.model.ModelDescriptor.Layout;
import dev.sclera.model.ModelDescriptor.OutputKind;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.S3ObjectStore;
import dev.sclera.store.Sha256;
import dev.sclera.store.embedded.Workspace;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models put into a real S3, good ones and bad ones. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelsTest {

    private static final Preprocessing HALF =
            new Preprocessing(null, null, null, null, List.of(0.5), List.of(0.5), null, null);

    private static final int SIDE = 16;

    @TempDir
    Path folder;

    private Workspace workspace;
    private S3ObjectStore objects;
    private Artifacts artifacts;
    private Models models;

    @BeforeAll
    void open(@TempDir Path temporary) {
        workspace = Workspace.open(temporary, 0);
        objects = workspace.objects();
        artifacts = new Artifacts(objects);
        models = new Models(artifacts);
    }

    @AfterAll
    void close() {
        objects.close();
        workspace.close();
    }

    @Test
    void anImportedModelIsFoundAgainAsItWas() throws IOException {
        Model imported =
                models.importFile(file("Good One.onnx", TinyGrader.seeded(1).onnx()), null, HALF);
        assertThat(imported.name()).isEqualTo("good-one");
        assertThat(models.get("good-one")).isEqualTo(imported);
        assertThat(models.names()).contains("good-one");
        assertThat(models.onnx(imported)).isEqualTo(TinyGrader.seeded(1).onnx());
    }

    @Test
    void whatTheUserSaysGoesBeforeTheSidecar() throws IOException {
        Path file = file("beside.onnx", TinyGrader.seeded(1).size(0).onnx());
        Files.writeString(
                folder.resolve("beside.json"),
                "{\"inputSize\": 24, \"mean\": [0.1, 0.2, 0.3], \"std\": [0.4, 0.5, 0.6], \"epochs\": 3}");
        ModelDescriptor beside =
                models.importFile(file, null, Preprocessing.UNSAID).descriptor();
        assertThat(beside.height()).isEqualTo(24);
        assertThat(beside.mean()).containsExactly(0.1, 0.2, 0.3);
        assertThat(beside.std()).containsExactly(0.4, 0.5, 0.6);
        assertThat(models.importFile(file, null, HALF).descriptor().mean()).containsExactly(0.5, 0.5, 0.5);
    }

    @Test
    void whatIsWrittenBesideAnExportedModelDescribesItAsItWas() throws IOException {
        Preprocessing unusual = new Preprocessing(
                24,
                null,
                ModelDescriptor.Channels.BGR,
                255.0,
                List.of(1.0, 2.0, 3.0),
                List.of(4.0, 5.0, 6.0),
                ModelDescriptor.OutputKind.LOGITS,
                null);
        byte[] onnx = TinyGrader.seeded(1).size(0).onnx();
        Model first = models.importFile(file("first.onnx", onnx), "first", unusual);

        Path again = file("again.onnx", models.onnx(first));
        Files.write(folder.resolve("again.json"), models.sidecar(first));

        assertThat(models.importFile(again, "again", Preprocessing.UNSAID).descriptor())
                .isEqualTo(first.descriptor());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"inputSize": 16}                                  | --mean
            {"inputSize": "16", "mean": 0, "std": 1}           | "inputSize" is "16"
            {"mean": ["0.5", "0.5", "0.5"], "std": 1}          | "mean" is ["0.5","0.5","0.5"]
            {"mean": 0.5, "std": {"r": 1}}                     | "std" is {"r":1}
            {"mean": [0.5, 0.5], "std": 1}                     | mean
            {"mean": 0.5, "std": 0}                            | std
            {"mean": 0.5, "std": 1, "layout": "CHWN"}          | "layout" is "CHWN"
            {"mean": 0.5,                                      | not readable as JSON
            """)
    void aSidecarThatDoesNotSayItRightIsAnErrorThatNamesTheFigure(String json, String named) throws IOException {
        Path file = file("odd.onnx", TinyGrader.seeded(1).onnx());
        Files.writeString(folder.resolve("odd.json"), json);
        assertThatThrownBy(() -> models.importFile(file, null, Preprocessing.UNSAID))
                .isInstanceOfAny(UnusableInputException.class, InvalidValueException.class)
                .hasMessageContaining(named);
        assertThat(artifacts.objects().list("models/odd/")).isEmpty();
    }

    @Test
    void whatIsNoGraderIsRefusedAndNothingIsKept() throws IOException {
        byte[] good = TinyGrader.seeded(1).onnx();
        refused("text", "this is not a model".getBytes(StandardCharsets.UTF_8), "ONNX");
        refused("empty", new byte[0], "empty");
        refused("cut", Arrays.copyOf(good, good.length / 2), "complete");
        refused("three", TinyGrader.seeded(1).classes(3).onnx(), "five");
        refused("many", TinyGrader.seeded(1).batch(1_000_000).onnx(), "1000000 images at once");
        refused("open", TinyGrader.seeded(1).size(0).onnx(), "--size");
        refused("custom", custom().toByteArray(), "acme.Magic");
        refused("external", external().toByteArray(), "separate file");
        refused("hidden", hidden().toByteArray(), "separate file");
        assertThatThrownBy(() -> models.importFile(folder.resolve("none.onnx"), null, HALF))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("none.onnx");
        assertThatThrownBy(() -> models.importFile(folder, "a-folder", HALF))
                .isInstanceOf(UnusableInputException.class);
    }

    private void refused(String name, byte[] onnx, String said) throws IOException {
        Path file = file(name + ".onnx", onnx);
        assertThatThrownBy(() -> models.importFile(file, null, HALF))
                .as(name)
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("\"" + name + "\"")
                .hasMessageContaining(said)
                .hasMessageNotContaining("\n");
        assertThat(artifacts.objects().list("models/" + name + "/")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../escape", "a/b", "A", "", "a..b", ".hidden"})
    void aNameThatIsNoNameIsRefused(String name) throws IOException {
        Path file = file("named.onnx", TinyGrader.seeded(1).onnx());
        assertThatThrownBy(() -> models.importFile(file, name, HALF)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> models.get(name)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void aModelThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
        models.importFile(file("there.onnx", TinyGrader.seeded(1).onnx()), null, HALF);
        assertThatThrownBy(() -> models.get("elsewhere"))
                .isInstanceOf(MissingArtifactException.class)
                .hasMessageContaining("elsewhere")
                .hasMessageContaining("there");
    }

    @Test
    void anUploadWithoutADescriptorIsAskedForWhatItDoesNotSay() {
        objects.put(Keys.model("bare"), TinyGrader.seeded(1).onnx(), "application/octet-stream");
        assertThatThrownBy(() -> models.get("bare"))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("--mean")
                .hasMessageContaining("model.json");
        assertThat(objects.exists(Keys.descriptor("bare"))).isFalse();
    }

    /** A model.json of the owner's says how it is fed, and not that it works. */
    @Test
    void anUploadWithADescriptorOfItsOwnIsTestedOnceAndThatIsRemembered() throws IOException {
        byte[] good = TinyGrader.seeded(1).onnx();
        Model model = models.importFile(file("own.onnx", good), null, HALF);
        byte[] descriptor = objects.get(Keys.descriptor("own"));
        objects.put(Keys.descriptor("uploaded"), descriptor, "application/json");
        objects.put(Keys.model("uploaded"), good, "application/octet-stream");
        Model uploaded = models.get("uploaded");
        assertThat(uploaded.id()).isEqualTo(model.id());
        String key = Keys.selfTest("uploaded", SelfTestRecord.recipe(uploaded).id());
        assertThat(objects.list("models/uploaded/self-test/")).containsExactly(key);
        SelfTestRecord tested = artifacts.get("model", key, SelfTestRecord.class);
        assertThat(tested.figures().slopes()).isLessThan(DifferenceQuotients.TOLERANCE);
        assertThat(tested.recipe().inputs()).containsEntry("model", uploaded.id());

        objects.put(Keys.model("uploaded"), broken(), "application/octet-stream");
        assertThatThrownBy(() -> models.get("uploaded"))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("NaN");
        assertThat(objects.list("models/uploaded/self-test/")).containsExactly(key);

        Model passed = new Model("uploaded", Sha256.of(broken()), uploaded.descriptor());
        artifacts.publish(
                Keys.selfTest("uploaded", SelfTestRecord.recipe(passed).id()), tested);
        assertThat(models.get("uploaded")).isEqualTo(passed);
    }

    private static byte[] broken() {
        ModelProto.Builder model = TinyGrader.seeded(1).proto().toBuilder();
        model.getGraphBuilder().getInitializerBuilder(3).setFloatData(0, Float.NaN);
        return model.build().toByteArray();
    }

    @Test
    void anotherUploadUnderTheNameIsAnotherModel() throws IOException {
        Model first = models.importFile(file("again.onnx", TinyGrader.seeded(1).onnx()), null, HALF);
        objects.put(Keys.model("again"), TinyGrader.seeded(2).onnx(), "application/octet-stream");
        assertThat(models.get("again").id()).isNotEqualTo(first.id());
        objects.put(Keys.model("again"), TinyGrader.seeded(2).size(24).onnx(), "application/octet-stream");
        assertThatThrownBy(() -> models.get("again"))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("has 16 as \"height\", where 24 is needed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "grades" : 5      | "grades" : 7       | grades
            "input" : "input" | "input" : "pixels" | input
            "std" : [ 0.5,    | "std" : [ 0.0,     | std
            "NCHW"            | "NHWC"             | layout
            "sclera/model/1"  | "sclera/model/9"   | schema
            "height" : 16     | "height" : 16, "hight" : 16 | hight
            """)
    void aDescriptorThatContradictsItsModelIsRefused(String right, String wrong, String field) throws IOException {
        models.importFile(file("edited.onnx", TinyGrader.seeded(1).onnx()), null, HALF);
        String json = new String(objects.get(Keys.descriptor("edited")), StandardCharsets.UTF_8);
        assertThat(json).contains(right);
        objects.put(
                Keys.descriptor("edited"),
                json.replace(right, wrong).getBytes(StandardCharsets.UTF_8),
                "application/json");
        assertThatThrownBy(() -> models.get("edited")).hasMessageContaining(field);
    }

    @Test
    void gradesAsOnnxRuntimeItselfDoes() throws Exception {
        Images images = images(11);
        byte[] onnx = TinyGrader.seeded(3).onnx();
        for (byte[] variant : List.of(
                onnx,
                TinyGrader.seeded(3).batch(1).onnx(),
                TinyGrader.seeded(3).channelsLast().softmax().onnx())) {
            Model model = models.importFile(file("same.onnx", variant), null, HALF);
            try (Grader grader = models.grader(model, SIDE, SIDE)) {
                List<Grade> grades = grader.grade(images, graded -> {});
                for (int i = 0; i < images.count(); i++) {
                    double[] expected = softmax(plain(onnx, images, i));
                    assertThat(grades.get(i).probabilities()).containsExactly(expected, within(1e-5));
                }
            }
        }
    }

    @Test
    void theReceiverOfProgressMayThrowWithoutHarm() throws IOException {
        Model model = models.importFile(file("thrown.onnx", TinyGrader.seeded(3).onnx()), null, HALF);
        for (int round = 0; round < 10; round++) {
            assertThatThrownBy(() -> {
                        try (Grader grader = models.grader(model, SIDE, SIDE)) {
                            grader.grade(images(64), graded -> {
                                throw new IllegalStateException("cut off");
                            });
                        }
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("cut off");
        }
    }

    /** BGR, a scale of 255 and channels last: each is undone by hand on what a plain model is fed. */
    @Test
    void feedsPixelsAsTheDescriptorSays() throws Exception {
        Images images = images(3);
        Preprocessing said = new Preprocessing(
                null,
                null,
                Channels.BGR,
                255.0,
                List.of(100.0, 110.0, 120.0),
                List.of(50.0, 60.0, 70.0),
                OutputKind.LOGITS,
                null);
        byte[] onnx = TinyGrader.seeded(4).onnx();
        Model model = models.importFile(file("bgr.onnx", onnx), null, said);
        double[] mean = {100, 110, 120};
        double[] std = {50, 60, 70};
        try (Grader grader = models.grader(model, SIDE, SIDE)) {
            Grade grade = grader.grade(images, graded -> {}).get(1);
            float[] fed = new float[3 * SIDE * SIDE];
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                for (int channel = 0; channel < 3; channel++) {
                    int value = images.pixels()[(SIDE * SIDE + pixel) * 3 + 2 - channel] & 0xff;
                    fed[channel * SIDE * SIDE + pixel] = (float) ((value - mean[channel]) / std[channel]);
                }
            }
            assertThat(grade.probabilities()).containsExactly(softmax(run(onnx, fed)), within(1e-5));
        }
        assertThat(model.descriptor().layout()).isEqualTo(Layout.NCHW);
    }

    /** The gradient through clipping, a view or none, resize and normalisation against central differences. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSlopeOfDeltaIsThatOfTheLoss(boolean viewed) throws IOException {
        List<PixelView> views = viewed ? List.of(new Mirrored(), new Mirrored(), new Mirrored()) : List.of();
        Model model = models.importFile(
                file("slope.onnx", TinyGrader.seeded(5).size(12).onnx()), null, HALF);
        Images images = images(3);
        int[] rows = {0, 1, 2};
        int[] labels = {0, 3, 4};
        Random random = new Random(5);
        float[] delta = new float[3 * SIDE * SIDE];
        for (int i = 0; i < delta.length; i++) {
            delta[i] = (random.nextFloat() - 0.5f) * 0.4f;
        }
        try (ImageGradients gradients = models.gradients(model, new Loss.CrossEntropy(), SIDE, SIDE)) {
            ImageGradients.Query query = new ImageGradients.Query(images, rows, labels, new float[0][], views);
            float[] slope = gradients.of(query, delta).gradient();
            double largest = IntStream.range(0, slope.length)
                    .mapToDouble(i -> Math.abs(slope[i]))
                    .max()
                    .orElseThrow();
            float[] direction = new float[delta.length];
            double expected = 0;
            float step = 2e-3f;
            for (int i = 0; i < delta.length; i++) {
                boolean smooth = true;
                for (int row : rows) {
                    double at = (images.pixels()[row * delta.length + i] & 0xff) / 255.0 + delta[i];
                    // a difference across the kink of the clip is no slope
                    smooth &= Math.abs(at) > 2 * step && Math.abs(at - 1) > 2 * step;
                }
                direction[i] = smooth ? Math.signum(slope[i]) : 0;
                expected += direction[i] * slope[i];
            }
            double up = loss(gradients, query, moved(delta, direction, step));
            double down = loss(gradients, query, moved(delta, direction, -step));
            assertThat(largest).isPositive();
            assertThat((up - down) / (2 * step)).isCloseTo(expected, within(0.01 * Math.abs(expected)));
        }
    }

    @Test
    void aModelThatInsistsOnOneImageHasGradientsToo() throws IOException {
        Model one =
                models.importFile(file("one.onnx", TinyGrader.seeded(6).batch(1).onnx()), null, HALF);
        Model any = models.importFile(file("any.onnx", TinyGrader.seeded(6).onnx()), null, HALF);
        Images images = images(5);
        int[] rows = {0, 1, 2, 3, 4};
        float[] none = new float[3 * SIDE * SIDE];
        try (ImageGradients first = models.gradients(one, new Loss.CrossEntropy(), SIDE, SIDE);
                ImageGradients second = models.gradients(any, new Loss.CrossEntropy(), SIDE, SIDE)) {
            assertThat(first.of(new ImageGradients.Query(images, rows, rows), none)
                            .gradient())
                    .containsExactly(
                            second.of(new ImageGradients.Query(images, rows, rows), none)
                                    .gradient(),
                            within(1e-6f));
        }
        assertThatCode(() -> models.get("one")).doesNotThrowAnyException();
    }

    @Test
    void theSlopesOfTheImagesAddUpToTheirSum() throws IOException {
        Model model = models.importFile(file("each.onnx", TinyGrader.seeded(8).onnx()), null, HALF);
        int[] rows = IntStream.range(0, 11).toArray();
        int[] labels = Arrays.stream(rows).map(row -> row % 5).toArray();
        ImageGradients.Query query = new ImageGradients.Query(images(11), rows, labels);
        float[] delta = new float[3 * SIDE * SIDE];
        try (ImageGradients gradients = models.gradients(model, new Loss.CrossEntropy(), SIDE, SIDE)) {
            float[][] each = gradients.each(query, delta).gradients();

            float[] sum = new float[delta.length];
            for (float[] slope : each) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += slope[i];
                }
            }
            assertThat(each).hasDimensions(11, 3 * SIDE * SIDE);
            assertThat(each[1]).isNotEqualTo(each[2]);
            assertThat(sum).containsExactly(gradients.of(query, delta).gradient(), within(1e-5f));
            assertThat(each[7])
                    .containsExactly(
                            gradients
                                    .of(new ImageGradients.Query(query.images(), new int[] {7}, new int[] {2}), delta)
                                    .gradient(),
                            within(1e-5f));
        }
    }

    /** Left and right change places, and all becomes a bit darker. */
    private record Mirrored() implements PixelView {

        @Override
        public void see(float[] image, float[] seen) {
            for (int i = 0; i < image.length; i++) {
                int pixel = i / 3;
                int mirrored = pixel / SIDE * SIDE + SIDE - 1 - pixel % SIDE;
                seen[mirrored * 3 + i % 3] = 0.8f * image[i];
            }
        }

        @Override
        public void back(float[] slope, float[] onto) {
            see(slope, onto);
        }
    }

    private static double loss(ImageGradients gradients, ImageGradients.Query query, float[] delta) {
        return Arrays.stream(gradients.of(query, delta).losses()).sum();
    }

    private static float[] moved(float[] delta, float[] direction, float step) {
        float[] moved = delta.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += step * direction[i];
        }
        return moved;
    }

    private static float[] plain(byte[] onnx, Images images, int row) throws Exception {
        float[] fed = new float[3 * SIDE * SIDE];
        for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
            for (int channel = 0; channel < 3; channel++) {
                int value = images.pixels()[(row * SIDE * SIDE + pixel) * 3 + channel] & 0xff;
                fed[channel * SIDE * SIDE + pixel] = (value / 255f - 0.5f) / 0.5f;
            }
        }
        return run(onnx, fed);
    }

    private static float[] run(byte[] onnx, float[] fed) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx);
                OnnxTensor tensor =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(fed), new long[] {1, 3, SIDE, SIDE});
                OrtSession.Result result = session.run(Map.of("input", tensor))) {
            return ((float[][]) result.get(0).getValue())[0];
        }
    }

    private static double[] softmax(float[] logits) {
        double[] powers = IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp(logits[i]))
                .toArray();
        double sum = Arrays.stream(powers).sum();
        return Arrays.stream(powers).map(power -> power / sum).toArray();
    }

    private static Images images(int count) {
        byte[] pixels = new byte[count * 3 * SIDE * SIDE];
        new Random(9).nextBytes(pixels);
        return new Images(
                SIDE,
                SIDE,
                pixels,
                new int[count],
                IntStream.range(0, count).mapToObj(Integer::toString).toList());
    }

    private Path file(String name, byte[] onnx) throws IOException {
        return Files.write(folder.resolve(name), onnx);
    }

    private static ModelProto custom() {
        ModelProto.Builder model = TinyGrader.seeded(1).proto().toBuilder();
        model.getGraphBuilder().getNodeBuilder(1).setDomain("acme").setOpType("Magic");
        return model.build();
    }

    private static ModelProto external() {
        ModelProto.Builder model = TinyGrader.seeded(1).proto().toBuilder();
        elsewhere(model.getGraphBuilder().getInitializerBuilder(0));
        return model.build();
    }

    /** In the attribute of a Constant, where the runtime looks too. */
    private static ModelProto hidden() {
        ModelProto.Builder model = TinyGrader.seeded(1).proto().toBuilder();
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName("secret").setDataType(TensorProto.DataType.FLOAT_VALUE);
        elsewhere(tensor);
        model.getGraphBuilder()
                .addNode(NodeProto.newBuilder()
                        .setOpType("Constant")
                        .addOutput("read")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("value")
                                .setType(AttributeProto.AttributeType.TENSOR)
                                .setT(tensor)));
        return model.build();
    }

    private static void elsewhere(TensorProto.Builder tensor) {
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("../../secret"));
    }
}
