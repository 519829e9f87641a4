package dev.sclera.local.command;

import dev.sclera.ascent.Norm;
import dev.sclera.attack.CraftSettings;
import dev.sclera.attack.Epsilon;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    @Option(
            names = "--passes",
            description = "The budget: evaluations per crafting image and model, 1 to 1000. Default: the attack's own.")
    @Nullable
    Integer passes;

    @Option(
            names = "--budget",
            description = "The budget as evaluations in all, instead. One is one image through one model, forward, or"
                    + " forward and backward.")
    @Nullable
    Long budget;

    @Option(names = "--seconds", description = "Stop after this time with what there is. Default: never.")
    @Nullable
    Double seconds;

    @Option(
            names = "--stop-at",
            paramLabel = "RATE",
            description = "Stop when so many of the crafting images are fooled, up to 1. Default: never.")
    @Nullable
    Double stopAt;

    @Option(names = "--batch", description = "Images per step, 1 to 4096. Default: the attack's own.")
    @Nullable
    Integer batch;

    @Option(
            names = "--step",
            description =
                    "The first step's size relative to epsilon, above 0 and at most 2. Default: the attack's own.")
    @Nullable
    Double step;

    @Option(
            names = "--augment",
            split = ",",
            description = "Changes on the way that make the perturbation transfer better: diversity, translation."
                    + " Default: none.")
    List<String> augment = new ArrayList<>();

    @Option(
            names = {"-o", "--option"},
            paramLabel = "NAME=VALUE",
            description = "An option of one attack; \"sclera attacks\" lists them. Where several attacks are named:"
                    + " ATTACK.NAME=VALUE.")
    Map<String, String> option = new TreeMap<>();

    @Option(names = "--seed", description = "The seed of everything random. Default: ${DEFAULT-VALUE}.")
    long seed;

    CraftSettings settings() {
        return new CraftSettings(
                norm,
                Epsilon.parse(epsilon),
                target,
                passes,
                budget,
                seconds,
                stopAt,
                batch,
                step,
                Set.copyOf(augment),
                option,
                seed);
    }
}
