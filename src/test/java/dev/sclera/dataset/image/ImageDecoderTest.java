package dev.sclera.dataset.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sclera.dataset.image.UnusableImageException.Defect;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

    /** A picture of 4 rows and 5 columns, red x·7 + y·13, green x² + 3y, blue 5xy + 100, as Pillow 12.3 decodes it. */
    private static final int[] PATTERN = {
        0, 0, 100, 7, 1, 100, 14, 4, 100, 21, 9, 100, 28, 16, 100, 13, 3, 100, 20, 4, 105, 27, 7, 110, 34, 12, 115, 41,
        19, 120, 26, 6, 100, 33, 7, 110, 40, 10, 120, 47, 15, 130, 54, 22, 140, 39, 9, 100, 46, 10, 115, 53, 13, 130,
        60, 18, 145, 67, 25, 160
    };

    private final ImageDecoder decoder = new ImageDecoder();

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "tiff"})
    void aLosslessFileGivesItsPixels(String format) throws Exception {
        Picture picture = pattern(37, 23);

        assertThat(decoder.decode(file(picture, format)).rgb()).isEqualTo(picture.rgb());
    }

    @Test
    void aJpegGivesThePixelsOfThePlatformsDecoder() throws Exception {
        byte[] file = file(pattern(40, 56), "jpg");
        BufferedImage expected = ImageIO.read(new ByteArrayInputStream(file));

        Picture decoded = decoder.decode(file);

        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 56; x++) {
                int at = 3 * (y * 56 + x);
                int rgb = (decoded.rgb()[at] & 0xff) << 16
                        | (decoded.rgb()[at + 1] & 0xff) << 8
                        | decoded.rgb()[at + 2] & 0xff;
                assertThat(rgb).isEqualTo(expected.getRGB(x, y) & 0xffffff);
            }
        }
    }

    @Test
    void aLosslessWebpGivesItsPixels() throws Exception {
        assertThat(unsigned(decoder.decode(base64(
                                "UklGRjwAAABXRUJQVlA4TDAAAAAvBMAAALkyRPQ/dhHR/zAoaNuGabvHn/Q4REiQYhtJA2nbxrL9d/oI9aYYjpo64A"
                                        + "M="))
                        .rgb()))
                .isEqualTo(PATTERN);
    }

    @Test
    void anLzwTiffGivesItsPixels() throws Exception {
        assertThat(unsigned(decoder.decode(base64(
                                "SUkqAEwAAACAAAAGQDgEyA4CGQKgkyBwIGQGgMyBQCGkNgc3CIGHMUhM8BoDGQQxgUAo8C8HoIbBZGCeGC4FHMag1B"
                                        + "DwJJEhhlQQEAoAAAEDAAEAAAAFAAAAAQEDAAEAAAAEAAAAAgEDAAMAAADKAAAAAwEDAAEAAAAFAAAABgEDAAEAAAAC"
                                        + "AAAAEQEEAAEAAAAIAAAAFQEDAAEAAAADAAAAFgEDAAEAAAAEAAAAFwEEAAEAAABEAAAAHAEDAAEAAAABAAAAAAAAAA"
                                        + "gACAAIAA=="))
                        .rgb()))
                .isEqualTo(PATTERN);
    }

    @Test
    void aPaletteIsLookedUp() throws Exception {
        assertThat(unsigned(decoder.decode(base64(
                                "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAECAMAAABx7QVyAAAAPFBMVEVDGaA2Fow8EpE1DYIpE3gvD4IuCnMoCngnCW"
                                        + "QiDHMhB24cEGQVCWQbB24aBmQUBGkOBGQNA2QHAWQAAGSaNd8SAAAAIElEQVR4nGMQFhLg4WYQ5OflZGHg42JnZWTg"
                                        + "YGNmYgAAC6kAv5iIBqIAAAAASUVORK5CYII="))
                        .rgb()))
                .isEqualTo(PATTERN);
    }

    @Test
    void whatIsTransparentLiesOnBlack() throws Exception {
        // the truth is Pillow's alpha_composite over opaque black, which rounds as it likes
        int[] expected = {
            0, 0, 0, 1, 0, 20, 6, 2, 40, 17, 7, 80, 28, 16, 100, 0, 0, 0, 4, 1, 21, 11, 3, 44, 27, 10, 92, 41, 19, 120,
            0, 0, 0, 7, 1, 22, 16, 4, 48, 38, 12, 104, 54, 22, 140, 0, 0, 0, 9, 2, 23, 21, 5, 52, 48, 14, 116, 67, 25,
            160
        };

        int[] decoded = unsigned(decoder.decode(base64(
                        "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAECAYAAABGM/VAAAAANElEQVR4nF3IsQkAIAxFwRdi+CBIhslK4v4j2KlYXH"
                                + "MGExklpxQsiWrDQRbIryf78WUiTzaSAgKjljWPIgAAAABJRU5ErkJggg=="))
                .rgb());

        for (int i = 0; i < expected.length; i++) {
            assertThat(decoded[i]).isBetween(expected[i] - 1, expected[i] + 1);
        }
    }

    @Test
    void sixteenBitsAreRoundedToEight() throws Exception {
        // numpy: rint(x / 257)
        int[] expected = {0, 12, 23, 35, 47, 58, 70, 82, 93, 105, 117, 128, 140, 152, 163, 175, 187, 198, 210, 222};

        int[] decoded = unsigned(decoder.decode(base64(
                        "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAEEAAAAAAzyHbfAAAAJklEQVR4nGNkYODewbODZwf3DkarGRAGzw7GUgOIKM"
                                + "8OxvUnYKIAMOsPLoUmKHIAAAAASUVORK5CYII="))
                .rgb());

        for (int i = 0; i < decoded.length; i++) {
            assertThat(decoded[i]).isEqualTo(expected[i / 3]);
        }
    }

    @Test
    void greyIsNotBrightened() throws Exception {
        assertThat(unsigned(decoder.decode(
                                base64(
                                        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIx"
                                                + "wcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL"
                                                + "/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJi"
                                                + "coKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ip"
                                                + "qrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AOMr/9k="))
                        .rgb()))
                .containsOnly(77);
    }

    @Test
    void inkIsConvertedToLight() throws Exception {
        int[] decoded = unsigned(decoder.decode(base64(
                        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBg"
                                + "gLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgME"
                                + "BQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJCh"
                                + "YXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqi"
                                + "o6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASw"
                                + "AAPwD9IK/O+vx3r9/K/9k="))
                .rgb());

        for (int i = 0; i < decoded.length; i++) {
            assertThat(decoded[i]).isEqualTo(new int[] {200, 60, 30}[i % 3]);
        }
    }

    @Test
    void floatSamplesAreNoPhotograph() {
        assertThat(defect(base64(
                        "SUkqAAgAAAAKAAABBAABAAAAAgAAAAEBBAABAAAAAgAAAAIBAwABAAAAIAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAQ"
                                + "AAABEBBAABAAAAhgAAABYBBAABAAAAAgAAABcBBAABAAAAEAAAABwBAwABAAAAAQAAAFMBAwABAAAAAwAAAAAAAAAA"
                                + "AIA/AACAPwAAgD8AAIA/")))
                .isEqualTo(Defect.UNSUPPORTED);
    }

    @Test
    void aLossyWebpIsRefusedRatherThanDecodedInexactly() {
        assertThat(defect(base64(
                        "UklGRkAAAABXRUJQVlA4IDQAAACwAQCdASoFAAQAAUAmJbACdAEO/gLsAP7+kJ0TuM+Bf/Q4zXv/8ULof/8G8/jPsi"
                                + "sKNAAA")))
                .isEqualTo(Defect.UNSUPPORTED);
    }

    @ParameterizedTest
    @CsvSource({
        "png, 0.1",
        "png, 0.5",
        "png, 0.99",
        "jpg, 0.2",
        "jpg, 0.5",
        "jpg, 0.99",
        "bmp, 0.5",
        "bmp, 0.99",
        "tiff, 0.5",
        "tiff, 0.9"
    })
    void aFileThatEndsEarlyIsTruncated(String format, double share) throws Exception {
        byte[] whole = file(pattern(64, 64), format);

        assertThat(defect(Arrays.copyOf(whole, (int) (share * whole.length)))).isEqualTo(Defect.TRUNCATED);
    }

    @Test
    void aPngWithAFlippedBitIsDamaged() throws Exception {
        byte[] file = file(pattern(64, 64), "png");
        file[file.length / 2] ^= 4;

        assertThat(defect(file)).isEqualTo(Defect.DAMAGED);
    }

    @Test
    void textIsNoImage() {
        assertThat(defect("image,grade\n".getBytes(StandardCharsets.UTF_8))).isEqualTo(Defect.NOT_AN_IMAGE);
    }

    @Test
    void anEmptyFileIsTruncated() {
        assertThat(defect(new byte[0])).isEqualTo(Defect.TRUNCATED);
    }

    @Test
    void aHugePictureIsRefusedBeforeItTakesMemory() {
        // 60,000 × 60,000 pixels, 10.8 GB decoded: would fail otherwise
        ByteBuffer header = ByteBuffer.allocate(17);
        header.put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(60_000).putInt(60_000);
        header.put((byte) 8).put((byte) 2);
        ByteBuffer file = ByteBuffer.allocate(200);
        file.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(file, header.array());
        chunk(file, new byte[] {'I', 'D', 'A', 'T', 0x78, 1, 3, 0, 0, 0, 0, 1});
        chunk(file, "IEND".getBytes(StandardCharsets.US_ASCII));

        assertThat(defect(Arrays.copyOf(file.array(), file.position()))).isEqualTo(Defect.TOO_LARGE);
    }

    @Test
    void aLongStripIsRefusedBecauseItsSquareWouldBeHuge() throws IOException {
        assertThat(defect(file(pattern(1, 10_001), "png"))).isEqualTo(Defect.TOO_LARGE);
        assertThat(defect(file(pattern(10_001, 1), "png"))).isEqualTo(Defect.TOO_LARGE);
    }

    private static void chunk(ByteBuffer file, byte[] typeAndData) {
        CRC32 crc = new CRC32();
        crc.update(typeAndData);
        file.putInt(typeAndData.length - 4).put(typeAndData).putInt((int) crc.getValue());
    }

    private Defect defect(byte[] file) {
        return catchThrowableOfType(UnusableImageException.class, () -> decoder.decode(file))
                .defect();
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

    private static byte[] file(Picture picture, String format) throws IOException {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        int[] samples = unsigned(picture.rgb());
        image.getRaster().setPixels(0, 0, picture.width(), picture.height(), samples);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, out)).isTrue();
        return out.toByteArray();
    }

    private static int[] unsigned(byte[] bytes) {
        int[] values = new int[bytes.length];
        Arrays.setAll(values, i -> bytes[i] & 0xff);
        return values;
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }
}
