package dev.sclera.local.command;

import dev.sclera.defense.EpochLine;
import dev.sclera.local.Operations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sclera finetune log}. */
@Command(
        name = "log",
        description = "Show what a fine-tuning job came to after each epoch, on its validation images; 0 is the"
                + " original.")
final class FinetuneLogCommand extends StoreCommand {

    @Parameters(paramLabel = "JOB", description = "The job's id; its first digits suffice.")
    private String id;

    @Override
    int run(Operations operations) {
        List<EpochLine> log = operations
                .repairs()
                .jobs()
                .log(operations.repairs().jobs().get(id).id());
        print(log, () -> table(log));
        return 0;
    }

    private static String table(List<EpochLine> log) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("epoch", "training loss", "clean", "attacked", "clean kappa", "attacked kappa", "seconds"));
        for (EpochLine line : log) {
            lines.add(List.of(
                    Integer.toString(line.epoch()),
                    figure(line.trainingLoss()),
                    figure(line.cleanLoss()),
                    figure(line.attackedLoss()),
                    figure(line.cleanQuadraticKappa()),
                    figure(line.attackedQuadraticKappa()),
                    String.format(Locale.ROOT, "%.1f", line.seconds())));
        }
        return Columns.of(lines);
    }

    private static String figure(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
