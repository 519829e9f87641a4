package dev.sclera.dataset;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What came of an import.
 *
 * @param datasets the records, one per split, in the order train, val, test
 * @param rejected what was left out of all splits together, in the order of {@code rejected.jsonl}
 * @param reused whether all of it was there already, so that nothing was decoded or written
 */
public record ImportResult(List<Dataset> datasets, List<Rejection> rejected, boolean reused) {

    public ImportResult {
        datasets = List.copyOf(datasets);
        rejected = List.copyOf(rejected);
    }

    /** How many were left out for each reason; reasons that do not occur are not in it. */
    public Map<Rejection.Reason, Integer> rejectedPerReason() {
        Map<Rejection.Reason, Integer> counts = new EnumMap<>(Rejection.Reason.class);
        rejected.forEach(rejection -> counts.merge(rejection.reason(), 1, Integer::sum));
        return counts;
    }
}
