package dev.sclera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.dataset.PerturbationImport.Request;
import dev.sclera.dataset.image.Png;
import dev.sclera.dataset.image.Samples;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.embedded.Workspace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Perturbations from and to files, through a real S3. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PerturbationExchangeTest {

    private static final int HEIGHT = 4;
    private static final int WIDTH = 6;
    private static final float BOUND = 8 / 255f;

    @TempDir
    Path folder;

    private Workspace workspace;
    private Artifacts artifacts;
    private Perturbations perturbations;
    private PerturbationImport imports;
    private PerturbationExport exports;

    @BeforeAll
    void open(@TempDir Path temporary) {
        workspace = Workspace.open(temporary, 0);
        artifacts = new Artifacts(workspace.objects());
        perturbations = new Perturbations(artifacts);
        imports = new PerturbationImport(perturbations);
        exports = new PerturbationExport(perturbations);
    }

    @AfterAll
    void close() {
        workspace.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h,w,3", "1,h,w,3", "3,h,w", "1,3,h,w"})
    void everyLayoutOfOneDeltaIsOnePerturbation(String layout) throws IOException {
        float[] values = noise(1);
        boolean planes = layout.contains("3,h");
        float[] stored = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            stored[planes ? i % 3 * HEIGHT * WIDTH + i / 3 : i] = values[i];
        }
        int[] shape = Arrays.stream(layout.replace("h", "4").replace("w", "6").split(","))
                .mapToInt(Integer::parseInt)
                .toArray();

        Perturbation imported = imports.run(request(npy("layout.npy", Npy.of(stored, shape))));

        assertThat(perturbations.read(imported).values()).isEqualTo(values);
        assertThat(imported.imported()).isTrue();
        assertThat(imported.models()).isEmpty();
        assertThat(imported.epsilon()).isEqualTo(imported.norms().linf());
        assertThat(artifacts.objects().list("perturbations/" + imported.id() + "/"))
                .contains(
                        Keys.perturbation(imported.id()),
                        Keys.perturbationFile(imported.id(), "delta.png"),
                        Keys.perturbationFile(imported.id(), "spectrum.svg"));
    }

    @Test
    void greyIsThreeEqualChannels() throws IOException {
        Perturbation imported = imports.run(request(npy("grey.npy", Npy.of(new float[] {0.1f, -0.2f}, 1, 2))));

        assertThat(perturbations.read(imported).values()).containsExactly(0.1f, 0.1f, 0.1f, -0.2f, -0.2f, -0.2f);
    }

    @Test
    void stepsOf8BitsInDoublePrecisionAreScaled() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(2 * 8).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(8).putDouble(-4).flip();
        Path file = npy("steps.npy", new Npy(Npy.Type.FLOAT64, new int[] {1, 2}, data));

        Perturbation imported = imports.run(new Request(file, null, "linf", 8 / 255.0, 255.0, null));

        assertThat(perturbations.read(imported).values()).startsWith(BOUND).endsWith(-4 / 255f);
        assertThatThrownBy(() -> imports.run(request(file)))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("row 0, column 0, channel 0")
                .hasMessageContaining("--scale 255");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 1.5f, 0})
    void valuesThatAreNoPerturbationAreRefused(float value) throws IOException {
        Path file = npy("bad.npy", Npy.of(new float[] {0, value}, 1, 2));

        assertThatThrownBy(() -> imports.run(request(file)))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("bad.npy");
    }

    @Test
    void aShapeThatIsNoImageIsRefused() throws IOException {
        Path file = npy("shape.npy", Npy.of(new float[24], 2, 4, 3, 1));

        assertThatThrownBy(() -> imports.run(request(file)))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("[2, 4, 3, 1]")
                .hasMessageContaining("[3,h,w]");
    }

    @ParameterizedTest
    @CsvSource({"linf", "l2", "l1"})
    void aDeltaBeyondTheStatedBoundIsRefusedAndOneAtItIsNot(String norm) throws IOException {
        Path file = npy("bound.npy", Npy.of(noise(2), HEIGHT, WIDTH, 3));
        double size = imports.run(new Request(file, null, norm, null, null, null))
                .norms()
                .in(norm);

        assertThat(imports.run(new Request(file, null, norm, size, null, null)).epsilon())
                .isEqualTo(size);
        assertThatThrownBy(() -> imports.run(new Request(file, null, norm, 0.99 * size, null, null)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("epsilon")
                .hasMessageContaining(Double.toString(size));
    }

    @Test
    void anExportedArrayComesBackAsItWas() throws IOException {
        Perturbation first = imports.run(request(npy("first.npy", Npy.of(noise(3), HEIGHT, WIDTH, 3))));
        Path file = folder.resolve("exported.npy");

        exports.write(first, file);
        Perturbation again = imports.run(new Request(file, "first", "linf", first.epsilon(), null, null));

        assertThat(again).isEqualTo(first);
    }

    @Test
    void anExportedPictureComesBackWithinItsRounding() throws IOException {
        float[] values = noise(4);
        Perturbation first = imports.run(request(npy("noise.npy", Npy.of(values, HEIGHT, WIDTH, 3))));
        Path file = folder.resolve("noise.png");

        exports.write(first, file);
        float[] back = perturbations.read(imports.run(request(file))).values();

        for (int i = 0; i < values.length; i++) {
            assertThat((double) back[i])
                    .isCloseTo(values[i], within(first.norms().linf() / 65_534 * 1.0001));
        }
    }

    @Test
    void aPictureOfSignsComesBackExactly() throws IOException {
        float[] values = noise(5);
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 5 == 0 ? 0 : Math.signum(values[i]) * BOUND;
        }
        Perturbation first = imports.run(request(npy("signs.npy", Npy.of(values, HEIGHT, WIDTH, 3))));
        Path file = folder.resolve("signs.png");

        exports.write(first, file);

        assertThat(perturbations
                        .read(imports.run(new Request(file, null, "linf", 8 / 255.0, null, null)))
                        .values())
                .isEqualTo(values);
        assertThatThrownBy(() -> imports.run(new Request(file, null, "linf", null, null, 10.0)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("amplification");
    }

    @ParameterizedTest
    @CsvSource({"8, , 8, 0.031372549", "8, 10, 80, 0.031372549", "16, , 2056, 0.031372549", "16, 4, 8224, 0.031372549"})
    void aPictureMadeElsewhereIsAboutMidGrey(int depth, @Nullable Double amplification, int above, double expected)
            throws IOException {
        int zero = 1 << depth - 1;
        int[] samples = {zero, zero + above, zero - above};
        Path file =
                Files.write(folder.resolve("elsewhere.png"), Png.encode(new Samples(1, 1, depth, samples, Map.of())));

        float[] values = perturbations
                .read(imports.run(new Request(file, null, "linf", null, null, amplification)))
                .values();

        assertThat(values[0]).isZero();
        assertThat((double) values[1]).isCloseTo(expected, within(1e-8));
        assertThat((double) values[2]).isCloseTo(-expected, within(1e-8));
    }

    /** At 10 times, one step of a picture is 0.1/255: 81 of them are more than rounding can make of 8/255. */
    @Test
    void aPictureMayExceedItsBoundByItsRoundingAlone() throws IOException {
        Path file = Files.write(
                folder.resolve("beyond.png"), Png.encode(new Samples(1, 1, 8, new int[] {128, 128, 209}, Map.of())));

        Perturbation within = imports.run(new Request(file, null, "linf", 8.06 / 255, null, 10.0));

        assertThat(within.norms().linf()).isCloseTo(8.06 / 255, within(1e-8));
        assertThatThrownBy(() -> imports.run(new Request(file, null, "linf", 8 / 255.0, null, 10.0)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("epsilon");
    }

    @Test
    void noFileIsWrittenOver() throws IOException {
        Perturbation perturbation = imports.run(request(npy("kept.npy", Npy.of(noise(6), HEIGHT, WIDTH, 3))));
        Path file = Files.writeString(folder.resolve("notes.npy"), "notes");

        assertThatThrownBy(() -> exports.write(perturbation, file)).isInstanceOf(ConflictException.class);

        assertThat(file).hasContent("notes");
        assertThatThrownBy(() -> exports.write(perturbation, folder.resolve("delta.gif")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(".npy or .png");
    }

    private static Request request(Path file) {
        return new Request(file, null, "linf", null, null, null);
    }

    private Path npy(String name, Npy array) throws IOException {
        return Files.write(folder.resolve(name), array.encode());
    }

    private static float[] noise(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[HEIGHT * WIDTH * 3];
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) random.nextDouble(-BOUND, BOUND));
        return values;
    }
}
