package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.util.List;

/**
 * The record of a perturbed dataset, {@code perturbed/<dataset>/<perturbation>/manifest.json}: a dataset's images under
 * a perturbation as 8-bit PNG files, with a {@code labels.csv} beside them, so that the folder can be imported.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id; determined by the dataset and the perturbation
 * @param dataset the name of the clean dataset
 * @param datasetId its id
 * @param perturbation the id of the perturbation
 * @param height rows of the images
 * @param width columns of the images
 * @param labels key of {@code labels.csv}: columns {@code image,grade}
 * @param labelsSha256 its digest
 * @param images every image, in the dataset's order
 * @param recipe what determines it
 * @param provenance how it came to be
 */
public record PerturbedDataset(
        String schema,
        String id,
        String dataset,
        String datasetId,
        String perturbation,
        int height,
        int width,
        String labels,
        String labelsSha256,
        List<Image> images,
        Recipe recipe,
        Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/perturbed-dataset/1";

    public PerturbedDataset {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        images = List.copyOf(images);
    }

    /**
     * One perturbed image.
     *
     * @param name its name in the clean dataset
     * @param grade its grade
     * @param key of its PNG
     * @param sha256 the PNG's digest
     */
    public record Image(String name, int grade, String key, String sha256) {}
}
