package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Rejection.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Images with the same canonical pixels: of those with one grade the first is kept, of those with several grades none.
 *
 * @param kept the candidates that are kept, in order
 * @param rejections the others
 */
record Duplicates(List<Integer> kept, List<Rejection> rejections) {

    static Duplicates in(List<Candidate> candidates, DecodedImages images) {
        Map<String, List<Integer>> alike = new LinkedHashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            String digest = images.digest(i);
            if (digest != null) {
                alike.computeIfAbsent(digest, d -> new ArrayList<>(1)).add(i);
            }
        }
        List<Integer> kept = new ArrayList<>(alike.size());
        List<Rejection> rejections = new ArrayList<>();
        for (List<Integer> group : alike.values()) {
            Candidate first = requireNonNull(candidates.get(group.get(0)));
            boolean agreed = group.stream().allMatch(i -> candidates.get(i).grade() == first.grade());
            if (agreed) {
                kept.add(group.get(0));
                for (int i : group.subList(1, group.size())) {
                    rejections.add(new Rejection(
                            candidates.get(i).file(),
                            Reason.DUPLICATE,
                            "the same pixels and grade as %s, which is kept".formatted(first.file())));
                }
            } else {
                String all = String.join(
                        ", ",
                        group.stream()
                                .map(i -> "%s (grade %d)"
                                        .formatted(
                                                candidates.get(i).file(),
                                                candidates.get(i).grade()))
                                .toList());
                for (int i : group) {
                    rejections.add(new Rejection(
                            candidates.get(i).file(),
                            Reason.CONFLICTING_GRADES,
                            "the same pixels with different grades: " + all));
                }
            }
        }
        kept.sort(Integer::compare);
        return new Duplicates(kept, rejections);
    }
}
