package dev.sclera.local.command;

import dev.sclera.campaign.CampaignStates;
import dev.sclera.campaign.CampaignStatus;
import dev.sclera.local.Operations;
import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.MissingArtifactException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sclera status}. */
@Command(
        name = "status",
        description = {
            "Tell how campaigns stand: what is done, what is left, and what keeps one from going on.",
            "",
            "Of a campaign that failed, the cause is told. Once it is mended, \"sclera redrive --all\" has it go on."
        },
        footer = {"", "Examples:", "  sclera status", "  sclera status 3f9a41"})
final class StatusCommand extends StoreCommand {

    private static final Logger LOG = LoggerFactory.getLogger(StatusCommand.class);

    private static final int SHORT = 12;

    @Parameters(
            paramLabel = "CAMPAIGN",
            arity = "0..1",
            description = "The campaign's id, of which the first digits suffice; all are listed where none is given.")
    private @Nullable String id;

    @Override
    int run(Operations operations) {
        CampaignStates states = operations.states();
        if (id != null) {
            CampaignStatus status = states.get(id);
            print(status, () -> lines(operations, status).toString());
            return 0;
        }
        List<CampaignStatus> all =
                states.ids().stream().flatMap(each -> readable(states, each)).toList();
        print(
                all,
                () -> all.isEmpty()
                        ? "There are no campaigns yet. Run one with: sclera campaign SPEC" + System.lineSeparator()
                        : table(all));
        return 0;
    }

    /** One that cannot be read hides no other. */
    private static Stream<CampaignStatus> readable(CampaignStates states, String id) {
        try {
            return Stream.of(states.get(id));
        } catch (MissingArtifactException | CorruptArtifactException e) {
            LOG.warn("The campaign {} is left out: {}", id.substring(0, SHORT), e.getMessage());
            return Stream.empty();
        }
    }

    private static Lines lines(Operations operations, CampaignStatus status) {
        Lines lines = new Lines()
                .add("campaign", status.id())
                .add("state", state(status))
                .add("models", String.join(", ", status.models()));
        status.stages()
                .forEach(part -> lines.add(part.stage().words(), "%d of %d".formatted(part.done(), part.steps())));
        if (status.failure() != null) {
            lines.add("failed at", status.failure().step())
                    .add("because", status.failure().detail());
        }
        return lines.add("verdict", verdict(status))
                .add(
                        "report",
                        status.report() == null ? null : operations.store().place(status.report()));
    }

    private static String table(List<CampaignStatus> all) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("campaign", "state", "steps", "models", "verdict"));
        for (CampaignStatus status : all) {
            String verdict = verdict(status);
            lines.add(List.of(
                    status.id().substring(0, SHORT),
                    state(status),
                    status.steps() == 0 ? "-" : "%d/%d".formatted(status.done(), status.steps()),
                    String.join(",", status.models()),
                    verdict == null ? "-" : verdict));
        }
        return Columns.of(lines);
    }

    private static String state(CampaignStatus status) {
        return status.state().name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String verdict(CampaignStatus status) {
        return status.passed() == null ? null : status.passed() ? "pass" : "fail";
    }
}
