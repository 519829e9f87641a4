package dev.sclera.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.attack.CraftSpec;
import dev.sclera.campaign.Laboratory;
import dev.sclera.functions.lambda.LambdaConfig;
import dev.sclera.functions.lambda.LambdaHandler;
import dev.sclera.progress.Progress;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.Keys;
import dev.sclera.store.ObjectStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invocations whose time is up answer CONTINUE in time, and end with the bytes of one that had all the time. */
@QuarkusTest
@QuarkusTestResource(FurnishedStore.class)
class DeadlineTest {

    private static final String CRAFT =
            "{\"attack\": \"pgd\", \"model\": \"tiny-1\", \"dataset\": \"eyes-train\", \"epsilon\": \"0.1\", \"passes\": 40, \"batch\": 8, \"seed\": 1}";

    @Inject
    LambdaHandler handler;

    @Inject
    LambdaConfig config;

    @Inject
    ObjectStore objects;

    @Test
    void aCraftGoesOnInTheNextInvocationAndEndsWithTheSameBytes(@TempDir Path folder) throws IOException {
        // what an attack starts from: images are graded by whole shards
        invoke("grade", "{\"model\": \"tiny-1\", \"dataset\": \"eyes-train\"}", 600_000);
        String request = CRAFT;
        for (int asked = 0; asked < 5; asked++) {
            // one turn each, for there is no time for a second
            JsonNode answer = invoke("craft", request, 1);
            assertThat(answer.path("state").asText()).isEqualTo("CONTINUE");
            assertThat(answer.path("function").asText()).isEqualTo("craft");
            // what was answered is what is asked next
            request = JsonFormat.line(answer.path("request"));
        }
        JsonNode answer = invoke("craft", request, 600_000);
        String delta = answer.path("delta").asText();
        try (Laboratory undisturbed =
                new Laboratory(folder.resolve("workspace")).furnished(folder.resolve("sources"))) {
            String id = undisturbed
                    .crafting
                    .craft(
                            new CraftSpec("pgd", List.of("tiny-1"), "eyes-train", Laboratory.settings(0.1, 40, 1)),
                            Progress.none())
                    .id();
            assertThat(delta).isEqualTo(Keys.perturbationFile(id, "delta.npy"));
            assertThat(objects.get(delta)).isEqualTo(undisturbed.objects.get(delta));
        }
    }

    @Test
    void aCampaignGoesOnUntilItIsDone() throws IOException {
        String request =
                "{\"models\": [\"tiny-2\"], \"train\": \"eyes-train\", \"test\": \"eyes-test\", \"attacks\": [\"pgd\"], \"epsilon\": \"8/255\","
                        + " \"passes\": 3, \"repair\": {\"optimisation\": {\"epochs\": 1}, \"mix\": {\"shift\": 2}, \"adaptive\": []}}";
        JsonNode answer = invoke("campaign", request, 1);
        assertThat(answer.path("state").asText()).isEqualTo("CONTINUE");
        String id = answer.path("id").asText();
        for (int asked = 0; asked < 500 && !answer.path("state").asText().equals("DONE"); asked++) {
            answer = invoke("campaign", request, 100 + 10 * asked);
        }
        assertThat(answer.path("id").asText()).isEqualTo(id);
        assertThat(objects.exists(answer.path("report").asText())).isTrue();
    }

    private JsonNode invoke(String function, String request, int millisecondsBeforeTheReserve) throws IOException {
        System.setProperty("quarkus.funqy.export", function);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int remaining = (int) config.reserve().toMillis() + millisecondsBeforeTheReserve;
        handler.handleRequest(
                new ByteArrayInputStream(request.getBytes(StandardCharsets.UTF_8)), output, new Remaining(remaining));
        return JsonFormat.read(output.toByteArray(), JsonNode.class);
    }

    /** What Lambda tells with an invocation. */
    record Remaining(int milliseconds) implements Context {

        @Override
        public int getRemainingTimeInMillis() {
            return milliseconds;
        }

        @Override
        public String getAwsRequestId() {
            return "request";
        }

        @Override
        public String getLogGroupName() {
            return "group";
        }

        @Override
        public String getLogStreamName() {
            return "stream";
        }

        @Override
        public String getFunctionName() {
            return "function";
        }

        @Override
        public String getFunctionVersion() {
            return "1";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "arn";
        }

        @Override
        public CognitoIdentity getIdentity() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ClientContext getClientContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getMemoryLimitInMB() {
            return 1024;
        }

        @Override
        public LambdaLogger getLogger() {
            throw new UnsupportedOperationException();
        }
    }
}
