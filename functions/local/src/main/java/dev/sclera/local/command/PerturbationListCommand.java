package dev.sclera.local.command;

import dev.sclera.dataset.Perturbation;
import dev.sclera.local.Operations;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code sclera perturbation list}. */
@Command(
        name = "list",
        description = "List the perturbations of the store. The fooling rate is the one on the crafting images, at the"
                + " end of the learning curve.")
final class PerturbationListCommand extends StoreCommand {

    @Override
    int run(Operations operations) {
        List<Perturbation> all = operations.perturbations().ids().stream()
                .flatMap(id -> operations.perturbations().find(id).stream())
                .toList();
        print(
                all,
                () -> all.isEmpty()
                        ? "There are no perturbations yet. Make one with: sclera craft" + System.lineSeparator()
                        : table(all));
        return 0;
    }

    private static String table(List<Perturbation> all) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("id", "attack", "access", "against", "bound", "size", "fooling rate"));
        for (Perturbation each : all) {
            Double rate = PerturbationLines.foolingRate(each);
            lines.add(List.of(
                    each.id().substring(0, 12),
                    each.attack(),
                    each.access(),
                    each.source().orElse("-"),
                    PerturbationLines.bound(each),
                    each.width() + "x" + each.height(),
                    rate == null ? "-" : "%.1f%%".formatted(100 * rate)));
        }
        return Columns.of(lines);
    }
}
