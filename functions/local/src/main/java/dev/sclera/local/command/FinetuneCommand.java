package dev.sclera.local.command;

import dev.sclera.defense.EpochLine;
import dev.sclera.defense.Finetune;
import dev.sclera.defense.FinetuneJob;
import dev.sclera.functions.finetune.FinetuneRequest;
import dev.sclera.functions.finetune.FinetuneResult;
import dev.sclera.functions.finetune.FinetuneStatusRequest;
import dev.sclera.local.Operations;
import dev.sclera.store.Keys;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sclera finetune}. */
@Command(
        name = "finetune",
        description = {
            "Repair a grader: train it on clean and perturbed images, and keep the best epoch as a model of its own.",
            "",
            "It is trained here, with its progress shown. Cut it off with Ctrl-C and give the same command again: it goes"
                    + " on where it was, and ends with the same model. With --dispatch it runs elsewhere, and the"
                    + " subcommands tell how far it is."
        },
        subcommands = {FinetuneListCommand.class, FinetuneStatusCommand.class, FinetuneLogCommand.class},
        footer = {
            "",
            "Examples:",
            "  sclera finetune --model resnet18 --dataset clinic-train --perturbation 3f9a41,b07c55",
            "  sclera finetune --model resnet18 --dataset clinic-train --perturbation 3f9a41 --dispatch batch",
            "  sclera finetune status 7c20de"
        })
final class FinetuneCommand extends StoreCommand {

    @Mixin
    private FinetuneOptions options;

    @Option(
            names = "--dispatch",
            paramLabel = "WHERE",
            description = "Have it run elsewhere: local (a process of its own), batch (AWS Batch) or kubernetes."
                    + " Default: here, and wait.")
    private @Nullable String dispatch;

    @Override
    int run(Operations operations) {
        FinetuneRequest request = options.request(dispatch);
        return dispatch == null ? here(request, operations) : elsewhere(request, operations);
    }

    private int here(FinetuneRequest request, Operations operations) {
        FinetuneJob job = operations.finetune().submit(request);
        Finetune finetune = operations.repairs().run(request.spec());
        print(
                finetune,
                () -> lines(job, finetune, operations)
                        + String.join(
                                "",
                                finetune.notes().stream()
                                        .map(note -> note + System.lineSeparator())
                                        .toList()));
        return 0;
    }

    private static Lines lines(FinetuneJob job, Finetune finetune, Operations operations) {
        EpochLine before = finetune.log().get(0);
        EpochLine after = finetune.log().get(finetune.bestEpoch());
        return new Lines()
                .add("job", job.id())
                .add("model", finetune.name())
                .add("epoch", finetune.bestEpoch() + " of " + (finetune.log().size() - 1))
                .add("quadratic kappa, clean", change(before.cleanQuadraticKappa(), after.cleanQuadraticKappa()))
                .add(
                        "quadratic kappa, attacked",
                        change(before.attackedQuadraticKappa(), after.attackedQuadraticKappa()))
                .add("on", "the validation images")
                .add("file", operations.store().place(Keys.model(finetune.name())));
    }

    private static String change(double before, double after) {
        return "%.3f before, %.3f after".formatted(before, after);
    }

    private int elsewhere(FinetuneRequest request, Operations operations) {
        FinetuneResult sent = operations.finetune().finetune(request);
        int code = operations.repairs().local().await(sent.id());
        FinetuneResult result = operations.finetune().status(new FinetuneStatusRequest(sent.id()));
        print(result, () -> FinetuneLines.of(result).toString());
        return code;
    }
}
