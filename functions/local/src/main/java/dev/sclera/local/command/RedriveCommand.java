package dev.sclera.local.command;

import dev.sclera.functions.events.redrive.Undelivered;
import dev.sclera.local.Operations;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sclera redrive}. */
@Command(
        name = "redrive",
        description = {
            "List the events that could not be dealt with, and put them back on the bus.",
            "",
            "They lie below dead-letters/ in the store; with SCLERA_EVENTS_DEAD_LETTER_QUEUE, in that SQS queue too."
                    + " Without arguments they are listed and nothing else happens. On the bus of one machine, what"
                    + " follows from them is done before this command ends; what fails again is listed again."
        },
        footer = {"", "Examples:", "  sclera redrive", "  sclera redrive 3f9a41", "  sclera redrive --all"})
final class RedriveCommand extends StoreCommand {

    private static final int SHORT = 12;
    private static final int WHY = 90;

    @Parameters(
            paramLabel = "ID",
            arity = "0..*",
            description = "The ids of those to put back; their first digits suffice.")
    private List<String> ids = List.of();

    @Option(names = "--all", description = "Put all of them back.")
    private boolean all;

    @Override
    int run(Operations operations) {
        List<Undelivered> found = operations.events().undelivered();
        if (!all && ids.isEmpty()) {
            print(found, () -> table(found));
            return 0;
        }
        if (all && !ids.isEmpty()) {
            throw new InvalidValueException("--all", String.join(" ", ids), "either --all, or ids");
        }
        Set<Undelivered> chosen = new LinkedHashSet<>(all ? found : List.of());
        ids.forEach(id -> chosen.add(one(found, id)));
        operations.events().putBack(chosen);
        List<String> put = chosen.stream().map(Undelivered::id).toList();
        int left = operations.events().undelivered().size();
        print(
                new Redriven(put, left),
                () -> new Lines()
                        .add("put back", put.size())
                        .add("undelivered now", left)
                        .toString());
        return 0;
    }

    private static Undelivered one(List<Undelivered> found, String id) {
        List<Undelivered> matching =
                found.stream().filter(event -> event.id().startsWith(id)).toList();
        if (matching.size() != 1) {
            throw new MissingArtifactException(
                    "id", "%d events begin with \"%s\". \"sclera redrive\" lists all.".formatted(matching.size(), id));
        }
        return matching.get(0);
    }

    private static String table(List<Undelivered> found) {
        if (found.isEmpty()) {
            return "There are no events that could not be dealt with." + System.lineSeparator();
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("id", "kept in", "event", "about", "attempts", "why"));
        found.forEach(event -> lines.add(List.of(
                event.id().substring(0, Math.min(SHORT, event.id().length())),
                event.where(),
                event.event().type(),
                event.event().subject(),
                Integer.toString(event.attempts()),
                event.why().length() <= WHY ? event.why() : event.why().substring(0, WHY) + "…")));
        return Columns.of(lines) + "Put them back with: sclera redrive --all" + System.lineSeparator();
    }

    /** What was put back, and how many there are now. */
    private record Redriven(List<String> putBack, int undelivered) {}
}
