package dev.sclera.report;

import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Photographs and perturbations as small pictures within a page: {@code data:} URIs. */
final class Pictures {

    /** The longer side of a picture is reduced to this many pixels. */
    static final int LONGEST_SIDE = 256;

    private static final float PHOTOGRAPH_QUALITY = 0.88f;

    private static final float NOISE_QUALITY = 0.85f;

    private Pictures() {}

    /** One image of several. */
    static String photograph(Images images, int index) {
        BufferedImage picture = new BufferedImage(images.width(), images.height(), BufferedImage.TYPE_INT_RGB);
        int at = index * images.stride();
        for (int y = 0; y < images.height(); y++) {
            for (int x = 0; x < images.width(); x++, at += 3) {
                byte[] pixels = images.pixels();
                picture.setRGB(x, y, (pixels[at] & 0xff) << 16 | (pixels[at + 1] & 0xff) << 8 | pixels[at + 2] & 0xff);
            }
        }
        return jpeg(picture, PHOTOGRAPH_QUALITY);
    }

    /**
     * A perturbation about mid-grey, multiplied by {@link #amplification}.
     *
     * @param exact as PNG, which shows every pixel's colour; else as JPEG, which is several times smaller
     */
    static String perturbation(Delta delta, boolean exact) {
        BufferedImage picture = new BufferedImage(delta.width(), delta.height(), BufferedImage.TYPE_INT_RGB);
        double factor = amplification(delta);
        int at = 0;
        for (int y = 0; y < delta.height(); y++) {
            for (int x = 0; x < delta.width(); x++, at += 3) {
                float[] values = delta.values();
                picture.setRGB(
                        x,
                        y,
                        shade(values[at] * factor) << 16
                                | shade(values[at + 1] * factor) << 8
                                | shade(values[at + 2] * factor));
            }
        }
        return exact ? png(picture) : jpeg(picture, NOISE_QUALITY);
    }

    /** The factor that scales a perturbation's largest magnitude to half of the pixel range; 1 where it is all zero. */
    static double amplification(Delta delta) {
        double largest = delta.maximumNorm();
        return largest == 0 ? 1 : 0.5 / largest;
    }

    private static int shade(double amplified) {
        return (int) Math.max(0, Math.min(255, Math.round(255 * (0.5 + amplified))));
    }

    private static String png(BufferedImage picture) {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            ImageIO.write(reduced(picture), "png", bytes);
            return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("a picture could not be encoded in memory", e);
        }
    }

    private static String jpeg(BufferedImage picture, float quality) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(stream);
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            writer.write(null, new IIOImage(reduced(picture), null, null), param);
            stream.flush();
            return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("a picture could not be encoded in memory", e);
        } finally {
            writer.dispose();
        }
    }

    private static BufferedImage reduced(BufferedImage picture) {
        int longest = Math.max(picture.getWidth(), picture.getHeight());
        if (longest <= LONGEST_SIDE) {
            return picture;
        }
        // halving first keeps bilinear sampling from skipping pixels
        if (longest > 2 * LONGEST_SIDE) {
            return reduced(scaled(picture, (picture.getWidth() + 1) / 2, (picture.getHeight() + 1) / 2));
        }
        double factor = (double) LONGEST_SIDE / longest;
        return scaled(picture, (int) Math.max(1, Math.round(picture.getWidth() * factor)), (int)
                Math.max(1, Math.round(picture.getHeight() * factor)));
    }

    private static BufferedImage scaled(BufferedImage picture, int width, int height) {
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, width, height, null);
        graphics.dispose();
        return scaled;
    }
}
