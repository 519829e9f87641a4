package dev.sclera.dataset;

import dev.sclera.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/**
 * Divides images so that each split has its share of every grade, to within one image: the images of a grade are put
 * into an order that follows from their content and the seed, and that order is cut.
 */
final class StratifiedSplit {

    private StratifiedSplit() {}

    /**
     * The split of each image.
     *
     * @param images numbers of the images; no two of the same content
     * @param grade by number, the grade
     * @param content by number, a digest of the content
     * @return by number, {@code train}, {@code val} or {@code test}
     */
    static Map<Integer, String> assign(
            List<Integer> images, IntUnaryOperator grade, IntFunction<String> content, Split split) {
        Map<Integer, List<Integer>> byGrade = images.stream()
                .collect(Collectors.groupingBy(i -> grade.applyAsInt(i), TreeMap::new, Collectors.toList()));
        Map<Integer, String> assigned = new LinkedHashMap<>();
        for (List<Integer> stratum : byGrade.values()) {
            Map<Integer, String> drawn = stratum.stream()
                    .collect(Collectors.toMap(
                            i -> i,
                            i -> Sha256.of(
                                    (split.seed() + "/" + content.apply(i)).getBytes(StandardCharsets.US_ASCII))));
            List<Integer> order = stratum.stream()
                    .sorted(Comparator.comparing((Integer i) -> drawn.get(i)))
                    .toList();
            long train = Math.round(order.size() * split.train());
            long trainAndVal = Math.round(order.size() * (split.train() + split.val()));
            for (int place = 0; place < order.size(); place++) {
                String part = place < train ? "train" : place < trainAndVal ? "val" : "test";
                assigned.put(order.get(place), part);
            }
        }
        return assigned;
    }
}
