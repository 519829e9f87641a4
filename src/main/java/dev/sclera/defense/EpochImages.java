package dev.sclera.defense;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Images;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The training images in the order of each epoch, read as they are needed. */
final class EpochImages {

    private static final long BYTES_AT_ONCE = 512L << 20;

    private final Datasets datasets;
    private final Dataset dataset;
    private final EpochOrder order;
    private final Map<Integer, Images> loaded = new HashMap<>();

    EpochImages(Datasets datasets, Dataset dataset, List<Example> training, int batch, long seed) {
        this.datasets = datasets;
        this.dataset = dataset;
        int largest =
                dataset.shards().stream().mapToInt(Dataset.Shard::count).max().orElse(1);
        long bytes = 3L * dataset.height() * dataset.width() * largest;
        order = EpochOrder.of(training, (int) Math.max(1, BYTES_AT_ONCE / bytes), batch, seed);
    }

    List<List<Example>> batches(int epoch) {
        return order.batches(epoch);
    }

    /** The shards that a batch is in, by number; they are kept while batches of the same group follow. */
    Map<Integer, Images> of(List<Example> examples) {
        List<Integer> wanted = examples.stream().map(Example::shard).distinct().toList();
        List<Integer> missing =
                wanted.stream().filter(shard -> !loaded.containsKey(shard)).toList();
        if (loaded.size() + missing.size() > order.shardsAtOnce()) {
            loaded.keySet().retainAll(wanted);
        }
        missing.forEach(shard -> loaded.put(shard, datasets.read(dataset, shard)));
        return Map.copyOf(loaded);
    }
}
