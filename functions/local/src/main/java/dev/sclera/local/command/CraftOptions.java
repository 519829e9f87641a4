package dev.sclera.local.command;

import dev.sclera.attack.CraftSpec;
import dev.sclera.attack.Norm;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How perturbations are crafted, for every command that crafts some. */
final class CraftOptions {

    @Option(
            names = "--epsilon",
            required = true,
            description = "The bound on the perturbation, 1 being the full pixel range: a number, or a fraction such as"
                    + " 8/255.")
    String epsilon;

    @Option(names = "--norm", description = "The norm of the bound: ${COMPLETION-CANDIDATES}. Default: linf.")
    Norm norm = Norm.LINF;

    @Option(names = "--target", description = "The grade to aim at, 0 to 4. Default: any but the right one.")
    @Nullable
    Integer target;

    @Option(names = "--passes", description = "How often each image is used, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    int passes = CraftSpec.DEFAULT_PASSES;

    @Option(names = "--batch", description = "Images per step, 1 to 4096. Default: ${DEFAULT-VALUE}.")
    int batch = CraftSpec.DEFAULT_BATCH;

    @Option(
            names = "--step",
            description =
                    "The first step's size relative to epsilon, above 0 and at most 2. Default: the attack's own.")
    @Nullable
    Double step;

    @Option(names = "--seed", description = "The seed of everything random. Default: ${DEFAULT-VALUE}.")
    long seed;
}
