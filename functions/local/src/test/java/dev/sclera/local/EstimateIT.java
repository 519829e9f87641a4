package dev.sclera.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Estimates as people ask for them, of what is there and of what is not. */
class EstimateIT {

    @TempDir
    Path folder;

    private String spec;

    @BeforeEach
    void write() throws IOException {
        spec = Files.writeString(
                        folder.resolve("eyes.yaml"),
                        "models: [one]\ndataset: eyes\nattacks: [pgd, ordinal, random]\nepsilon: 8/255\n")
                .toString();
    }

    private JsonNode json(String... more) throws Exception {
        String[] arguments = both(new String[] {"estimate", spec, "--json"}, more);
        try (ScleraProcess process = ScleraProcess.start(folder, arguments)) {
            assertThat(process.code()).as(process.err()).isZero();
            return new ObjectMapper().readTree(process.out());
        }
    }

    private static String[] both(String[] one, String[] other) {
        String[] joined = new String[one.length + other.length];
        System.arraycopy(one, 0, joined, 0, one.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }

    @Test
    void whatIsThereIsTriedAndReckoned() throws Exception {
        for (String part : new String[] {"train", "test"}) {
            Path photographs = MadeUpEyes.photographs(folder.resolve(part), 20, part.length());
            try (ScleraProcess imported = ScleraProcess.start(
                    folder, "import", photographs.toString(), "--name", "eyes-" + part, "--part", part)) {
                assertThat(imported.code()).as(imported.err()).isZero();
            }
        }
        try (ScleraProcess imported = ScleraProcess.start(
                folder,
                "model",
                "import",
                MadeUpEyes.grader(folder.resolve("models"), "one", 1).toString())) {
            assertThat(imported.code()).as(imported.err()).isZero();
        }
        try (ScleraProcess process = ScleraProcess.start(folder, "estimate", spec)) {
            assertThat(process.code()).as(process.err()).isZero();
            assertThat(process.out())
                    .contains("crafting perturbations", "fine-tuning", "measured", "assumed", "documented")
                    .contains("GPU instances", "us-east-1");
        }
    }

    @Test
    void aThousandModelsThatAreNotThereAreReckonedAndSimulated() throws Exception {
        String[] size = {
            "--models",
            "1000",
            "--images",
            "1000000",
            "--train-images",
            "20000",
            "--seconds-per-image",
            "0.01",
            "--no-perturbed"
        };
        JsonNode estimate = json(size);
        assertThat(estimate.path("campaigns").asLong()).isEqualTo(1000);
        JsonNode simulated = json(both(size, new String[] {"--simulate"}));
        assertThat(simulated.path("outcome").path("verdicts").asInt()).isEqualTo(1000);
        assertThat(simulated.path("bill").path("total").asDouble())
                .isCloseTo(estimate.path("bill").path("total").asDouble(), withPercentage(0.01));
        assertThat(simulated.path("outcome").path("limits")).isNotEmpty();
    }

    @Test
    void pricesAreWhatAFileSaysAndWhereItSaysNothingThoseThatComeAlong() throws Exception {
        Path prices = Files.writeString(folder.resolve("prices.yaml"), "eventsMillion: 1000000 # ours\n");
        String[] size = {"--models", "1", "--images", "1000", "--seconds-per-image", "0.01"};
        JsonNode cheap = json(size);
        JsonNode dear = json(both(size, new String[] {"--prices", prices.toString()}));
        assertThat(dear.path("bill").path("lines").path("events").asDouble())
                .isCloseTo(1e6 * cheap.path("bill").path("lines").path("events").asDouble(), withPercentage(1e-6));
        assertThat(dear.path("bill").path("lines").path("queues"))
                .isEqualTo(cheap.path("bill").path("lines").path("queues"));
        Files.writeString(prices, "eventMillion: 1\n");
        try (ScleraProcess process = ScleraProcess.start(
                folder, both(new String[] {"estimate", spec, "--prices", prices.toString()}, size))) {
            assertThat(process.code()).isEqualTo(2);
            assertThat(process.err()).contains("eventMillion", "eventsMillion");
        }
    }
}
