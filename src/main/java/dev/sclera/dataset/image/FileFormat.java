package dev.sclera.dataset.image;

import dev.sclera.dataset.image.UnusableImageException.Defect;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The image formats that are read, each told by its first bytes, never by a file's name. Each walks its own structure
 * before anything is decoded, because decoders return half a picture for half a file, at best with a warning.
 */
enum FileFormat {
    /** Segments by their lengths, coded data up to the end-of-image marker (ITU-T T.81, annex B). */
    JPEG {
        @Override
        boolean recognises(byte[] file) {
            return Bytes.matches(file, 0, "\u00ff\u00d8\u00ff");
        }

        @Override
        int verify(byte[] file) throws UnusableImageException {
            int orientation = 1;
            int at = 2;
            while (at + 2 <= file.length) {
                if (Bytes.u8(file, at) != 0xff) {
                    // within coded data, or rubbish between segments, which decoders skip too
                    at++;
                    continue;
                }
                int marker = Bytes.u8(file, at + 1);
                if (marker == 0xff) {
                    at++;
                } else if (marker == 0xd9) {
                    return orientation;
                } else if (marker == 0x00 || marker == 0x01 || marker >= 0xd0 && marker <= 0xd8) {
                    at += 2;
                } else {
                    if (at + 4 > file.length) {
                        break;
                    }
                    if (marker == 0xe1 && Bytes.matches(file, at + 4, "Exif\0\0")) {
                        int end = Math.min(file.length, at + 2 + Bytes.bigEndian16(file, at + 2));
                        orientation = new TiffDirectory(file, at + 10, end).orientation();
                    }
                    at += 2 + Bytes.bigEndian16(file, at + 2);
                }
            }
            throw truncated("JPEG", "has no end-of-image marker");
        }
    },

    /** Chunks by their lengths with their CRCs, up to IEND (PNG specification, section 5). */
    PNG {
        @Override
        boolean recognises(byte[] file) {
            return Bytes.matches(file, 0, "\u0089PNG\r\n\u001a\n");
        }

        @Override
        int verify(byte[] file) throws UnusableImageException {
            int orientation = 1;
            long at = 8;
            while (at + 12 <= file.length) {
                int chunk = (int) at;
                long next = at + 12 + Bytes.bigEndian32(file, chunk);
                if (next > file.length) {
                    break;
                }
                boolean critical = (file[chunk + 4] & 0x20) == 0;
                CRC32 crc = new CRC32();
                crc.update(file, chunk + 4, (int) next - chunk - 8);
                if (critical && crc.getValue() != Bytes.bigEndian32(file, (int) next - 4)) {
                    throw new UnusableImageException(
                            Defect.DAMAGED, "a PNG with a wrong checksum in the chunk at byte " + chunk);
                }
                if (Bytes.matches(file, chunk + 4, "eXIf")) {
                    orientation = new TiffDirectory(file, chunk + 8, (int) next - 4).orientation();
                }
                if (Bytes.matches(file, chunk + 4, "IEND")) {
                    return orientation;
                }
                at = next;
            }
            throw truncated("PNG", "has no IEND chunk");
        }
    },

    /** Every strip and tile of the first picture within the file. */
    TIFF {
        @Override
        boolean recognises(byte[] file) {
            return Bytes.matches(file, 0, "II*\0") || Bytes.matches(file, 0, "MM\0*");
        }

        @Override
        int verify(byte[] file) throws UnusableImageException {
            TiffDirectory directory = new TiffDirectory(file, 0, file.length);
            if (directory.endOfPixels() == 0) {
                throw truncated("TIFF", "has no directory that says where its pixels are");
            }
            if (directory.endOfPixels() > file.length) {
                throw truncated("TIFF", "has pixels up to byte " + directory.endOfPixels());
            }
            return directory.orientation();
        }
    },

    /** As many bytes as its header promises: of pixels where they are not compressed, else of file. */
    BMP {
        @Override
        boolean recognises(byte[] file) {
            return Bytes.matches(file, 0, "BM") && file.length > 14 && Bytes.littleEndian32(file, 6) == 0;
        }

        @Override
        int verify(byte[] file) throws UnusableImageException {
            if (file.length < 34) {
                throw truncated("BMP", "has an incomplete header");
            }
            long promised = Bytes.littleEndian32(file, 2);
            if (Bytes.littleEndian32(file, 14) >= 40 && Bytes.littleEndian32(file, 30) == 0) {
                long width = Math.abs((int) Bytes.littleEndian32(file, 18));
                long height = Math.abs((int) Bytes.littleEndian32(file, 22));
                long row = (width * Bytes.littleEndian16(file, 28) + 31) / 32 * 4;
                promised = Bytes.littleEndian32(file, 10) + row * height;
            }
            if (promised > file.length) {
                throw truncated("BMP", "promises " + promised + " bytes");
            }
            return 1;
        }
    },

    /** As many bytes as its RIFF header promises; lossless and still. */
    WEBP {
        @Override
        boolean recognises(byte[] file) {
            return Bytes.matches(file, 0, "RIFF") && Bytes.matches(file, 8, "WEBP");
        }

        @Override
        int verify(byte[] file) throws UnusableImageException {
            long end = 8 + Bytes.littleEndian32(file, 4);
            if (end > file.length) {
                throw truncated("WebP", "promises " + end + " bytes");
            }
            int orientation = 1;
            for (long at = 12; at + 8 <= end; ) {
                long length = Bytes.littleEndian32(file, (int) at + 4);
                if (at + 8 + length > end) {
                    throw truncated("WebP", "has a chunk that ends at byte " + (at + 8 + length));
                }
                if (Bytes.matches(file, (int) at, "VP8 ")) {
                    // the reader's pixels depart from libwebp's by up to 23 levels on photographs, and are biased
                    throw new UnusableImageException(
                            Defect.UNSUPPORTED,
                            "a lossy WebP, which cannot be decoded exactly here; save it as PNG (lossless WebP is read)");
                }
                if (Bytes.matches(file, (int) at, "ANIM")) {
                    throw new UnusableImageException(Defect.UNSUPPORTED, "an animated WebP, not one photograph");
                }
                if (Bytes.matches(file, (int) at, "EXIF")) {
                    int start = (int) at + (Bytes.matches(file, (int) at + 8, "Exif\0\0") ? 14 : 8);
                    orientation = new TiffDirectory(file, start, (int) (at + 8 + length)).orientation();
                }
                at += 8 + length + (length & 1);
            }
            return orientation;
        }
    };

    /** Whether a file's first bytes are of this format. */
    abstract boolean recognises(byte[] file);

    /**
     * Walks the file's structure from its start to its end.
     *
     * @return how the picture is to be turned, 1 to 8 as EXIF has it
     * @throws UnusableImageException where the file ends before the picture does, or a checksum is wrong
     */
    abstract int verify(byte[] file) throws UnusableImageException;

    /** The format of a file, or nothing where it is none of these. */
    static Optional<FileFormat> of(byte[] file) {
        for (FileFormat format : values()) {
            if (format.recognises(file)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    private static UnusableImageException truncated(String format, String evidence) {
        return new UnusableImageException(Defect.TRUNCATED, "a truncated " + format + ": it " + evidence);
    }
}
