package dev.sclera.local.command;

import dev.sclera.functions.perturb.PerturbRequest;
import dev.sclera.functions.perturb.PerturbResult;
import dev.sclera.local.Operations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sclera perturb}. */
@Command(
        name = "perturb",
        description = "Add a perturbation to every image of a dataset, and write them as 8-bit PNG files.",
        footer = {"", "Example:", "  sclera perturb --dataset clinic-test --perturbation 3f9a41"})
final class PerturbCommand extends StoreCommand {

    @Option(names = "--dataset", required = true, description = "The dataset's name.")
    private String dataset;

    @Option(
            names = "--perturbation",
            required = true,
            description = "The perturbation's id, as craft prints it; its first digits suffice.")
    private String perturbation;

    @Override
    int run(Operations operations) {
        PerturbResult result = operations.perturb().perturb(new PerturbRequest(dataset, perturbation));
        print(
                result,
                () -> new Lines()
                        .add("images", result.images())
                        .add("labels", operations.store().place(result.labels()))
                        .add("manifest", operations.store().place(result.manifest()))
                        .toString());
        return 0;
    }
}
