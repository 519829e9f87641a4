package dev.sclera.local.command;

import dev.sclera.functions.finetune.FinetuneResult;
import dev.sclera.local.Operations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** {@code sclera finetune list}. */
@Command(name = "list", description = "List the fine-tuning jobs of the store.")
final class FinetuneListCommand extends StoreCommand {

    @Override
    int run(Operations operations) {
        List<FinetuneResult> all = operations.repairs().jobs().ids().stream()
                .map(id ->
                        operations.finetune().result(operations.repairs().jobs().get(id)))
                .toList();
        print(
                all,
                () -> all.isEmpty()
                        ? "There are no jobs yet. Submit one with: sclera finetune" + System.lineSeparator()
                        : table(all));
        return 0;
    }

    private static String table(List<FinetuneResult> all) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("job", "state", "epochs", "model", "dispatcher"));
        for (FinetuneResult job : all) {
            lines.add(List.of(
                    job.id().substring(0, 12),
                    job.state().name().toLowerCase(Locale.ROOT),
                    job.epoch() + "/" + job.epochs(),
                    job.model(),
                    job.dispatched() == null ? "-" : job.dispatched().dispatcher()));
        }
        return Columns.of(lines);
    }
}
