package dev.sclera.functions.campaign;

import io.smallrye.config.ConfigMapping;
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
}
