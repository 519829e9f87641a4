package dev.sclera.functions.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.report.Thresholds;
import dev.sclera.report.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What operators are told, with a registry and an exporter in memory. */
class MeasuredTelemetryTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final OpenTelemetry traces = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build();
    private final MeasuredTelemetry telemetry = new MeasuredTelemetry(registry, traces);

    @Test
    void anInvocationIsTimedAndTracedWithWhatItLeaves() throws Exception {
        String answer = telemetry.invocation("campaign", () -> {
            telemetry.published("campaigns/1/verdict.json", new Verdict(false, Thresholds.DEFAULT, List.of()));
            return "done";
        });
        assertThat(answer).isEqualTo("done");
        assertThat(registry.get("sclera.invocations")
                        .tags("function", "campaign", "problem", "none")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("sclera.verdicts")
                        .tag("verdict", "fail")
                        .counter()
                        .count())
                .isEqualTo(1);
        SpanData span = spans.getFinishedSpanItems().get(0);
        assertThat(span.getName()).isEqualTo("campaign");
        assertThat(span.getEvents())
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getAttributes().asMap().values()).contains("campaigns/1/verdict.json"));
    }

    @Test
    void aProblemIsCountedByItsKindAndThrownOn() {
        assertThatThrownBy(() -> telemetry.invocation("craft", () -> {
                    throw new InvalidValueException("epsilon", -1, "more than 0");
                }))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> telemetry.invocation("craft", () -> {
                    throw new IllegalStateException("nobody foresaw it");
                }))
                .isInstanceOf(IllegalStateException.class);
        for (String problem : List.of("invalid-value", "internal")) {
            assertThat(registry.get("sclera.invocations")
                            .tags("function", "craft", "problem", problem)
                            .timer()
                            .count())
                    .as(problem)
                    .isEqualTo(1);
        }
        assertThat(spans.getFinishedSpanItems())
                .extracting(SpanData::getStatus)
                .extracting(StatusData::getDescription)
                .containsExactly("invalid-value", "internal");
    }

    @Test
    void whatTookTimeIsCountedWithItsTime() throws Exception {
        telemetry.invocation("grade", () -> {
            Thread.sleep(20);
            return "";
        });
        assertThat(registry.get("sclera.invocations").timer().totalTime(TimeUnit.MILLISECONDS))
                .isGreaterThanOrEqualTo(20);
    }
}
