package dev.sclera.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The slope of an image by the image's phases.
 *
 * @param interleave puts them together
 * @param phases as {@link Interleave#of} takes them
 */
record PhasedSlope(Interleave interleave, List<Optional<String>> phases) {

    /** The sum of several: of those whose phases are the same, phase by phase. */
    static List<PhasedSlope> sums(List<PhasedSlope> slopes, GraphBuilder graph) {
        List<PhasedSlope> sums = new ArrayList<>();
        for (PhasedSlope slope : slopes) {
            int place = 0;
            while (place < sums.size() && !sums.get(place).interleave.isLike(slope.interleave)) {
                place++;
            }
            if (place == sums.size()) {
                sums.add(slope);
            } else {
                sums.set(place, sums.get(place).plus(slope, graph));
            }
        }
        return sums;
    }

    private PhasedSlope plus(PhasedSlope other, GraphBuilder graph) {
        List<Optional<String>> sums = new ArrayList<>();
        for (int i = 0; i < phases.size(); i++) {
            Optional<String> mine = phases.get(i);
            Optional<String> others = other.phases.get(i);
            sums.add(
                    mine.isPresent() && others.isPresent()
                            ? Optional.of(graph.add("Add", List.of(mine.get(), others.get())))
                            : mine.or(() -> others));
        }
        return new PhasedSlope(interleave, sums);
    }

    /** The slope of the whole image. */
    String whole(GraphBuilder graph) {
        return interleave.of(phases, graph);
    }
}
