package dev.sclera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.dataset.image.Picture;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalTest {

    /**
     * Pillow 12.3, {@code Image.resize((width, height), Image.BILINEAR)}, of a picture of 3-channel pixels {@code (7x +
     * 13y, x² + 3y, 5xy + 100) mod 256}. Largest deviation over the four here: 1 level.
     */
    private static final int LEVELS = 1;

    @Test
    void aMatrixResizesAsPillowDownwards() {
        int[] expected = {
            64, 42, 138, 123, 124, 134, 182, 124, 132, 145, 111, 127, 118, 54, 139, 173, 136, 125, 151, 135, 131, 69,
            123, 122, 176, 68, 130, 160, 135, 133, 71, 124, 130, 104, 134, 123, 160, 82, 127, 74, 140, 123, 105, 120,
            123, 164, 135, 117, 67, 94, 128, 95, 137, 128, 159, 129, 126, 192, 122, 123
        };

        assertNear(resized(pattern(23, 37), 5, 4), expected);
    }

    @Test
    void aMatrixResizesAsPillowUpwards() {
        int[] expected = {
            0, 0, 100, 3, 0, 100, 7, 1, 100, 11, 3, 100, 14, 4, 100, 18, 7, 100, 21, 9, 100, 4, 1, 100, 7, 1, 101, 11,
            2, 102, 15, 4, 103, 18, 5, 103, 22, 8, 104, 25, 10, 105, 12, 3, 100, 15, 3, 102, 19, 4, 104, 23, 6, 107, 26,
            7, 109, 30, 10, 112, 33, 12, 113, 19, 4, 100, 22, 4, 103, 26, 5, 107, 30, 7, 111, 33, 8, 115, 37, 11, 119,
            40, 13, 122, 26, 6, 100, 29, 6, 104, 33, 7, 109, 37, 9, 115, 40, 10, 121, 44, 13, 126, 47, 15, 130, 33, 8,
            100, 36, 8, 105, 40, 9, 112, 44, 11, 119, 47, 12, 127, 51, 15, 134, 54, 17, 138, 40, 9, 100, 43, 9, 105, 47,
            10, 115, 51, 12, 124, 54, 13, 132, 58, 16, 141, 61, 18, 147, 48, 11, 100, 51, 11, 106, 55, 12, 117, 59, 14,
            128, 62, 15, 138, 66, 18, 149, 69, 20, 155, 52, 12, 100, 55, 12, 107, 59, 13, 119, 63, 15, 130, 66, 16, 141,
            70, 19, 153, 73, 21, 160
        };

        assertNear(resized(pattern(5, 4), 9, 7), expected);
    }

    @Test
    void aMatrixResizesAsPillowAlongOneAxis() {
        int[] expected = {
            11, 3, 100, 18, 4, 104, 25, 7, 108, 32, 12, 113, 39, 19, 117, 46, 28, 121, 53, 39, 125, 60, 52, 129, 67, 67,
            134, 74, 84, 138, 81, 103, 142, 88, 124, 146, 95, 147, 150, 102, 172, 155, 109, 199, 159, 116, 228, 163, 38,
            9, 100, 45, 10, 115, 52, 13, 129, 59, 18, 144, 66, 25, 158, 73, 34, 173, 80, 45, 188, 87, 58, 192, 94, 73,
            149, 101, 90, 163, 108, 109, 178, 115, 130, 87, 122, 153, 101, 129, 178, 116, 136, 205, 130, 143, 234, 145,
            68, 16, 100, 75, 17, 126, 82, 20, 152, 89, 25, 179, 96, 32, 205, 103, 41, 207, 110, 52, 159, 117, 65, 84,
            124, 80, 57, 131, 97, 84, 138, 116, 110, 145, 137, 133, 152, 160, 134, 159, 185, 160, 166, 212, 113, 173,
            241, 139, 98, 23, 100, 105, 24, 138, 112, 27, 175, 119, 32, 213, 126, 39, 122, 133, 48, 71, 140, 59, 69,
            147, 72, 107, 154, 87, 144, 161, 104, 182, 168, 123, 180, 175, 144, 129, 182, 167, 77, 189, 192, 115, 196,
            219, 113, 203, 248, 111, 127, 29, 100, 134, 30, 149, 141, 33, 198, 148, 38, 190, 155, 45, 39, 162, 54, 88,
            169, 65, 137, 176, 78, 182, 183, 93, 178, 190, 110, 125, 197, 129, 100, 204, 150, 124, 211, 173, 170, 218,
            198, 166, 225, 225, 113, 228, 198, 88, 157, 36, 100, 164, 37, 160, 171, 40, 221, 178, 45, 35, 185, 52, 86,
            192, 61, 146, 199, 72, 189, 206, 85, 79, 213, 100, 81, 220, 117, 132, 227, 136, 175, 217, 157, 170, 224,
            180, 125, 166, 205, 127, 173, 232, 161, 74, 15, 156, 184, 42, 100, 191, 43, 171, 198, 46, 242, 205, 51, 56,
            212, 58, 127, 219, 67, 198, 226, 78, 66, 233, 91, 84, 240, 106, 154, 154, 123, 132, 161, 142, 93, 58, 163,
            111, 65, 186, 182, 19, 211, 159, 26, 238, 120, 33, 11, 138
        };

        assertNear(resized(pattern(16, 16), 7, 16), expected);
    }

    @Test
    void aTallPictureIsPaddedToASquareAndResizedAsPillowDoes() {
        int[] expected = {
            0, 0, 1, 19, 4, 71, 49, 22, 133, 76, 66, 150, 101, 136, 141, 128, 134, 133, 97, 48, 77, 2, 1, 1, 1, 0, 1,
            48, 11, 82, 93, 32, 167, 120, 76, 122, 145, 146, 122, 172, 144, 127, 126, 55, 84, 2, 1, 2, 1, 0, 1, 80, 19,
            92, 143, 44, 126, 170, 88, 138, 195, 157, 134, 205, 145, 119, 111, 63, 86, 2, 1, 1, 2, 0, 1, 112, 26, 91,
            191, 55, 127, 204, 99, 125, 166, 167, 143, 89, 107, 131, 30, 70, 86, 0, 1, 1, 2, 0, 1, 138, 34, 79, 172, 66,
            126, 88, 110, 124, 50, 178, 124, 63, 112, 113, 54, 78, 72, 1, 2, 1, 1, 1, 1, 57, 41, 81, 55, 77, 128, 59,
            121, 134, 84, 176, 130, 111, 92, 129, 86, 84, 75, 1, 2, 1, 1, 1, 1, 40, 48, 94, 82, 89, 133, 109, 133, 136,
            134, 181, 129, 161, 87, 128, 118, 92, 80, 2, 2, 1, 1, 1, 1, 69, 55, 98, 126, 99, 129, 153, 143, 131, 178,
            183, 137, 205, 91, 118, 147, 99, 74, 2, 2, 1
        };

        Picture canonical = new Canonical(8, false).of(pattern(30, 20));

        assertThat(canonical.height()).isEqualTo(8);
        assertThat(canonical.width()).isEqualTo(8);
        assertNear(canonical.rgb(), expected);
    }

    @Test
    void aPictureOfTheSizeKeepsItsPixels() {
        Picture picture = pattern(32, 32);

        assertThat(new Canonical(32, false).of(picture)).isSameAs(picture);
    }

    @ParameterizedTest
    @CsvSource({"1, 7", "7, 1", "224, 160", "160, 224", "224, 128", "3000, 224", "5, 5", "2, 3"})
    void everyRowSumsToOne(int from, int to) {
        float[] matrix = ResizeWeights.matrix(from, to);

        assertThat(matrix).hasSize(from * to);
        for (int i = 0; i < to; i++) {
            double sum = 0;
            for (int j = 0; j < from; j++) {
                assertThat(matrix[i * from + j]).isNotNegative();
                sum += matrix[i * from + j];
            }
            assertThat(sum).isCloseTo(1, within(1e-6));
        }
    }

    @ParameterizedTest
    @CsvSource({"224, 160", "37, 5", "5, 37"})
    void aMatrixDoesNotPreferASide(int from, int to) {
        float[] matrix = ResizeWeights.matrix(from, to);

        for (int i = 0; i < to; i++) {
            for (int j = 0; j < from; j++) {
                assertThat(matrix[i * from + j]).isCloseTo(matrix[(to - 1 - i) * from + from - 1 - j], within(1e-6f));
            }
        }
    }

    @Test
    void theMatrixToTheSameSizeIsTheIdentity() {
        assertThat(ResizeWeights.matrix(3, 3)).containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 1);
    }

    @ParameterizedTest
    @CsvSource({"300, 400, 120, 1", "300, 400, 140, 2", "256, 256, 90, 3"})
    void aFundusIsCroppedToItsCircleInSpiteOfNoise(int height, int width, int radius, int seed) {
        Picture cropped = FundusCrop.of(disc(height, width, height / 2 + 3, width / 2 - 5, radius, seed));

        assertThat(cropped.height()).isEqualTo(cropped.width());
        // least 2 percent of the shorter side must be lit, so the outermost rows of the circle are missed
        assertThat(cropped.height()).isBetween(2 * radius - 4, 2 * radius + 1);
    }

    @Test
    void aCircleThatTheCameraCutOffKeepsItsDiameter() {
        Picture cropped = FundusCrop.of(disc(200, 400, 100, 200, 150, 4));

        assertThat(cropped.height()).isBetween(296, 301);
        // black was added above
        assertThat(cropped.rgb()[3 * (cropped.width() / 2)]).isZero();
    }

    @Test
    void aBlackPictureIsLeftAsItIs() {
        Picture black = new Picture(40, 60, new byte[40 * 60 * 3]);

        assertThat(FundusCrop.of(black)).isSameAs(black);
    }

    private static Picture disc(int height, int width, int centreY, int centreX, int radius, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] rgb = new byte[3 * height * width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                boolean inside = Math.hypot(y - centreY, x - centreX) <= radius;
                // sensor noise up to 8 in the border, and one bright speck per 500 pixels
                boolean speck = random.nextInt(500) == 0;
                int at = 3 * (y * width + x);
                rgb[at] = (byte) (inside ? 140 + random.nextInt(40) : speck ? 250 : random.nextInt(9));
                rgb[at + 1] = (byte) (inside ? 70 : 0);
                rgb[at + 2] = (byte) (inside ? 30 : 0);
            }
        }
        return new Picture(height, width, rgb);
    }

    /** Rows · picture · columnsᵀ with the public matrices, as a graph would do it. */
    private static byte[] resized(Picture picture, int height, int width) {
        float[] rows = ResizeWeights.matrix(picture.height(), height);
        float[] columns = ResizeWeights.matrix(picture.width(), width);
        byte[] out = new byte[3 * height * width];
        for (int i = 0; i < out.length; i++) {
            int y = i / 3 / width;
            int x = i / 3 % width;
            double sum = 0;
            for (int r = 0; r < picture.height(); r++) {
                for (int c = 0; c < picture.width(); c++) {
                    sum += rows[y * picture.height() + r]
                            * columns[x * picture.width() + c]
                            * (picture.rgb()[3 * (r * picture.width() + c) + i % 3] & 0xff);
                }
            }
            out[i] = (byte) Math.round(sum);
        }
        return out;
    }

    private static void assertNear(byte[] actual, int[] expected) {
        assertThat(actual).hasSize(expected.length);
        int[] deviations = new int[expected.length];
        Arrays.setAll(deviations, i -> Math.abs((actual[i] & 0xff) - expected[i]));
        assertThat(Arrays.stream(deviations).max().orElseThrow()).isLessThanOrEqualTo(LEVELS);
    }

    private static Picture pattern(int height, int width) {
        byte[] rgb = new byte[3 * height * width];
        for (int i = 0; i < rgb.length; i += 3) {
            int y = i / 3 / width;
            int x = i / 3 % width;
            rgb[i] = (byte) (x * 7 + y * 13);
            rgb[i + 1] = (byte) (x * x + 3 * y);
            rgb[i + 2] = (byte) (x * y * 5 + 100);
        }
        return new Picture(height, width, rgb);
    }
}
