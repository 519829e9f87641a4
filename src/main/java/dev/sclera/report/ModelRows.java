package dev.sclera.report;

import dev.sclera.report.Report.Access;
import dev.sclera.report.Report.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The rows of one model.
 *
 * @param model the model's name
 * @param clean its row on clean images
 * @param perturbed its other rows, in the report's order
 */
record ModelRows(String model, Row clean, List<Row> perturbed) {

    /** The harm done, least first: by quadratic kappa where defined, then by the grades changed, then by accuracy. */
    static final Comparator<Row> BY_HARM = Comparator.comparing(
                    Row::quadraticKappa, Comparator.nullsFirst(Comparator.<Double>reverseOrder()))
            .thenComparing(Row::foolingRate, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Row::accuracy, Comparator.reverseOrder());

    ModelRows {
        perturbed = List.copyOf(perturbed);
    }

    /** The rows model by model, in the order in which the models first appear. */
    static List<ModelRows> of(List<Row> rows) {
        Map<String, List<Row>> byModel = new LinkedHashMap<>();
        rows.forEach(row ->
                byModel.computeIfAbsent(row.model(), model -> new ArrayList<>()).add(row));
        return byModel.entrySet().stream()
                .map(entry -> new ModelRows(
                        entry.getKey(),
                        entry.getValue().stream()
                                .filter(row -> row.access() == Access.CLEAN)
                                .findFirst()
                                .orElseThrow(() -> new IllegalArgumentException("no clean row of " + entry.getKey())),
                        entry.getValue().stream()
                                .filter(row -> row.access() != Access.CLEAN)
                                .toList()))
                .toList();
    }

    /** All rows, the clean one first. */
    List<Row> all() {
        List<Row> all = new ArrayList<>();
        all.add(clean);
        all.addAll(perturbed);
        return List.copyOf(all);
    }

    /**
     * The most harmful row of some access: the one with the lowest quadratic kappa, of equals the one that changes most
     * grades, of equals the first.
     */
    Optional<Row> strongest(Access access) {
        // max keeps the last of equals, a reversed min the first
        return perturbed.stream().filter(row -> row.access() == access).min(BY_HARM.reversed());
    }

    /** The most harmful row of a perturbation that was crafted against this very model, however. */
    Optional<Row> strongestOwn() {
        return perturbed.stream().filter(row -> row.access().own()).min(BY_HARM.reversed());
    }

    /** The most harmful control with the same bound as some perturbed row. */
    Optional<Row> controlOf(Row row) {
        return perturbed.stream()
                .filter(other -> other.access() == Access.CONTROL
                        && Objects.equals(other.norm(), row.norm())
                        && Objects.equals(other.epsilon(), row.epsilon()))
                .min(BY_HARM.reversed());
    }
}
