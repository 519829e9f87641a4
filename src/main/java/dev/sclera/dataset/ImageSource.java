package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What an import found in a folder or a file, before it looked at any pixel.
 *
 * @param candidates the graded images, sorted: this is their order in the dataset
 * @param rejections what is left out already, sorted by file
 * @param ownSplits whether the candidates come in splits of the source's own
 * @param resources to be closed when no candidate is read any more
 */
record ImageSource(
        List<Candidate> candidates,
        List<Rejection> rejections,
        boolean ownSplits,
        List<? extends AutoCloseable> resources)
        implements AutoCloseable {

    ImageSource {
        candidates = List.copyOf(candidates);
        rejections = List.copyOf(rejections);
        resources = List.copyOf(requireNonNull(resources, "resources is null"));
    }

    @Override
    public void close() {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
