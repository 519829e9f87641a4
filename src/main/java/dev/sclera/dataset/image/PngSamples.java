package dev.sclera.dataset.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.sclera.dataset.image.UnusableImageException.Defect;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageInputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Reads PNG files whose samples are figures, not colours: 8 or 16 bits, colour or grey, as they are stored. */
public final class PngSamples {

    private final Readers readers = new Readers();

    /**
     * The samples of a file; grey becomes three equal channels.
     *
     * @throws UnusableImageException where it is no PNG, is damaged or too large, or has a palette, another depth, or
     *     pixels that are not opaque
     */
    public Samples read(byte[] file) throws UnusableImageException {
        if (FileFormat.of(file).orElse(null) != FileFormat.PNG) {
            throw new UnusableImageException(Defect.NOT_AN_IMAGE, "its content is no PNG");
        }
        FileFormat.PNG.verify(file);
        try (ImageInputStream input = new ByteArrayImageInputStream(file)) {
            ImageReader reader = readers.open(FileFormat.PNG);
            try {
                reader.setInput(input, true, false);
                if (Math.max(reader.getHeight(0), reader.getWidth(0)) > ImageDecoder.LONGEST_SIDE) {
                    throw new UnusableImageException(
                            Defect.TOO_LARGE, "more than %d pixels a side".formatted(ImageDecoder.LONGEST_SIDE));
                }
                return samples(reader.read(0), text(reader.getImageMetadata(0)));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw new UnusableImageException(Defect.DAMAGED, "a damaged PNG: " + e.getMessage());
        }
    }

    private static Samples samples(BufferedImage image, Map<String, String> text) throws UnusableImageException {
        Raster raster = image.getRaster();
        int depth = image.getColorModel().getComponentSize(0);
        if (!(image.getColorModel() instanceof ComponentColorModel) || (depth != 8 && depth != 16)) {
            throw new UnusableImageException(
                    Defect.UNSUPPORTED, "it has a palette or fewer than 8 bits a sample; save it with 8 or 16");
        }
        int bands = raster.getNumBands();
        int colours = bands >= 3 ? 3 : 1;
        int opaque = (1 << depth) - 1;
        int[] stored = raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null);
        int[] values = new int[stored.length / bands * 3];
        for (int from = 0, to = 0; from < stored.length; from += bands) {
            if (bands > colours && stored[from + colours] != opaque) {
                throw new UnusableImageException(Defect.UNSUPPORTED, "it has transparent pixels; save it without");
            }
            for (int channel = 0; channel < 3; channel++) {
                values[to++] = stored[from + (colours == 3 ? channel : 0)];
            }
        }
        return new Samples(raster.getHeight(), raster.getWidth(), depth, values, text);
    }

    private static Map<String, String> text(IIOMetadata metadata) {
        Element root = (Element) metadata.getAsTree("javax_imageio_png_1.0");
        NodeList entries = root.getElementsByTagName("tEXtEntry");
        Map<String, String> text = new TreeMap<>();
        for (int i = 0; i < entries.getLength(); i++) {
            Element entry = (Element) entries.item(i);
            text.put(entry.getAttribute("keyword"), entry.getAttribute("value"));
        }
        return text;
    }
}
