package dev.sclera.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.campaign.StepPlan;
import dev.sclera.campaign.StepwiseCampaigns;
import dev.sclera.events.DeadLetter;
import dev.sclera.events.DeadLetters;
import dev.sclera.events.Event;
import dev.sclera.events.EventTypes;
import dev.sclera.functions.campaign.CampaignRequest;
import dev.sclera.model.Preprocessing;
import dev.sclera.progress.Progress;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.Keys;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that ended left undone is taken up by the next one. */
@QuarkusTest
@TestProfile(ResumedCampaignTest.OwnWorkspace.class)
class ResumedCampaignTest {

    private static final String CAMPAIGN =
            "{'models': ['tiny'], 'dataset': 'eyes', 'attacks': ['pgd'], 'epsilon': '8/255', 'budget': 16, 'repair': false}"
                    .replace('\'', '"');

    @Inject
    Operations operations;

    @Inject
    StepwiseCampaigns campaigns;

    @Inject
    DeadLetters letters;

    /** Without a template: nothing is asked of uploads here. */
    public static class OwnWorkspace extends FreshWorkspace {}

    @Test
    void campaignsAndEventsGoOnWhereTheyWere(@TempDir Path folder) throws IOException {
        operations.models().importFile(MadeUpEyes.grader(folder, "tiny", 1), null, Preprocessing.UNSAID);
        MadeUpEyes.imported(operations, folder, 20, 10);
        CampaignRequest request = JsonFormat.read(CAMPAIGN.getBytes(StandardCharsets.UTF_8), CampaignRequest.class);
        // written down, and one step done, of which nobody was told
        StepPlan plan = campaigns.submit(request.spec());
        campaigns.run(plan.id(), plan.steps().get(0).id(), Progress.none());
        letters.keep(
                Event.now(EventTypes.UPLOADED, "notes", Map.of("key", "notes.txt")),
                new DeadLetter.Fault(DeadLetter.CUT_OFF, "The process ended before."),
                0);

        assertThat(operations.events().listen()).contains("--on-upload");
        operations.events().awaitIdle();

        assertThat(campaigns.unfinished()).isEmpty();
        assertThat(operations.artifacts().objects().exists(Keys.campaignFile(plan.id(), "verdict.json")))
                .isTrue();
        assertThat(campaigns.finished(plan.id())).isPresent();
        assertThat(letters.all()).isEmpty();
    }
}
