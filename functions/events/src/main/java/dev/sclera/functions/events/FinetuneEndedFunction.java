package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.CampaignEvents;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the steps that waited for a repair elsewhere, now that it has ended. */
@Singleton
public class FinetuneEndedFunction {

    private final CampaignEvents campaigns;

    public FinetuneEndedFunction(CampaignEvents campaigns) {
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
    }

    /**
     * What was told.
     *
     * @param steps the ids of the steps that waited
     */
    public record Result(List<String> steps) {

        public Result {
            steps = List.copyOf(steps);
        }
    }

    /** Looks who waited for the jobs that a message names. */
    @Funq("finetune-ended")
    @Measured("finetune-ended")
    public Result ended(@Nullable Message message) {
        return new Result(EndedJob.read(message).stream()
                .flatMap(job -> campaigns.repaired(job).stream())
                .toList());
    }
}
