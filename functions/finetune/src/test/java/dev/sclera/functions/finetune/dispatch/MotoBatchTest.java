package dev.sclera.functions.finetune.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sclera.defense.Dispatched;
import dev.sclera.defense.FinetuneJob;
import dev.sclera.problem.StorageException;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.batch.BatchClient;
import software.amazon.awssdk.services.batch.model.CEState;
import software.amazon.awssdk.services.batch.model.CEType;
import software.amazon.awssdk.services.batch.model.ComputeEnvironmentOrder;
import software.amazon.awssdk.services.batch.model.JQState;
import software.amazon.awssdk.services.batch.model.JobDefinitionType;
import software.amazon.awssdk.services.batch.model.ResourceRequirement;
import software.amazon.awssdk.services.batch.model.ResourceType;

/** Batch as moto has it, where moto_server is installed. */
class MotoBatchTest {

    private static Process moto;
    private static URI endpoint;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "moto_server"))),
                "moto_server is not installed (pip install 'moto[server]'): Batch is tested against an endpoint of the test's alone");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        endpoint = URI.create("http://127.0.0.1:" + port);
        moto = new ProcessBuilder("moto_server", "-p", Integer.toString(port))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        await();
        // jobs end at once, instead of in Docker
        post("/moto-api/config", "application/json", "{\"batch\": {\"use_docker\": false}}");
        // moto wants the role to be there
        post(
                "/",
                "application/x-www-form-urlencoded",
                "Action=CreateRole&Version=2010-05-08&RoleName=batch&AssumeRolePolicyDocument=%7B%7D");
        try (BatchClient client = client()) {
            String environment = client.createComputeEnvironment(request -> request.computeEnvironmentName("machines")
                            .type(CEType.UNMANAGED)
                            .state(CEState.ENABLED)
                            .serviceRole("arn:aws:iam::123456789012:role/batch"))
                    .computeEnvironmentArn();
            client.createJobQueue(request -> request.jobQueueName("gpus")
                    .state(JQState.ENABLED)
                    .priority(1)
                    .computeEnvironmentOrder(List.of(ComputeEnvironmentOrder.builder()
                            .order(1)
                            .computeEnvironment(environment)
                            .build())));
            client.registerJobDefinition(request -> request.jobDefinitionName("sclera-job")
                    .type(JobDefinitionType.CONTAINER)
                    .containerProperties(container -> container
                            .image("sclera-job")
                            .resourceRequirements(
                                    List.of(resource(ResourceType.VCPU, "1"), resource(ResourceType.MEMORY, "512")))));
        }
    }

    private static ResourceRequirement resource(ResourceType type, String value) {
        return ResourceRequirement.builder().type(type).value(value).build();
    }

    @AfterAll
    static void end() throws InterruptedException {
        if (moto != null) {
            // a launcher may stand between
            moto.descendants().forEach(ProcessHandle::destroy);
            moto.destroy();
            moto.waitFor(10, TimeUnit.SECONDS);
        }
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private static void await() throws InterruptedException {
        for (int attempt = 0; attempt < 300; attempt++) {
            try {
                post("/moto-api/reset", "text/plain", "");
                return;
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        throw new AssertionError("moto_server does not answer");
    }

    private static String post(String path, String type, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(endpoint.resolve(path))
                                .header("Content-Type", type)
                                // tells which service is meant where the path does not
                                .header(
                                        "Authorization",
                                        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=0"
                                                .formatted(path.startsWith("/v1/") ? "batch" : "iam"))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return answer.body();
    }

    private static BatchClient client() {
        return BatchClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @Test
    void aJobIsTakenWithItsNameAndEnvironmentAndTakenAgainOnceItHasEnded() throws Exception {
        FinetuneJob job = Settings.job("m");
        Dispatched first = dispatcher("gpus").dispatch(job);
        assertThat(first.adopted()).isFalse();
        // by hand: moto writes times as fractions, which the SDK does not read
        JsonNode taken = new ObjectMapper()
                .readTree(
                        post("/v1/describejobs", "application/json", "{\"jobs\": [\"%s\"]}".formatted(first.target())))
                .path("jobs")
                .path(0);
        assertThat(taken.path("jobName").asText()).isEqualTo("sclera-finetune-" + job.id());
        assertThat(taken.path("jobQueue").asText()).endsWith("/gpus");
        Map<String, String> environment = new TreeMap<>();
        taken.path("container")
                .path("environment")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText()));
        assertThat(environment).containsEntry("SCLERA_JOB_ID", job.id()).containsEntry("SCLERA_STORE_BUCKET", "clinic");
        Dispatched again = dispatcher("gpus").dispatch(job);
        assertThat(again.adopted()).isFalse();
        assertThat(again.target()).isNotEqualTo(first.target());
    }

    @Test
    void aQueueThatThereIsNotIsTold() {
        assertThatThrownBy(() -> dispatcher("nowhere").dispatch(Settings.job("m")))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("AWS Batch", "nowhere", "Check the queue");
    }

    private static BatchDispatcher dispatcher(String queue) {
        Settings said = new Settings(Map.of(
                "sclera.store.bucket",
                "clinic",
                "sclera.finetune.batch.endpoint",
                endpoint.toString(),
                "sclera.finetune.batch.queue",
                queue,
                "sclera.finetune.batch.definition",
                "sclera-job"));
        return new BatchDispatcher(said.finetune(), said.store());
    }
}
