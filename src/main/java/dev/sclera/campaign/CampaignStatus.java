package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a campaign stands.
 *
 * @param id the campaign's id
 * @param state whether it goes on
 * @param models the names of the models that it is about; none where its own record is damaged
 * @param steps how many it has; 0 for one that was run in one process, which is not planned
 * @param done how many of them are done
 * @param stages the same by kind, in the order in which they are done
 * @param failure why it does not go on; null where it does
 * @param report key of the report's page; null until it is finished
 * @param passed whether the verdict is a pass; null where there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CampaignStatus(
        String id,
        State state,
        List<String> models,
        int steps,
        int done,
        List<Part> stages,
        @Nullable CampaignFailure failure,
        @Nullable String report,
        @Nullable Boolean passed) {

    public CampaignStatus {
        requireNonNull(id, "id is null");
        requireNonNull(state, "state is null");
        models = List.copyOf(models);
        stages = List.copyOf(stages);
    }

    /** Whether a campaign goes on. */
    public enum State {
        /** It goes on by events. */
        RUNNING,
        /** A step was given up; once its cause is mended, somebody has to have it tried again. */
        FAILED,
        /** All of it is there. */
        FINISHED
    }

    /**
     * The steps of one kind.
     *
     * @param stage their kind
     * @param steps how many there are
     * @param done how many of them are done
     */
    public record Part(Plan.Stage stage, int steps, int done) {}

    /** How many steps are left. */
    public int left() {
        return steps - done;
    }
}
