package dev.sclera.functions.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.events.Envelopes;
import dev.sclera.functions.finetune.dispatch.BatchDispatcher;
import dev.sclera.problem.InvalidValueException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fine-tuning jobs that a message tells have ended: {@code {"job": "<id>"}}, or the event of EventBridge that a job
 * of AWS Batch changed its state, whose name has the id.
 */
public final class EndedJob {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final Set<String> ENDS = Set.of("SUCCEEDED", "FAILED");

    private EndedJob() {}

    /**
     * Their ids; none of jobs that are not Sclera's, or are under way.
     *
     * @throws InvalidValueException where it is no such message
     */
    public static List<String> read(@Nullable Message message) {
        return Envelopes.open(Message.require(message)).stream()
                .flatMap(each -> one(each).stream())
                .toList();
    }

    private static Optional<String> one(JsonNode message) {
        if (message.path("detail-type").asText().equals("Batch Job State Change")) {
            JsonNode detail = message.path("detail");
            String name = detail.path("jobName").asText();
            return name.startsWith(BatchDispatcher.NAME)
                            && ENDS.contains(detail.path("status").asText())
                    ? Optional.of(name.substring(BatchDispatcher.NAME.length()))
                            .filter(id -> ID.matcher(id).matches())
                    : Optional.empty();
        }
        String job = message.path("job").asText();
        if (!ID.matcher(job).matches()) {
            throw new InvalidValueException(
                    "job", job.isEmpty() ? "none" : job, "the id of a fine-tuning job, or an event of AWS Batch");
        }
        return Optional.of(job);
    }
}
