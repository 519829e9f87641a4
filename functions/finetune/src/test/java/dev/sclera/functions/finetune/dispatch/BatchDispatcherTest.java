package dev.sclera.functions.finetune.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sclera.defense.Dispatched;
import dev.sclera.defense.FinetuneJob;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Batch is asked, as it comes in at an HTTP endpoint. */
class BatchDispatcherTest {

    private final FinetuneJob job = Settings.job("m");
    private final String name = "sclera-finetune-" + job.id();
    private final List<JsonNode> submitted = new CopyOnWriteArrayList<>();
    private final Map<String, String> settings = new TreeMap<>(Map.of(
            "sclera.store.bucket", "clinic",
            "sclera.store.region", "eu-west-1",
            "sclera.finetune.batch.queue", "gpus",
            "sclera.finetune.batch.definition", "sclera-job:3"));
    private volatile String listed = "{\"jobSummaryList\": []}";
    private volatile int status = 200;
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/listjobs", exchange -> {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, listed);
        });
        server.createContext("/v1/submitjob", exchange -> {
            submitted.add(new ObjectMapper().readTree(exchange.getRequestBody().readAllBytes()));
            answer(exchange, "{\"jobName\": \"%s\", \"jobId\": \"batch-1\"}".formatted(name));
        });
        server.start();
        settings.put(
                "sclera.finetune.batch.endpoint",
                "http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void end() {
        server.stop(0);
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void aJobIsSubmittedUnderANameOfItsOwnWithItsIdInTheEnvironment() {
        Dispatched dispatched = dispatcher().dispatch(job);
        assertThat(dispatched.dispatcher()).isEqualTo("batch");
        assertThat(dispatched.target()).isEqualTo("batch-1");
        assertThat(dispatched.where()).contains("eu-west-1", "gpus");
        assertThat(dispatched.adopted()).isFalse();
        JsonNode request = submitted.get(0);
        assertThat(request.path("jobName").asText()).isEqualTo(name);
        assertThat(request.path("jobQueue").asText()).isEqualTo("gpus");
        assertThat(request.path("jobDefinition").asText()).isEqualTo("sclera-job:3");
        Map<String, String> environment = new TreeMap<>();
        request.path("containerOverrides")
                .path("environment")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText()));
        assertThat(environment)
                .isEqualTo(Map.of(
                        "SCLERA_JOB_ID", job.id(),
                        "SCLERA_STORE_BUCKET", "clinic",
                        "SCLERA_STORE_REGION", "eu-west-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING"})
    void aJobThatWaitsOrRunsThereIsFound(String state) {
        listed = "{\"jobSummaryList\": [{\"jobId\": \"batch-0\", \"jobName\": \"%s\", \"status\": \"%s\"}]}"
                .formatted(name, state);
        Dispatched dispatched = dispatcher().dispatch(job);
        assertThat(dispatched.target()).isEqualTo("batch-0");
        assertThat(dispatched.adopted()).isTrue();
        assertThat(submitted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUCCEEDED", "FAILED"})
    void aJobThatEndedThereIsSubmittedAgain(String state) {
        listed = ("{\"jobSummaryList\": [{\"jobId\": \"batch-0\", \"jobName\": \"%s\", \"status\": \"%s\"},"
                        + " {\"jobId\": \"x\", \"jobName\": \"another\", \"status\": \"RUNNING\"}]}")
                .formatted(name, state);
        assertThat(dispatcher().dispatch(job).target()).isEqualTo("batch-1");
        assertThat(submitted).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sclera.finetune.batch.queue", "sclera.finetune.batch.definition", "sclera.store.bucket"})
    void whatTheConfigurationDoesNotSayIsNamed(String key) {
        settings.remove(key);
        assertThatThrownBy(() -> dispatcher().dispatch(job))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContainingAll(
                        "\"" + key + "\"", key.toUpperCase(Locale.ROOT).replace('.', '_'));
        assertThat(submitted).isEmpty();
    }

    @Test
    void aRefusalIsTold() {
        status = 403;
        listed = "{\"message\": \"not authorized to perform batch:ListJobs\"}";
        assertThatThrownBy(() -> dispatcher().dispatch(job))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("AWS Batch", "gpus", "not authorized", "credentials");
    }

    private BatchDispatcher dispatcher() {
        Settings said = new Settings(settings);
        return new BatchDispatcher(said.finetune(), said.store());
    }
}
