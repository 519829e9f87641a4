package dev.sclera.dataset.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The truth is EXIF 2.3, tag 274: where the stored first row and first column are to be seen. */
class OrientationTest {

    private static final int HEIGHT = 16;
    private static final int WIDTH = 32;

    private final ImageDecoder decoder = new ImageDecoder();

    /** Stored corners, clockwise from the top left: red, green, blue, white. */
    @ParameterizedTest
    @CsvSource({"1, RGBW", "2, GRWB", "3, BWRG", "4, WBGR", "5, RWBG", "6, WRGB", "7, BGRW", "8, GBWR"})
    void aJpegIsTurnedUpright(int orientation, String corners) throws Exception {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            Picture upright = decoder.decode(jpeg(orientation, order));

            boolean swapped = orientation >= 5;
            assertThat(upright.height()).isEqualTo(swapped ? WIDTH : HEIGHT);
            assertThat(upright.width()).isEqualTo(swapped ? HEIGHT : WIDTH);
            assertThat(corners(upright)).isEqualTo(corners);
        }
    }

    @Test
    void theSizeIsTheUprightOne() throws Exception {
        assertThat(decoder.size(jpeg(6, ByteOrder.BIG_ENDIAN))).isEqualTo(new Size(WIDTH, HEIGHT));
        assertThat(decoder.size(jpeg(3, ByteOrder.BIG_ENDIAN))).isEqualTo(new Size(HEIGHT, WIDTH));
    }

    @Test
    void anOrientationThatExifDoesNotKnowChangesNothing() throws Exception {
        assertThat(corners(decoder.decode(jpeg(9, ByteOrder.BIG_ENDIAN)))).isEqualTo("RGBW");
        assertThat(corners(decoder.decode(jpeg(0, ByteOrder.LITTLE_ENDIAN)))).isEqualTo("RGBW");
    }

    private static String corners(Picture picture) {
        int right = picture.width() - 2;
        int bottom = picture.height() - 2;
        return colour(picture, 1, 1)
                + colour(picture, 1, right)
                + colour(picture, bottom, right)
                + colour(picture, bottom, 1);
    }

    private static String colour(Picture picture, int y, int x) {
        int at = 3 * (y * picture.width() + x);
        boolean red = (picture.rgb()[at] & 0xff) > 128;
        boolean green = (picture.rgb()[at + 1] & 0xff) > 128;
        boolean blue = (picture.rgb()[at + 2] & 0xff) > 128;
        return red && green && blue ? "W" : red ? "R" : green ? "G" : blue ? "B" : "?";
    }

    private static byte[] jpeg(int orientation, ByteOrder order) throws Exception {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                boolean left = x < WIDTH / 2;
                int top = left ? 0xff0000 : 0x00ff00;
                int bottom = left ? 0xffffff : 0x0000ff;
                image.setRGB(x, y, y < HEIGHT / 2 ? top : bottom);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", out);
        byte[] plain = out.toByteArray();
        byte[] exif = exif(orientation, order);
        ByteBuffer file = ByteBuffer.allocate(plain.length + 10 + exif.length);
        file.put(plain, 0, 2);
        file.putShort((short) 0xffe1).putShort((short) (8 + exif.length));
        file.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif);
        file.put(plain, 2, plain.length - 2);
        return file.array();
    }

    /** A TIFF structure with two entries, the second of which is the orientation. */
    private static byte[] exif(int orientation, ByteOrder order) {
        ByteBuffer tiff = ByteBuffer.allocate(8 + 2 + 2 * 12 + 4).order(order);
        tiff.put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
        tiff.putShort((short) 42).putInt(8);
        tiff.putShort((short) 2);
        // 0x0103 Compression, as thumbnails have it; type 3 is a 16-bit number
        tiff.putShort((short) 0x0103)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) 6)
                .putShort((short) 0);
        tiff.putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0);
        return tiff.putInt(0).array();
    }
}
