package dev.sclera.functions.finetune;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sclera.defense.Dispatched;
import dev.sclera.defense.EpochLine;
import dev.sclera.defense.FinetuneStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job, and how far it is.
 *
 * @param id the job's id
 * @param state {@code QUEUED}, {@code RUNNING}, {@code INTERRUPTED}, {@code SUCCEEDED} or {@code FAILED}
 * @param epoch how many epochs are done
 * @param epochs of how many
 * @param images how many training images were used, over all epochs
 * @param totalImages of how many
 * @param error why it failed; null where it did not
 * @param updated when that was written, UTC
 * @param model the repaired grader's name
 * @param onnx key of its file, which is there once the job has succeeded
 * @param job key of the job
 * @param status key of its status
 * @param log key of its log, one line per epoch
 * @param last how it did after the last epoch that is done; null before that
 * @param dispatched where it was sent to; null where nobody sent it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FinetuneResult(
        String id,
        FinetuneStatus.State state,
        int epoch,
        int epochs,
        long images,
        long totalImages,
        @Nullable String error,
        Instant updated,
        String model,
        String onnx,
        String job,
        String status,
        String log,
        @Nullable EpochLine last,
        @Nullable Dispatched dispatched) {}
