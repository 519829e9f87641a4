package dev.sclera.dataset;

import dev.sclera.dataset.image.ImageDecoder;
import dev.sclera.dataset.image.Size;
import dev.sclera.dataset.image.UnusableImageException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Sha256;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of all candidates without decoding one: the digests of their bytes, and the size that they share. Reads
 * each file once and keeps none.
 */
final class Survey {

    /** The canonical size where the pictures do not share one. */
    private static final int USUAL = 224;

    private static final int LARGEST_SHARED = 512;
    private static final int SMALLEST_SHARED = 8;

    private final List<Candidate> candidates;
    private final @Nullable String[] digests;
    private final @Nullable Rejection[] rejections;
    private final @Nullable Size[] sizes;

    Survey(ImageSource source, ImageDecoder decoder, Progress progress) {
        candidates = source.candidates();
        digests = new String[candidates.size()];
        rejections = new Rejection[candidates.size()];
        sizes = new Size[candidates.size()];
        try (Progress.Task task = progress.start("reading images", candidates.size())) {
            Parallel.forEach(candidates.size(), Integer.MAX_VALUE, i -> {
                look(i, decoder);
                task.advance(1);
            });
        }
    }

    private void look(int i, ImageDecoder decoder) {
        Candidate candidate = candidates.get(i);
        byte[] bytes;
        try {
            bytes = candidate.bytes();
        } catch (UnusableImageException e) {
            rejections[i] = Rejection.of(candidate.file(), e);
            return;
        } catch (IOException e) {
            rejections[i] = Rejection.of(candidate.file(), e);
            return;
        }
        digests[i] = Sha256.of(bytes);
        try {
            sizes[i] = candidate.size(bytes, decoder);
        } catch (UnusableImageException e) {
            // decoding it will say so again, if it comes to that
            sizes[i] = null;
        }
    }

    /** The SHA-256 of a candidate's bytes, or null where they cannot be read. */
    @Nullable
    String digest(int candidate) {
        return digests[candidate];
    }

    /** The candidates that cannot even be read. */
    List<Rejection> rejections() {
        return Arrays.stream(rejections).filter(Objects::nonNull).toList();
    }

    /** The size that all readable pictures share where it is square and at most 512, else 224. */
    int canonicalSize() {
        List<Size> different = Arrays.stream(sizes)
                .filter(Objects::nonNull)
                .distinct()
                .limit(2)
                .toList();
        if (different.size() != 1) {
            return USUAL;
        }
        Size shared = different.get(0);
        boolean usable = shared.height() == shared.width()
                && shared.height() >= SMALLEST_SHARED
                && shared.height() <= LARGEST_SHARED;
        return usable ? shared.height() : USUAL;
    }

    /** The lines of all that the import has seen and that makes a difference: its digest stands in the recipe. */
    String contentDigest(List<Rejection> known) {
        LineDigest digest = new LineDigest();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            digest.add(
                    String.valueOf(digests[i]), candidate.grade(), String.valueOf(candidate.split()), candidate.name());
        }
        for (Rejection rejection : known) {
            digest.add("rejected", rejection.reason().code(), rejection.file(), rejection.detail());
        }
        return digest.hexadecimal();
    }

    /** All that was rejected so far, in the order of files. */
    static List<Rejection> sorted(List<Rejection> first, List<Rejection> second) {
        List<Rejection> all = new ArrayList<>(first);
        all.addAll(second);
        all.sort(Comparator.comparing(Rejection::file).thenComparing(Rejection::detail));
        return all;
    }
}
