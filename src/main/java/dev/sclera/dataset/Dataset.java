package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.util.List;

/**
 * The record of an imported dataset, {@code datasets/<name>/dataset.json}: one split of graded photographs at one
 * canonical size.
 *
 * @param schema {@value #SCHEMA}
 * @param name the name under which it is kept
 * @param id the recipe's id; determined by the images' content, their grades and the import's options
 * @param split {@code all}, {@code train}, {@code val} or {@code test}
 * @param height rows of the canonical images
 * @param width columns of the canonical images
 * @param grades the number of grades, 5 on the ICDR scale
 * @param images how many images it has
 * @param imagesPerGrade how many of each grade
 * @param rejected how many images were left out of all splits of the import together; {@link Datasets#rejections} says
 *     why
 * @param shards where the pixels and grades are
 * @param index key of {@code index.jsonl}: per image its name, grade, shard, row and the SHA-256 of its source
 * @param indexSha256 the digest of the index
 * @param recipe what determines it
 * @param provenance how it came to be
 */
public record Dataset(
        String schema,
        String name,
        String id,
        String split,
        int height,
        int width,
        int grades,
        int images,
        List<Integer> imagesPerGrade,
        int rejected,
        List<Shard> shards,
        String index,
        String indexSha256,
        Recipe recipe,
        Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/dataset/1";

    public Dataset {
        requireNonNull(schema, "schema is null");
        requireNonNull(name, "name is null");
        requireNonNull(id, "id is null");
        imagesPerGrade = List.copyOf(imagesPerGrade);
        shards = List.copyOf(shards);
    }

    /** Whether its photographs were drawn by a program rather than taken of eyes. */
    public boolean synthetic() {
        return recipe.kind().equals(SyntheticDatasets.KIND);
    }

    /**
     * One shard of a dataset.
     *
     * @param pixels key of a {@code .npy} of uint8 {@code [n,height,width,3]}
     * @param pixelsSha256 its digest
     * @param grades key of a {@code .npy} of uint8 {@code [n]}
     * @param gradesSha256 its digest
     * @param names key of a JSON array of the n images' names
     * @param namesSha256 its digest
     * @param count n
     */
    public record Shard(
            String pixels,
            String pixelsSha256,
            String grades,
            String gradesSha256,
            String names,
            String namesSha256,
            int count) {}

    /**
     * The name with the first eight digits of the id, where it does not end in them already: for keys of what is
     * derived from this dataset, so that another dataset under an old name has its own.
     */
    public String versionedName() {
        String digits = "-" + id.substring(0, 8);
        return name.endsWith(digits) ? name : name + digits;
    }
}
