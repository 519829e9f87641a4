package dev.sclera.local.command;

import dev.sclera.dataset.Perturbation;
import dev.sclera.local.Operations;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sclera perturbation export}. */
@Command(
        name = "export",
        description = {
            "Write a perturbation to a file: .npy is exact, float32 [h,w,3] of RGB, 1 being the full pixel range; .png is"
                    + " amplified about mid-grey, 16 bits, and says by how much.",
            "",
            "A file that is there with another content is left as it is."
        },
        footer = {"", "Example:", "  sclera perturbation export 3f9a41 delta.npy"})
final class PerturbationExportCommand extends StoreCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "The perturbation's id; its first digits suffice.")
    private String id;

    @Parameters(index = "1", paramLabel = "FILE", description = "A file whose name ends in .npy or .png.")
    private Path file;

    @Override
    int run(Operations operations) {
        Perturbation perturbation = operations.perturbations().get(id);
        operations.perturbationExport().write(perturbation, file);
        print(
                perturbation,
                () -> new Lines()
                        .add("perturbation", perturbation.id())
                        .add("file", file)
                        .toString());
        return 0;
    }
}
