package dev.sclera.local.command;

import dev.sclera.attack.Access;
import dev.sclera.attack.Attacks;
import dev.sclera.attack.Options;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sclera attacks}. */
@Command(name = "attacks", description = "List the attacks, what each needs, the paper it is from, and its options.")
final class AttacksCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        for (Access access : Access.values()) {
            out.println(access.word() + ": " + meaning(access));
            Attacks.descriptions().values().stream()
                    .filter(attack -> attack.access() == access)
                    .forEach(attack -> print(attack, out));
            out.println();
        }
        out.flush();
        return 0;
    }

    private static void print(Attacks.Description attack, PrintWriter out) {
        out.println("  " + attack.name());
        out.println("      " + attack.summary() + ".");
        for (Options.Option option : attack.options()) {
            out.println("      -o %s=%s  %s (%s)"
                    .formatted(option.name(), option.fallback(), option.description(), option.allowed()));
        }
    }

    private static String meaning(Access access) {
        return switch (access) {
            case CONTROL -> "noise of the same norm, to compare with";
            case WHITE_BOX -> "the model with its gradients, and images";
            case DATA_FREE -> "the model with its gradients, and no image";
            case BLACK_BOX -> "the model's answers to images alone";
        };
    }
}
