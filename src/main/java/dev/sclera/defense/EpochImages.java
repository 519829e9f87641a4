package dev.sclera.defense;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Images;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The training images in the order of each epoch, in batches. Datasets that do not fit into memory are gone through in
 * groups of shards, drawn anew in every epoch: the shards of a group are mixed with each other.
 */
final class EpochImages {

    private static final long BYTES_AT_ONCE = 512L << 20;

    private final Datasets datasets;
    private final Dataset dataset;
    private final Map<Integer, List<Example>> byShard;
    private final int batch;
    private final long seed;
    private final int shardsAtOnce;
    private final Map<Integer, Images> loaded = new HashMap<>();

    EpochImages(Datasets datasets, Dataset dataset, List<Example> training, int batch, long seed) {
        this(datasets, dataset, training, batch, seed, BYTES_AT_ONCE);
    }

    EpochImages(Datasets datasets, Dataset dataset, List<Example> training, int batch, long seed, long bytesAtOnce) {
        this.datasets = datasets;
        this.dataset = dataset;
        this.batch = batch;
        this.seed = seed;
        byShard = training.stream().collect(Collectors.groupingBy(Example::shard, TreeMap::new, Collectors.toList()));
        long largest = 3L
                * dataset.height()
                * dataset.width()
                * dataset.shards().stream().mapToInt(Dataset.Shard::count).max().orElse(1);
        shardsAtOnce = (int) Math.max(1, Math.min(byShard.size(), bytesAtOnce / largest));
    }

    /** The batches of an epoch, in order. */
    List<List<Example>> batches(int epoch) {
        List<Integer> shards = new ArrayList<>(byShard.keySet());
        int[] order = Seeded.order(shards.size(), Seeded.at(seed, Seeded.Purpose.ORDER, epoch));
        List<List<Example>> batches = new ArrayList<>();
        for (int start = 0; start < order.length; start += shardsAtOnce) {
            List<Example> group = Arrays.stream(order, start, Math.min(order.length, start + shardsAtOnce))
                    .mapToObj(shards::get)
                    .sorted()
                    .flatMap(shard -> byShard.get(shard).stream())
                    .toList();
            int[] within = Seeded.order(group.size(), Seeded.at(seed, Seeded.Purpose.ORDER, epoch, start + 1));
            for (int first = 0; first < within.length; first += batch) {
                batches.add(Arrays.stream(within, first, Math.min(within.length, first + batch))
                        .mapToObj(group::get)
                        .toList());
            }
        }
        return batches;
    }

    /** The shards that a batch is in, by number; they are kept while batches of the same group follow. */
    Map<Integer, Images> of(List<Example> examples) {
        List<Integer> wanted = examples.stream().map(Example::shard).distinct().toList();
        List<Integer> missing =
                wanted.stream().filter(shard -> !loaded.containsKey(shard)).toList();
        if (loaded.size() + missing.size() > shardsAtOnce) {
            loaded.keySet().retainAll(wanted);
        }
        missing.forEach(shard -> loaded.put(shard, datasets.read(dataset, shard)));
        return Map.copyOf(loaded);
    }
}
