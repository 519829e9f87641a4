package dev.sclera.functions.telemetry;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Perturbation;
import dev.sclera.defense.Finetune;
import dev.sclera.evaluation.PredictionSet;
import dev.sclera.report.Report;
import dev.sclera.report.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * What is counted: invocations by function and by how they ended, and the work by the records that it leaves. A record
 * that was there before is not counted again.
 */
final class Meters {

    /** From an answer at once to the longest that Lambda allows. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15)
    };

    private final MeterRegistry registry;

    Meters(MeterRegistry registry) {
        this.registry = requireNonNull(registry, "registry is null");
    }

    /**
     * Counts an invocation.
     *
     * @param problem the kind of problem that it ended with, or {@code none}
     */
    void invocation(String function, String problem, long nanoseconds) {
        Timer.builder("sclera.invocations")
                .description("Invocations of functions, by the kind of problem that they ended with")
                .tag("function", function)
                .tag("problem", problem)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(Duration.ofNanos(nanoseconds));
    }

    /** Counts the work that a new record stands for. */
    void published(Record record) {
        if (record instanceof PredictionSet graded) {
            count(
                    "sclera.images.graded",
                    "Images through models, forward, for predictions that are kept",
                    "variant",
                    graded.perturbation() == null ? "clean" : "perturbed",
                    graded.images());
        } else if (record instanceof Perturbation crafted) {
            count("sclera.perturbations", "Perturbations crafted or imported", "attack", crafted.attack(), 1);
            count(
                    "sclera.gradient.evaluations",
                    "Images through models, forward and backward, for perturbations",
                    "attack",
                    crafted.attack(),
                    crafted.gradientEvaluations());
        } else if (record instanceof Verdict verdict) {
            count("sclera.verdicts", "Verdicts of campaigns", "verdict", verdict.passed() ? "pass" : "fail", 1);
        } else if (record instanceof Finetune repaired) {
            count("sclera.repairs", "Graders repaired", "within_bound", Boolean.toString(repaired.withinBound()), 1);
        } else if (record instanceof Report) {
            Counter.builder("sclera.reports")
                    .description("Reports made")
                    .register(registry)
                    .increment();
        }
    }

    private void count(String name, String description, String tag, String value, double amount) {
        Counter.builder(name)
                .description(description)
                .tag(tag, value)
                .register(registry)
                .increment(amount);
    }
}
