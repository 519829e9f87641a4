package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.StepwiseCampaigns.Outcome;
import dev.sclera.events.CampaignEvents;
import dev.sclera.progress.Progress;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does a step of a campaign, and tells that it is done. */
@Singleton
public class CampaignStepFunction {

    private final CampaignEvents campaigns;
    private final Progress progress;

    public CampaignStepFunction(CampaignEvents campaigns, Progress progress) {
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /**
     * What became of a step.
     *
     * @param campaign the campaign's id
     * @param step the step's id
     * @param outcome what became of it
     */
    public record Answer(String campaign, String step, Outcome outcome) {}

    /**
     * What became of all that a message named.
     *
     * @param steps one answer per step
     */
    public record Result(List<Answer> steps) {

        public Result {
            steps = List.copyOf(steps);
        }
    }

    /** Does the steps that a message names: one, unless a queue hands over several at once. */
    @Funq("campaign-step")
    public Result step(@Nullable Message message) {
        return new Result(StepRequest.read(message).stream()
                .map(request -> new Answer(
                        request.campaign(),
                        request.step(),
                        campaigns.step(request.campaign(), request.step(), progress)))
                .toList());
    }
}
