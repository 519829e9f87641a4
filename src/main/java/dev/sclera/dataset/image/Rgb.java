package dev.sclera.dataset.image;

import dev.sclera.dataset.image.UnusableImageException.Defect;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;

/** From whatever samples a decoder gives to 8-bit sRGB. */
final class Rgb {

    private Rgb() {}

    static Picture of(BufferedImage image) throws UnusableImageException {
        ColorModel colours = image.getColorModel();
        if (!(colours instanceof ComponentColorModel)) {
            return fromPacked(image);
        }
        int type = colours.getTransferType();
        if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
            throw new UnusableImageException(
                    Defect.UNSUPPORTED, "its samples are neither 8 nor 16 bits: a photograph's are");
        }
        ColorSpace space = colours.getColorSpace();
        if (space.getType() == ColorSpace.TYPE_GRAY) {
            // the samples as they are: Java would take them for linear light and brighten them
            return fromSamples(image, 1);
        }
        if (!space.isCS_sRGB()) {
            ColorModel standard = new ComponentColorModel(
                    ColorSpace.getInstance(ColorSpace.CS_sRGB),
                    colours.hasAlpha(),
                    false,
                    colours.getTransparency(),
                    DataBuffer.TYPE_BYTE);
            BufferedImage converted = new BufferedImage(
                    standard,
                    standard.createCompatibleWritableRaster(image.getWidth(), image.getHeight()),
                    false,
                    null);
            return fromSamples(new ColorConvertOp(null).filter(image, converted), 3);
        }
        return fromSamples(image, 3);
    }

    private static Picture fromSamples(BufferedImage image, int colours) {
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        int width = raster.getWidth();
        int height = raster.getHeight();
        long most = (1L << image.getColorModel().getComponentSize(0)) - 1;
        boolean alpha = image.getColorModel().hasAlpha() && bands > colours && !image.isAlphaPremultiplied();
        byte[] rgb = new byte[3 * width * height];
        int[] row = new int[width * bands];
        int to = 0;
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int from = 0; from < row.length; from += bands) {
                long opacity = alpha ? row[from + colours] : most;
                for (int channel = 0; channel < 3; channel++) {
                    long sample = row[from + (colours == 3 ? channel : 0)];
                    rgb[to++] = (byte)
                            (most == 255 && opacity == 255
                                    ? sample
                                    : (2 * 255 * sample * opacity + most * most) / (2 * most * most));
                }
            }
        }
        return new Picture(height, width, rgb);
    }

    private static Picture fromPacked(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[3 * width * height];
        int[] row = new int[width];
        int to = 0;
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int argb : row) {
                int opacity = argb >>> 24;
                for (int shift = 16; shift >= 0; shift -= 8) {
                    rgb[to++] = (byte) (((argb >> shift & 0xff) * opacity * 2 + 255) / 510);
                }
            }
        }
        return new Picture(height, width, rgb);
    }
}
