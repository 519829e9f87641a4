package dev.sclera.local.command;

import dev.sclera.dataset.Perturbation;
import dev.sclera.local.Operations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sclera perturbation show}. */
@Command(name = "show", description = "Show a perturbation's record: what it is, how large, and what it took.")
final class PerturbationShowCommand extends StoreCommand {

    @Parameters(paramLabel = "ID", description = "The perturbation's id; its first digits suffice.")
    private String id;

    @Override
    int run(Operations operations) {
        Perturbation perturbation = operations.perturbations().get(id);
        print(perturbation, () -> PerturbationLines.of(perturbation, operations).toString());
        return 0;
    }
}
