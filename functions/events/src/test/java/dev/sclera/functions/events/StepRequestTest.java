package dev.sclera.functions.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps as messages name them, whatever reads the message. */
class StepRequestTest {

    private static final String STEP =
            "{\"campaign\": \"%s\", \"step\": \"00003-craft\", \"what\": \"pgd\"}".formatted("ab".repeat(32));

    private static final String BRIDGED = """
            {"detail-type": "dev.sclera.campaign-step", "source": "dev.sclera",
             "detail": {"specversion": "1.0", "type": "dev.sclera.campaign-step", "id": "1", "source": "/sclera", "data": %s}}""".formatted(STEP);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStepIsTheSameWhateverCarriesIt(boolean queued) {
        String carried = queued
                ? "{\"Records\": [{\"eventSource\": \"aws:sqs\", \"body\": %s}]}".formatted(JsonFormat.line(BRIDGED))
                : BRIDGED;
        assertThat(StepRequest.read(message(carried))).isEqualTo(StepRequest.read(message(STEP)));
        assertThat(StepRequest.read(message(STEP)))
                .containsExactly(new StepRequest("ab".repeat(32), "00003-craft", "pgd"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"campaign\": \"ab\", \"step\": \"00003-craft\"}",
                "{\"step\": \"00003-craft\"}",
                "{\"campaign\": \"%s\", \"step\": \"../x\"}",
                "{\"campaign\": \"%s\", \"step\": \"00003-craft\", \"more\": 1}",
                "7",
            })
    void whatIsNoStepIsToldSo(String json) {
        assertThatThrownBy(() -> StepRequest.read(message(json.formatted("ab".repeat(32)))))
                .isInstanceOf(InvalidValueException.class);
    }

    @Test
    void aMessageThatIsNotThereIsToldSo() {
        assertThatThrownBy(() -> StepRequest.read(null)).isInstanceOf(InvalidValueException.class);
    }

    private static Message message(String json) {
        return JsonFormat.read(json.getBytes(StandardCharsets.UTF_8), Message.class);
    }
}
