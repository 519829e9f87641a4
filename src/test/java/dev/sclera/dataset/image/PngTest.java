package dev.sclera.dataset.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.store.Sha256;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngTest {

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 300, 2", "300, 1, 3", "224, 224, 4", "37, 61, 5", "512, 400, 6"})
    void aNoisyPictureIsReadBack(int height, int width, int seed) throws Exception {
        byte[] rgb = new byte[3 * height * width];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < rgb.length; i++) {
            // smooth, with noise, and skewed over some powers of two, so that codes differ in length
            rgb[i] = (byte) (i / 40 + (random.nextInt() >>> random.nextInt(24, 32)));
        }

        assertReadBack(new Picture(height, width, rgb));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "224, 224", "300, 400"})
    void aFlatPictureIsReadBack(int height, int width) throws Exception {
        byte[] rgb = new byte[3 * height * width];
        Arrays.fill(rgb, (byte) 200);

        assertReadBack(new Picture(height, width, rgb));
    }

    @Test
    void aCodeWouldBeTooLongForDeflateIsFlattened() throws Exception {
        // Fibonacci counts give Huffman's deepest trees: 22 symbols would need codes of 21 bits
        int[] counts = new int[257];
        counts[0] = 1;
        counts[1] = 1;
        for (int i = 2; i < 23; i++) {
            counts[i] = counts[i - 1] + counts[i - 2];
        }

        int[] lengths = HuffmanCode.of(counts).lengths();

        assertThat(Arrays.stream(lengths).max().orElseThrow()).isLessThanOrEqualTo(15);
        // Kraft's equality: the code is complete, as DEFLATE demands
        double sum = Arrays.stream(lengths)
                .filter(l -> l > 0)
                .mapToDouble(l -> Math.pow(2, -l))
                .sum();
        assertThat(sum).isEqualTo(1);
    }

    @Test
    void theBytesAreTheSameOnEveryRuntime() {
        byte[] rgb = new byte[3 * 20 * 30];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * i / 7);
        }

        // no outside truth: this is the promise that what was published once is made again
        assertThat(Sha256.of(Png.encode(new Picture(20, 30, rgb))))
                .isEqualTo("a9e6918068ebed8e77b0230635f9b3066205f22e56aa0e04d801eca26ae3d49c");
    }

    private static void assertReadBack(Picture picture) throws Exception {
        byte[] file = Png.encode(picture);

        assertThat(new ImageDecoder().decode(file).rgb()).isEqualTo(picture.rgb());
        assertThat(ImageIO.read(new ByteArrayInputStream(file)).getRGB(0, 0) & 0xffffff)
                .isEqualTo((picture.rgb()[0] & 0xff) << 16 | (picture.rgb()[1] & 0xff) << 8 | picture.rgb()[2] & 0xff);
    }
}
