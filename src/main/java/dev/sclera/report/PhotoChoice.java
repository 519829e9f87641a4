package dev.sclera.report;

import dev.sclera.evaluation.Prediction;
import dev.sclera.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which photographs a report shows: by a fixed rule, so that nobody picks the most striking ones. The grades take
 * turns, and within a grade the photographs come in the order of their names' SHA-256; where fewer than a quarter of
 * those shown changed their grade, unchanged ones make room for the next that did, as far as there are any.
 */
final class PhotoChoice {

    private PhotoChoice() {}

    /**
     * Chooses photographs.
     *
     * @param before predictions on clean images
     * @param after predictions on the same images, perturbed
     * @param most how many to choose at most
     * @return positions in both lists, by true grade
     */
    static List<Integer> choose(List<Prediction> before, List<Prediction> after, int most) {
        List<Integer> order = byTurns(before);
        IntPredicate changed = rank -> before.get(order.get(rank)).grade()
                != after.get(order.get(rank)).grade();
        int shown = Math.min(most, order.size());
        TreeSet<Integer> chosen = IntStream.range(0, shown).boxed().collect(Collectors.toCollection(TreeSet::new));
        int wanted =
                (most + 3) / 4 - (int) IntStream.range(0, shown).filter(changed).count();
        IntStream.range(shown, order.size())
                .filter(changed)
                .limit(Math.max(0, wanted))
                .forEach(rank -> {
                    chosen.remove(chosen.descendingSet().stream()
                            .filter(other -> !changed.test(other))
                            .findFirst()
                            .orElseThrow());
                    chosen.add(rank);
                });
        return chosen.stream()
                .map(order::get)
                .sorted(Comparator.comparingInt(position -> before.get(position).truth()))
                .toList();
    }

    private static List<Integer> byTurns(List<Prediction> predictions) {
        List<String> digests = predictions.stream()
                .map(prediction -> Sha256.of(prediction.image().getBytes(StandardCharsets.UTF_8)))
                .toList();
        Map<Integer, List<Integer>> byGrade = IntStream.range(0, predictions.size())
                .boxed()
                .sorted(Comparator.comparing(digests::get))
                .collect(Collectors.groupingBy(
                        position -> predictions.get(position).truth(), TreeMap::new, Collectors.toList()));
        List<Integer> order = new ArrayList<>();
        for (int turn = 0; order.size() < predictions.size(); turn++) {
            for (List<Integer> positions : byGrade.values()) {
                if (turn < positions.size()) {
                    order.add(positions.get(turn));
                }
            }
        }
        return order;
    }
}
