package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinetuneSpecTest {

    private static final FinetuneSpec DEFAULTS = FinetuneSpec.of("grader", "eyes-train", List.of("ab".repeat(32)));

    @Test
    void theDefaultsAreAllowedAndComeBackFromJson() {
        assertThatCode(DEFAULTS::check).doesNotThrowAnyException();
        assertThat(JsonFormat.read(JsonFormat.write(DEFAULTS), FinetuneSpec.class))
                .isEqualTo(DEFAULTS);
    }

    /** The field as JSON Pointer has it, a value, and what of the allowed ones is told. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/validationShare | 0 | at most 0.5",
                "/validationShare | 0.51 | at most 0.5",
                "/validation | \"eyes-train\" | another dataset",
                "/perturbations | [] | 1 to 64 ids",
                "/perturbations | [\"aaaaaa\",\"aaaaaa\"] | each id once",
                "/mix/share | 1.01 | 0.0 to 1.0",
                "/mix/leastScale | -0.1 | 0.0 to 1.0",
                "/mix/shift | 513 | 0 to 512",
                "/mix/consistency | -1 | 0.0 to 100.0",
                "/optimisation/epochs | 0 | 1 to 1000",
                "/optimisation/batch | 5000 | 1 to 4096",
                "/optimisation/learningRate | 0 | above 0",
                "/optimisation/learningRate | 101 | at most 100",
                "/optimisation/warmUp | 6 | 0.0 to 5.0",
                "/optimisation/momentum | 1 | below 1",
                "/optimisation/weightDecay | 2 | 0.0 to 1.0",
                "/augmentation/rotation | 181 | 0.0 to 180.0",
                "/averaging/decay | 1 | below 1",
                "/averaging/start | -0.5 | below 1",
                "/stopping/cleanLoss | 3 | 0.0 to 2.0",
                "/stopping/patience | -1 | 0 to 1000",
                "/recraftEvery | 1001 | 0 to 1000",
                "/seed | 9007199254740993 | whole number",
                "/name | \"../x\" | lower-case"
            })
    void aValueThatIsNotAllowedIsNamedWithWhatIs(String field, String value, String allowed) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = (ObjectNode) mapper.readTree(JsonFormat.write(DEFAULTS));
        int last = field.lastIndexOf('/');
        ObjectNode parent = last == 0 ? json : (ObjectNode) json.at(field.substring(0, last));
        parent.set(field.substring(last + 1), mapper.readTree(value));
        FinetuneSpec wrong = JsonFormat.read(json.toString().getBytes(StandardCharsets.UTF_8), FinetuneSpec.class);
        assertThatThrownBy(wrong::check)
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("\"" + field.substring(1).replace('/', '.') + "\"")
                .hasMessageContaining(allowed);
    }
}
