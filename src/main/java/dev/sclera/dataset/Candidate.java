package dev.sclera.dataset;

import dev.sclera.dataset.image.ImageDecoder;
import dev.sclera.dataset.image.Picture;
import dev.sclera.dataset.image.Size;
import dev.sclera.dataset.image.UnusableImageException;
import dev.sclera.dataset.synthetic.FundusPhotograph;
import dev.sclera.dataset.synthetic.Side;
import dev.sclera.dataset.synthetic.SyntheticFundus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An image with a grade that an import may take; read and decoded only when asked for. */
sealed interface Candidate {

    /** Where it is, for people: its path below the folder, or its row in the {@code .npz}. */
    String file();

    /** Its name in the dataset; unique among the candidates. */
    String name();

    /** Its grade, 0 to 4. */
    int grade();

    /** The split that its source puts it into, or null where the source has none. */
    @Nullable
    String split();

    /** Its source's bytes. */
    byte[] bytes() throws IOException, UnusableImageException;

    /** The size of the picture that these bytes hold. */
    Size size(byte[] bytes, ImageDecoder decoder) throws UnusableImageException;

    /** The picture that these bytes hold. */
    Picture decode(byte[] bytes, ImageDecoder decoder) throws UnusableImageException;

    /** An image file. */
    record ImageFile(Path path, String file, String name, int grade) implements Candidate {

        private static final long MOST_BYTES = 512L << 20;

        @Override
        public @Nullable String split() {
            return null;
        }

        @Override
        public byte[] bytes() throws IOException, UnusableImageException {
            long length = Files.size(path);
            if (length > MOST_BYTES) {
                throw new UnusableImageException(
                        UnusableImageException.Defect.TOO_LARGE,
                        "a file of %d bytes, more than the %d that are allowed".formatted(length, MOST_BYTES));
            }
            return Files.readAllBytes(path);
        }

        @Override
        public Size size(byte[] bytes, ImageDecoder decoder) throws UnusableImageException {
            return decoder.size(bytes);
        }

        @Override
        public Picture decode(byte[] bytes, ImageDecoder decoder) throws UnusableImageException {
            return decoder.decode(bytes);
        }
    }

    /**
     * A photograph that is still to be drawn; its bytes are what it is drawn from.
     *
     * @param maps takes its lesion map, {@code [size,size]}, at {@code row}
     */
    record Drawing(SyntheticFundus artist, long seed, Side side, Spill maps, int row, int size, String name, int grade)
            implements Candidate {

        @Override
        public String file() {
            return name;
        }

        @Override
        public @Nullable String split() {
            return null;
        }

        @Override
        public byte[] bytes() {
            return "%s %d %d %s %d"
                    .formatted(SyntheticFundus.VERSION, seed, grade, side, size)
                    .getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public Size size(byte[] bytes, ImageDecoder decoder) {
            return new Size(size, size);
        }

        @Override
        public Picture decode(byte[] bytes, ImageDecoder decoder) {
            FundusPhotograph photograph = artist.photograph(seed, grade, side);
            maps.write(row, photograph.map().labels());
            return photograph.picture();
        }
    }

    /** One row of an array of images, {@code [height,width,channels]} of uint8 with 1 or 3 channels. */
    record ArrayRow(
            Spill rows, int row, int height, int width, int channels, String split, String file, String name, int grade)
            implements Candidate {

        @Override
        public byte[] bytes() {
            return rows.read(row);
        }

        @Override
        public Size size(byte[] bytes, ImageDecoder decoder) {
            return new Size(height, width);
        }

        @Override
        public Picture decode(byte[] bytes, ImageDecoder decoder) {
            if (channels == 3) {
                return new Picture(height, width, bytes);
            }
            byte[] rgb = new byte[3 * bytes.length];
            for (int i = 0; i < rgb.length; i++) {
                rgb[i] = bytes[i / 3];
            }
            return new Picture(height, width, rgb);
        }
    }
}
