package dev.sclera.local.command;

import dev.sclera.ascent.Norm;
import dev.sclera.attack.Epsilon;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.PerturbationImport;
import dev.sclera.local.Operations;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sclera perturbation import}. */
@Command(
        name = "import",
        description = {
            "Put a perturbation that was crafted elsewhere into the store, to evaluate it like any other.",
            "",
            "A .npy holds what is added to RGB images, [h,w,3], [3,h,w] or grey [h,w], 1 being the full pixel range. A"
                    + " .png holds it about mid-grey (128, or 32768 of 16 bits); one that Sclera wrote says itself how far"
                    + " it is amplified."
        },
        footer = {
            "",
            "Examples:",
            "  sclera perturbation import delta.npy --name their-uap --norm linf --epsilon 8/255",
            "  sclera perturbation import delta.npy --scale 255",
            "  sclera perturbation import noise.png --amplification 10"
        })
final class PerturbationImportCommand extends StoreCommand {

    @Parameters(paramLabel = "FILE", description = "A .npy or .png file.")
    private Path file;

    @Option(
            names = {"--name", "--attack"},
            description = "What to call the attack in tables. Default: the file's name.")
    private @Nullable String name;

    @Option(names = "--norm", description = "The norm of the bound: ${COMPLETION-CANDIDATES}. Default: linf.")
    private Norm norm = Norm.LINF;

    @Option(
            names = "--epsilon",
            description =
                    "The bound that it was crafted within: a number, or a fraction such as 8/255. Default: its own"
                            + " size in that norm.")
    private @Nullable String epsilon;

    @Option(
            names = "--scale",
            description = "What the values of a .npy are divided by: 255 where they are in 8-bit steps. Default: 1.")
    private @Nullable Double scale;

    @Option(
            names = "--amplification",
            description = "By how much a .png shows the perturbation amplified. Default: what the file says, or 1.")
    private @Nullable Double amplification;

    @Override
    int run(Operations operations) {
        Perturbation imported = operations
                .perturbationImport()
                .run(new PerturbationImport.Request(
                        file,
                        name,
                        norm.name().toLowerCase(Locale.ROOT),
                        epsilon == null ? null : Epsilon.parse(epsilon),
                        scale,
                        amplification));
        print(imported, () -> PerturbationLines.of(imported, operations).toString());
        return 0;
    }
}
