package dev.sclera.dataset;

import dev.sclera.dataset.Rejection.Reason;
import dev.sclera.problem.UnusableInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A MedMNIST file: a {@code .npz} with {@code train_images} and {@code train_labels}, and likewise {@code val} and
 * {@code test}. Images are uint8 {@code [n,h,w,3]}, {@code [n,h,w,1]} or {@code [n,h,w]}, labels whole numbers
 * {@code [n]} or {@code [n,1]}. What is inflated is bounded by what the array's header promises, and that by the space
 * in the temporary folder, where the images wait.
 */
record NpzArchive() implements Layout {

    private static final List<String> SPLITS = List.of("train", "val", "test");
    private static final int MOST_IMAGES = 10_000_000;
    private static final int LONGEST_SIDE = 10_000;

    @Override
    public Optional<ImageSource> open(Path source) {
        if (!Files.isRegularFile(source)
                || !source.toString().toLowerCase(Locale.ROOT).endsWith(".npz")) {
            return Optional.empty();
        }
        List<Candidate> candidates = new ArrayList<>();
        List<Rejection> rejections = new ArrayList<>();
        List<Spill> spills = new ArrayList<>();
        try (ZipFile zip = new ZipFile(source.toFile())) {
            for (String split : SPLITS) {
                ZipEntry images = zip.getEntry(split + "_images.npy");
                ZipEntry labels = zip.getEntry(split + "_labels.npy");
                if ((images == null) != (labels == null)) {
                    throw unusable(source, "it has only one of %s_images and %s_labels".formatted(split, split), null);
                }
                if (images != null && labels != null) {
                    read(split, labels(zip, labels), images(zip, images), spills, candidates, rejections);
                }
            }
            if (spills.isEmpty()) {
                throw unusable(source, "it has none of train_images, val_images and test_images", null);
            }
            return Optional.of(new ImageSource(candidates, rejections, true, spills));
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            spills.forEach(Spill::close);
            throw unusable(source, String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            spills.forEach(Spill::close);
            throw e;
        }
    }

    /** Images of one split, their header read, their data not. */
    private record Pixels(NpyHeader header, InputStream data) {}

    private static void read(
            String split,
            long[] labels,
            Pixels pixels,
            List<Spill> spills,
            List<Candidate> candidates,
            List<Rejection> rejections)
            throws IOException {
        int[] shape = pixels.header().shape();
        int channels = shape.length == 4 ? shape[3] : 1;
        if (shape[0] != labels.length) {
            throw new IllegalArgumentException("%s_images has %d images, but %s_labels has %d labels"
                    .formatted(split, shape[0], split, labels.length));
        }
        int rowBytes = shape[1] * shape[2] * channels;
        Spill spill = new Spill(shape[0], rowBytes);
        spills.add(spill);
        try (InputStream data = pixels.data()) {
            for (int row = 0; row < shape[0]; row++) {
                byte[] image = data.readNBytes(rowBytes);
                if (image.length < rowBytes) {
                    throw new IllegalArgumentException(
                            "%s_images ends within image %d of %d".formatted(split, row, shape[0]));
                }
                spill.write(row, image);
                String file = split + "/" + row;
                if (labels[row] < 0 || labels[row] >= Grades.COUNT) {
                    rejections.add(new Rejection(
                            file,
                            Reason.WRONG_GRADE,
                            "its label is %d, which is not a grade from 0 to 4".formatted(labels[row])));
                } else {
                    String name = "%s_%05d".formatted(split, row);
                    candidates.add(new Candidate.ArrayRow(
                            spill, row, shape[1], shape[2], channels, split, file, name, (int) labels[row]));
                }
            }
            if (data.read() >= 0) {
                throw new IllegalArgumentException(split + "_images has more data than its header promises");
            }
        }
    }

    private static Pixels images(ZipFile zip, ZipEntry entry) throws IOException {
        InputStream data = new BufferedInputStream(zip.getInputStream(entry), 1 << 16);
        NpyHeader header = NpyHeader.read(data);
        int[] shape = header.shape();
        boolean fits = header.type() == Npy.Type.UINT8
                && (shape.length == 3 || shape.length == 4 && (shape[3] == 1 || shape[3] == 3))
                && shape[0] <= MOST_IMAGES
                && shape[1] >= 1
                && shape[1] <= LONGEST_SIDE
                && shape[2] >= 1
                && shape[2] <= LONGEST_SIDE;
        if (!fits) {
            data.close();
            throw new IllegalArgumentException("%s is %s of shape %s, not uint8 [n,h,w,3] or [n,h,w]"
                    .formatted(entry.getName(), header.type(), Arrays.toString(shape)));
        }
        return new Pixels(header, data);
    }

    private static long[] labels(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream data = new BufferedInputStream(zip.getInputStream(entry))) {
            NpyHeader header = NpyHeader.read(data);
            int[] shape = header.shape();
            boolean fits = shape.length >= 1
                    && shape.length <= 2
                    && shape[0] <= MOST_IMAGES
                    && (shape.length == 1 || shape[1] == 1);
            if (!fits) {
                throw new IllegalArgumentException(
                        "%s has the shape %s, not [n] or [n,1]".formatted(entry.getName(), Arrays.toString(shape)));
            }
            byte[] values = data.readNBytes((int) header.dataBytes());
            return new Npy(header.type(), shape, ByteBuffer.wrap(values)).longs();
        }
    }

    private static UnusableInputException unusable(Path source, String fault, @Nullable Exception cause) {
        String message =
                "\"%s\" cannot be imported as a MedMNIST file: %s. It is to hold train_images [n,h,w,3] or [n,h,w] of uint8 and train_labels [n] or [n,1], and likewise val and test."
                        .formatted(source, fault);
        return cause == null
                ? new UnusableInputException("source", message)
                : new UnusableInputException("source", message, cause);
    }
}
