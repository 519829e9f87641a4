package dev.sclera.functions.campaign;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What the function needs to know of where it runs. */
@ConfigMapping(prefix = "sclera.campaign")
public interface CampaignConfig {

    /**
     * For how long one invocation begins new steps, for example {@code PT10M}; the answer is then {@code CONTINUE}, and
     * the same request goes on. Leave the longest step its time: a step that was begun is ended. None for no limit.
     */
    Optional<Duration> time();

    /**
     * Where the steps of campaigns by events have models repaired: {@code here}, by the step itself, or {@code jobs},
     * by the dispatcher of {@code sclera.finetune}; the step then waits until it is told that the job has ended.
     */
    @WithDefault("here")
    Repairs repairs();

    /** Where models are repaired. */
    enum Repairs {
        /** By the step itself. */
        HERE,
        /** By jobs that are sent elsewhere. */
        JOBS
    }
}
