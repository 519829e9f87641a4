package dev.sclera.local.command;

import dev.sclera.functions.finetune.FinetuneResult;
import dev.sclera.functions.finetune.FinetuneStatusRequest;
import dev.sclera.local.Operations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sclera finetune status}. */
@Command(name = "status", description = "Tell how far a fine-tuning job is, and where it runs.")
final class FinetuneStatusCommand extends StoreCommand {

    @Parameters(paramLabel = "JOB", description = "The job's id; its first digits suffice.")
    private String id;

    @Override
    int run(Operations operations) {
        FinetuneResult result = operations.finetune().status(new FinetuneStatusRequest(id));
        print(result, () -> FinetuneLines.of(result).toString());
        return 0;
    }
}
