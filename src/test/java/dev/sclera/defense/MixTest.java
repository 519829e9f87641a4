package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.store.JsonFormat;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MixTest {

    @Test
    void oneThatWasWrittenBeforeThereWasAPursuitHasNone() {
        String before =
                "{\"share\": 0.5, \"randomSign\": true, \"leastScale\": 0.3, \"shift\": 16, \"consistency\": 0.0}";
        Mix mix = JsonFormat.read(before.getBytes(StandardCharsets.UTF_8), Mix.class);
        assertThat(mix).isEqualTo(Mix.of(0.5, true, 0.3, 16));
        assertThat(mix.parameters()).as("nor is its recipe another").doesNotContainKeys("pursuit", "restartEvery");
    }

    @Test
    void writtenAndReadItIsTheSame() {
        Mix mix = new Mix(0.5, true, 0.3, 16, 0, 0.05, 3);
        assertThat(JsonFormat.read(JsonFormat.write(mix), Mix.class)).isEqualTo(mix);
        assertThat(mix.parameters()).containsEntry("pursuit", 0.05).containsEntry("restartEvery", 3);
    }
}
