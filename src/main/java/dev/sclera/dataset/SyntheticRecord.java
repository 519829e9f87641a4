package dev.sclera.dataset;

import java.util.List;
import java.util.Map;

/**
 * What a synthetic dataset is, beside its record: {@code datasets/<name>/synthetic.json}.
 *
 * @param schema {@value #SCHEMA}
 * @param note for people
 * @param generator the version of what drew it
 * @param seed that all of it was drawn from
 * @param labels what the values of a lesion map mean, by name; 0 is none
 * @param maps the lesion maps: for each shard of the dataset the key of a {@code .npy} of uint8
 *     {@code [n,height,width]}
 * @param images in the order of the dataset
 */
public record SyntheticRecord(
        String schema,
        String note,
        String generator,
        long seed,
        Map<String, Integer> labels,
        List<Maps> maps,
        List<Image> images) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/synthetic-dataset/1";

    /** What is to be said wherever such pictures are shown. */
    public static final String NOTE = "Synthetic photographs: drawn by a program, of nobody's eyes. Figures on them say"
            + " nothing about how a grader does on people.";

    public SyntheticRecord {
        maps = List.copyOf(maps);
        images = List.copyOf(images);
    }

    /**
     * The maps of one shard.
     *
     * @param key where they are
     * @param sha256 their digest
     */
    public record Maps(String key, String sha256) {}

    /**
     * One image.
     *
     * @param name its name in the dataset
     * @param seed that it alone was drawn from, in decimal digits: JSON's numbers hold no more than 53 bits
     * @param side {@code left} or {@code right}
     */
    public record Image(String name, String seed, String side) {}
}
