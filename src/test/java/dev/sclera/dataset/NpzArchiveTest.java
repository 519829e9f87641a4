package dev.sclera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sclera.dataset.Rejection.Reason;
import dev.sclera.dataset.image.ImageDecoder;
import dev.sclera.problem.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzArchiveTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void imagesAndGradesAreReadStoredAndDeflated(boolean deflated) throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("train_images", Npy.of(counted(2 * 4 * 4 * 3), 2, 4, 4, 3).encode());
        entries.put("train_labels", Npy.of(new byte[] {3, 1}, 2, 1).encode());
        entries.put("test_images", Npy.of(counted(4 * 4), 1, 4, 4).encode());
        entries.put("test_labels", Npy.of(new long[] {4}, 1).encode());

        try (ImageSource source = Layouts.open(npz(entries, deflated))) {
            assertThat(source.ownSplits()).isTrue();
            assertThat(source.candidates())
                    .extracting(Candidate::split, Candidate::name, Candidate::grade)
                    .containsExactly(
                            tuple("train", "train_00000", 3),
                            tuple("train", "train_00001", 1),
                            tuple("test", "test_00000", 4));
            Candidate second = source.candidates().get(1);
            assertThat(second.bytes()[0]).isEqualTo((byte) 48);
            assertThat(second.decode(second.bytes(), new ImageDecoder()).rgb()).isEqualTo(second.bytes());
            Candidate grey = source.candidates().get(2);
            assertThat(grey.decode(grey.bytes(), new ImageDecoder()).rgb()).startsWith(0, 0, 0, 1, 1, 1, 2, 2, 2);
        }
    }

    @Test
    void aLabelThatIsNoGradeIsRejected() throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("val_images", Npy.of(counted(2 * 2 * 2 * 3), 2, 2, 2, 3).encode());
        entries.put("val_labels", Npy.of(new byte[] {7, 0}, 2).encode());

        try (ImageSource source = Layouts.open(npz(entries, true))) {
            assertThat(source.candidates()).hasSize(1);
            assertThat(source.rejections())
                    .extracting(Rejection::file, Rejection::reason)
                    .containsExactly(tuple("val/0", Reason.WRONG_GRADE));
        }
    }

    @Test
    void anArrayThatEndsEarlyIsRefused() throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        byte[] images = Npy.of(counted(2 * 2 * 2 * 3), 2, 2, 2, 3).encode();
        entries.put("train_images", Arrays.copyOf(images, images.length - 5));
        entries.put("train_labels", Npy.of(new byte[] {1, 0}, 2).encode());

        assertRefused(npz(entries, true), "train_images ends within image 1 of 2");
    }

    @Test
    void anArrayWithMoreDataThanItPromisesIsNotInflated() throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        byte[] images = Npy.of(counted(2 * 2 * 3), 1, 2, 2, 3).encode();
        // a bomb: 50 MB of zeros behind 12 bytes of image
        entries.put("train_images", Arrays.copyOf(images, 50_000_000));
        entries.put("train_labels", Npy.of(new byte[] {1}, 1).encode());

        assertRefused(npz(entries, true), "more data than its header promises");
    }

    @Test
    void moreLabelsThanImagesAreRefused() throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("train_images", Npy.of(counted(12), 1, 2, 2, 3).encode());
        entries.put("train_labels", Npy.of(new byte[] {1, 2}, 2).encode());

        assertRefused(npz(entries, true), "1 images", "2 labels");
    }

    @Test
    void imagesOfFloatsAreRefused() throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("train_images", Npy.of(new float[12], 1, 2, 2, 3).encode());
        entries.put("train_labels", Npy.of(new byte[] {1}, 1).encode());

        assertRefused(npz(entries, true), "FLOAT32", "not uint8");
    }

    @Test
    void anotherNpzIsRefused() throws Exception {
        assertRefused(npz(Map.of("x", Npy.of(new byte[1], 1).encode()), true), "none of train_images");
    }

    @Test
    void aTextFileNamedNpzIsRefused() throws Exception {
        Path file = folder.resolve("text.npz");
        Files.writeString(file, "not a zip file at all, however long it may be");

        assertRefused(file, "cannot be imported");
    }

    private void assertRefused(Path file, String... parts) {
        assertThatThrownBy(() -> Layouts.open(file))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContainingAll(parts);
    }

    private static byte[] counted(int n) {
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private Path npz(Map<String, byte[]> entries, boolean deflated) throws IOException {
        Path file = folder.resolve("data.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey() + ".npy");
                if (!deflated) {
                    CRC32 crc = new CRC32();
                    crc.update(entry.getValue());
                    header.setMethod(ZipEntry.STORED);
                    header.setSize(entry.getValue().length);
                    header.setCrc(crc.getValue());
                }
                zip.putNextEntry(header);
                zip.write(entry.getValue());
            }
        }
        return file;
    }
}
