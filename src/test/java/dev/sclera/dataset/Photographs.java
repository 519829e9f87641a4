package dev.sclera.dataset;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Real image files of made-up photographs, different for every seed. */
final class Photographs {

    private Photographs() {}

    static byte[] file(String format, int height, int width, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = 120 + random.nextInt(40);
                int green = (x * 3 + seed * 17) % 200;
                int blue = (y * 5 + seed) % 120;
                image.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a 32 × 32 PNG, and the folders above it. */
    static void png(Path file, int seed) throws IOException {
        write(file, file("png", 32, 32, seed));
    }

    static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
