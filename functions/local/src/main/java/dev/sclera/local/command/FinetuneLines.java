package dev.sclera.local.command;

import dev.sclera.defense.EpochLine;
import dev.sclera.functions.finetune.FinetuneResult;
import java.util.Locale;

/** A fine-tuning job in lines for people. */
final class FinetuneLines {

    private FinetuneLines() {}

    static Lines of(FinetuneResult job) {
        Lines lines = new Lines()
                .add("job", job.id())
                .add("state", job.state().name().toLowerCase(Locale.ROOT))
                .add("error", job.error())
                .add("epochs", job.epoch() + " of " + job.epochs())
                .add("images", job.images() + " of " + job.totalImages())
                .add("updated", job.updated())
                .add("model", job.model());
        EpochLine last = job.last();
        if (last != null) {
            lines.figure("quadratic kappa, clean", last.cleanQuadraticKappa())
                    .figure("quadratic kappa, attacked", last.attackedQuadraticKappa());
        }
        if (job.dispatched() != null) {
            lines.add("runs at", job.dispatched().where())
                    .add("as", job.dispatched().target());
        }
        return lines;
    }
}
