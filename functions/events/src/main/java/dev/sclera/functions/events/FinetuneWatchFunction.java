package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.CampaignEvents;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks, by the clock, after repairs that campaigns wait for, and of whose end nobody heard. */
@Singleton
public class FinetuneWatchFunction {

    private final CampaignEvents campaigns;

    public FinetuneWatchFunction(CampaignEvents campaigns) {
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
    }

    /**
     * What was told.
     *
     * @param steps the ids of the steps that waited for nothing
     */
    public record Result(List<String> steps) {

        public Result {
            steps = List.copyOf(steps);
        }
    }

    /** Has steps that wait for a job which is no more go on; whatever a clock sends with its call is not read. */
    @Funq("finetune-watch")
    @Measured("finetune-watch")
    public Result watch(@Nullable Message clock) {
        return new Result(campaigns.forgotten());
    }
}
