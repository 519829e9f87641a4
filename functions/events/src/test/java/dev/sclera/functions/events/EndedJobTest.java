package dev.sclera.functions.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.events.Envelopes;
import dev.sclera.problem.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndedJobTest {

    private static final String ID = "0123456789abcdef".repeat(4);

    /** As EventBridge delivers it; what Sclera does not read is left out. */
    private static String batch(String name, String status) {
        return ("{'version': '0', 'id': 'c8f9c4b5-76e5-d76a-f980-7011e206042b', 'detail-type': 'Batch Job State Change',"
                        + " 'source': 'aws.batch', 'account': '123456789012', 'time': '2026-11-28T21:55:00Z',"
                        + " 'region': 'eu-central-1', 'resources': [], 'detail': {'jobName': '%s', 'jobId':"
                        + " '4c7599ae-0a82-49aa-ba5a-4727fcce14a8', 'status': '%s', 'attempts': []}}")
                .formatted(name, status);
    }

    private static Message message(String json) {
        return Message.of(Envelopes.parse(json.replace('\'', '"')));
    }

    @Test
    void theEndOfAJobOfAwsBatchNamesItsJob() {
        assertThat(EndedJob.read(message(batch("sclera-finetune-" + ID, "SUCCEEDED"))))
                .containsExactly(ID);
        assertThat(EndedJob.read(message(batch("sclera-finetune-" + ID, "FAILED"))))
                .containsExactly(ID);
        assertThat(EndedJob.read(message("{'job': '%s'}".formatted(ID)))).containsExactly(ID);
    }

    @Test
    void jobsUnderWayAndJobsOfOthersAreNoneOfOurs() {
        assertThat(EndedJob.read(message(batch("sclera-finetune-" + ID, "RUNNING"))))
                .isEmpty();
        assertThat(EndedJob.read(message(batch("nightly-backup", "SUCCEEDED")))).isEmpty();
        assertThat(EndedJob.read(message(batch("sclera-finetune-../../x", "SUCCEEDED"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}
            {'job': 'abc'}
            {'job': '../finetunes'}
            """)
    void whatNamesNoJobIsToldSo(String json) {
        assertThatThrownBy(() -> EndedJob.read(message(json)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("job");
    }
}
