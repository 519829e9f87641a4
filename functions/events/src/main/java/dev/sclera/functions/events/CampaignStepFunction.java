package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.StepwiseCampaigns.Outcome;
import dev.sclera.events.CampaignEvents;
import dev.sclera.events.DeadLetter.Fault;
import dev.sclera.functions.events.bus.ChosenBus;
import dev.sclera.problem.ProblemException;
import dev.sclera.progress.HeldElsewhereException;
import dev.sclera.progress.Progress;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a step of a campaign, and tells that it is done. */
@Singleton
public class CampaignStepFunction {

    private static final Logger LOG = LoggerFactory.getLogger(CampaignStepFunction.class);

    /** After so long it is asked for again, which this process is at for somebody else. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final CampaignEvents campaigns;
    private final ChosenBus bus;
    private final Progress progress;

    public CampaignStepFunction(CampaignEvents campaigns, ChosenBus bus, Progress progress) {
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
        this.bus = requireNonNull(bus, "bus is null");
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
    @Measured("campaign-step")
    public Result step(@Nullable Message message) {
        return new Result(StepRequest.read(message).stream()
                .map(request -> new Answer(request.campaign(), request.step(), run(request)))
                .toList());
    }

    /** @throws HeldElsewhereException where somebody is at it, and a caller may have given up: it is to come again */
    private Outcome run(StepRequest request) {
        Outcome outcome = attempt(request);
        if (outcome == Outcome.RUNNING && bus.givesUpWaiting()) {
            throw new HeldElsewhereException(
                    "the step %s of the campaign %s".formatted(request.step(), request.campaign()),
                    Instant.now().plus(PAUSE));
        }
        return outcome;
    }

    /** What no retry would mend is kept for somebody to look at, and does not come again by itself. */
    private Outcome attempt(StepRequest request) {
        try {
            return campaigns.step(request.campaign(), request.step(), progress);
        } catch (ProblemException e) {
            if (e.kind().retryHelps()) {
                throw e;
            }
            LOG.error(
                    "The step {} of the campaign {} was given up: {}",
                    request.step(),
                    request.campaign(),
                    e.getMessage());
            campaigns.giveUp(request.campaign(), request.step(), request.what(), Fault.of(e), 1);
            return Outcome.GIVEN_UP;
        }
    }
}
