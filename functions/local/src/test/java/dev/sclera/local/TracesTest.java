package dev.sclera.local;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Traces arrive where they are to be sent. */
@QuarkusTest
@TestProfile(FreshWorkspace.class)
@QuarkusTestResource(value = TraceCollector.class, restrictToAnnotatedClass = true)
class TracesTest {

    TraceCollector.Received received;

    @Test
    void anInvocationIsTracedWithItsProblem() {
        given().contentType("application/json").body("{\"model\": \"nobody\"}").post("/grade");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(received.bodies())
                        .anyMatch(body -> body.contains("sclera.function")
                                && body.contains("grade")
                                && body.contains("invalid-value")));
    }
}
