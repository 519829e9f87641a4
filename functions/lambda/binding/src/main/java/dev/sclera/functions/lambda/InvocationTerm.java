package dev.sclera.functions.lambda;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.LeaseTerm;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Whoever does a step has it until Lambda would end it: before that, its message does not come again. */
@Singleton
@Alternative
@Priority(1)
public class InvocationTerm implements LeaseTerm {

    private static final Duration LEAST = Duration.ofSeconds(1);

    private final InvocationDeadline deadline;

    public InvocationTerm(InvocationDeadline deadline) {
        this.deadline = requireNonNull(deadline, "deadline is null");
    }

    @Override
    public Duration term() {
        Duration left = deadline.left();
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }
}
