package dev.sclera.dataset.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * The one reader of each format, chosen here and not by ImageIO's registry: what the registry finds depends on the
 * class path and on the thread that asks first.
 */
final class Readers {

    private final ImageReaderSpi jpeg;
    private final ImageReaderSpi tiff = new TIFFImageReaderSpi();
    private final ImageReaderSpi webp = new WebPImageReaderSpi();
    private final ImageReaderSpi png = fromPlatform("com.sun.imageio.plugins.png.PNGImageReaderSpi");
    private final ImageReaderSpi bmp = fromPlatform("com.sun.imageio.plugins.bmp.BMPImageReaderSpi");

    Readers() {
        JPEGImageReaderSpi spi = new JPEGImageReaderSpi();
        // looks up the platform's reader, to which it delegates the entropy decoding
        spi.onRegistration(IIORegistry.getDefaultInstance(), ImageReaderSpi.class);
        jpeg = spi;
    }

    ImageReader open(FileFormat format) throws IOException {
        ImageReaderSpi spi = switch (format) {
            case JPEG -> jpeg;
            case PNG -> png;
            case TIFF -> tiff;
            case BMP -> bmp;
            case WEBP -> webp;
        };
        return spi.createReaderInstance();
    }

    private static ImageReaderSpi fromPlatform(String name) {
        Iterator<ImageReaderSpi> all =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        while (all.hasNext()) {
            ImageReaderSpi spi = all.next();
            if (spi.getClass().getName().equals(name)) {
                return spi;
            }
        }
        throw new IllegalStateException("this Java runtime lacks " + name + " of the module java.desktop");
    }
}
