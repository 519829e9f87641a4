package dev.sclera.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Numbers for kinds of images, from 0 in the order in which kinds are met. */
final class Kinds {

    private Kinds() {}

    static int[] numbered(LongStream labels) {
        Map<Long, Integer> numbers = new HashMap<>();
        return labels.mapToInt(label -> {
                    Integer next = numbers.size();
                    Integer known = numbers.putIfAbsent(label, next);
                    return known == null ? next : known;
                })
                .toArray();
    }

    /** Of one kind are those that are so on both sides. */
    static int[] ofBoth(int[] first, int[] second) {
        return numbered(IntStream.range(0, first.length).mapToLong(i -> (long) first[i] << Integer.SIZE | second[i]));
    }
}
