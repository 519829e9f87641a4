package dev.sclera.defense;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * In which order each epoch takes the training images. Datasets that do not fit into memory are gone through in groups
 * of shards, drawn anew in every epoch: the shards of a group are mixed with each other.
 *
 * @param byShard the training images
 * @param shardsAtOnce how many shards make a group
 * @param batch images per step
 * @param seed of the orders
 */
record EpochOrder(TreeMap<Integer, List<Example>> byShard, int shardsAtOnce, int batch, long seed) {

    static EpochOrder of(List<Example> training, int shardsAtOnce, int batch, long seed) {
        return new EpochOrder(
                training.stream().collect(Collectors.groupingBy(Example::shard, TreeMap::new, Collectors.toList())),
                shardsAtOnce,
                batch,
                seed);
    }

    /** The batches of an epoch, in order; the last one of a group may be smaller. */
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
}
