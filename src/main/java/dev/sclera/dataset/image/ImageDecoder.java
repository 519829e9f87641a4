package dev.sclera.dataset.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.sclera.dataset.image.UnusableImageException.Defect;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes JPEG, PNG, TIFF, BMP and lossless WebP files to upright sRGB pictures. A file is refused rather than half
 * read: truncation and damage are looked for in the file's structure and in what the decoder warns of, and the number
 * of pixels is checked from the header before any memory is taken. Safe for use by several threads.
 *
 * <p>Grey becomes three equal channels, 16 bits are rounded to 8, CMYK and other colour spaces are converted to sRGB by
 * their profiles, palettes are looked up, and what is transparent lies on black. The EXIF orientation is applied. Of
 * several pages the first is taken.
 */
public final class ImageDecoder {

    /** The most pixels that a picture may have: 100 million. */
    public static final long MOST_PIXELS = 100_000_000;

    /** The most pixels a side: padded to a square, a long strip takes as much memory as the largest picture. */
    public static final int LONGEST_SIDE = 10_000;

    private static final long LARGE = 16_000_000;

    private final Readers readers = new Readers();
    private final Object onlyOneLarge = new Object();

    /**
     * The size of a picture from its header.
     *
     * @throws UnusableImageException where the header cannot be read
     */
    public Size size(byte[] file) throws UnusableImageException {
        FileFormat format = format(file);
        int orientation = format.verify(file);
        return with(file, format, reader -> {
            Size stored = new Size(reader.getHeight(0), reader.getWidth(0));
            return orientation >= 5 ? new Size(stored.width(), stored.height()) : stored;
        });
    }

    /**
     * The picture in a file.
     *
     * @throws UnusableImageException where it is not one, is truncated or damaged, too large, or of no use as a
     *     photograph
     */
    public Picture decode(byte[] file) throws UnusableImageException {
        FileFormat format = format(file);
        int orientation = format.verify(file);
        return with(file, format, reader -> {
            long pixels = (long) reader.getHeight(0) * reader.getWidth(0);
            if (Math.max(reader.getHeight(0), reader.getWidth(0)) > LONGEST_SIDE) {
                throw new UnusableImageException(
                        Defect.TOO_LARGE,
                        "%d×%d pixels, more than the %d a side that are allowed"
                                .formatted(reader.getWidth(0), reader.getHeight(0), LONGEST_SIDE));
            }
            if (pixels > MOST_PIXELS) {
                throw new UnusableImageException(
                        Defect.TOO_LARGE,
                        "%d×%d pixels, more than the %d million that are allowed"
                                .formatted(reader.getWidth(0), reader.getHeight(0), MOST_PIXELS / 1_000_000));
            }
            if (pixels <= LARGE) {
                return read(reader, format, orientation);
            }
            // so that the memory of many cores does not multiply by that of a huge picture
            synchronized (onlyOneLarge) {
                return read(reader, format, orientation);
            }
        });
    }

    private static FileFormat format(byte[] file) throws UnusableImageException {
        if (file.length == 0) {
            throw new UnusableImageException(Defect.TRUNCATED, "an empty file");
        }
        return FileFormat.of(file)
                .orElseThrow(() -> new UnusableImageException(
                        Defect.NOT_AN_IMAGE, "its content is none of JPEG, PNG, TIFF, BMP and WebP"));
    }

    private static Picture read(ImageReader reader, FileFormat format, int orientation)
            throws IOException, UnusableImageException {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        BufferedImage image = reader.read(0);
        for (String warning : warnings) {
            if (tellsOfDamage(warning)) {
                throw new UnusableImageException(Defect.DAMAGED, "a damaged " + format + ": " + warning);
            }
        }
        return Orientation.upright(Rgb.of(image), orientation);
    }

    /** Decoders warn of odd metadata too, which does not touch the pixels. */
    private static boolean tellsOfDamage(String warning) {
        boolean paddingBeforeEnd = warning.contains("extraneous bytes before marker 0xd9");
        return (warning.contains("Corrupt") || warning.contains("Premature")) && !paddingBeforeEnd;
    }

    private <T> T with(byte[] file, FileFormat format, Reading<T> reading) throws UnusableImageException {
        try (ImageInputStream input = new ByteArrayImageInputStream(file)) {
            ImageReader reader = readers.open(format);
            try {
                // metadata is of no use here, and broken metadata should not cost a good picture
                reader.setInput(input, true, true);
                return reading.of(reader);
            } finally {
                reader.dispose();
            }
        } catch (EOFException e) {
            throw new UnusableImageException(Defect.TRUNCATED, "a truncated " + format + ": its data ends early");
        } catch (IOException | RuntimeException e) {
            throw new UnusableImageException(Defect.DAMAGED, "a damaged " + format + ": " + e.getMessage());
        }
    }

    private interface Reading<T> {
        T of(ImageReader reader) throws IOException, UnusableImageException;
    }
}
