package dev.sclera.dataset;

import dev.sclera.dataset.image.ImageDecoder;
import dev.sclera.dataset.image.Picture;
import dev.sclera.dataset.image.UnusableImageException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Sha256;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The canonical pixels of all candidates that could be decoded. The pixels lie in a temporary file, as large as the
 * dataset; in memory is one digest per image.
 */
final class DecodedImages implements AutoCloseable {

    private final Spill pixels;
    private final @Nullable String[] digests;
    private final @Nullable Rejection[] rejections;

    DecodedImages(ImageSource source, Canonical canonical, ImageDecoder decoder, Progress progress) {
        this("decoding images", source, canonical, decoder, progress);
    }

    /** @param doing what decoding is called in the progress */
    DecodedImages(String doing, ImageSource source, Canonical canonical, ImageDecoder decoder, Progress progress) {
        List<Candidate> candidates = source.candidates();
        digests = new String[candidates.size()];
        rejections = new Rejection[candidates.size()];
        pixels = new Spill(candidates.size(), 3 * canonical.size() * canonical.size());
        try (Progress.Task task = progress.start(doing, candidates.size())) {
            Parallel.forEach(candidates.size(), Integer.MAX_VALUE, i -> {
                decode(i, candidates.get(i), canonical, decoder);
                task.advance(1);
            });
        } catch (RuntimeException | Error e) {
            pixels.close();
            throw e;
        }
    }

    private void decode(int i, Candidate candidate, Canonical canonical, ImageDecoder decoder) {
        try {
            Picture picture = canonical.of(candidate.decode(candidate.bytes(), decoder));
            digests[i] = Sha256.of(picture.rgb());
            pixels.write(i, picture.rgb());
        } catch (UnusableImageException e) {
            rejections[i] = Rejection.of(candidate.file(), e);
        } catch (IOException e) {
            rejections[i] = Rejection.of(candidate.file(), e);
        }
    }

    /** The SHA-256 of an image's canonical pixels, or null where it has none. */
    @Nullable
    String digest(int candidate) {
        return digests[candidate];
    }

    /** The candidates that could not be decoded. */
    List<Rejection> rejections() {
        return Arrays.stream(rejections).filter(Objects::nonNull).toList();
    }

    /** Copies an image's canonical pixels to {@code target} from {@code offset} on. */
    void read(int candidate, byte[] target, int offset) {
        pixels.read(candidate, target, offset);
    }

    @Override
    public void close() {
        pixels.close();
    }
}
