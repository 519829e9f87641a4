package dev.sclera.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.CampaignSpec;
import dev.sclera.problem.InvalidValueException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is done with models that are uploaded.
 *
 * @param question what is asked of a model, by its name; nothing where nobody said what to ask
 * @param largest how many bytes a model may have, at least 1
 * @param bucket the bucket that uploads go to; null where only one is heard of
 * @param quiet for how long an object must have been as it is, so that of several uploads the last one counts
 */
public record UploadPolicy(
        Function<String, Optional<CampaignSpec>> question,
        long largest,
        @Nullable String bucket,
        Duration quiet) {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    public UploadPolicy {
        requireNonNull(question, "question is null");
        if (largest < 1) {
            throw new InvalidValueException("sclera.upload.largest", largest, "a number of bytes, 1 or more");
        }
        if (quiet.isNegative() || quiet.compareTo(LONGEST) > 0) {
            throw new InvalidValueException("sclera.upload.quiet", quiet, "PT0S to " + LONGEST);
        }
    }
}
