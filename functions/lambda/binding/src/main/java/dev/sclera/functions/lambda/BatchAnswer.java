package dev.sclera.functions.lambda;

import java.util.List;

/**
 * What a queue is told of its messages: those that failed come again, or end with the dead letters; the others are
 * deleted.
 *
 * @param batchItemFailures the messages that failed
 */
record BatchAnswer(List<Failure> batchItemFailures) {

    BatchAnswer {
        batchItemFailures = List.copyOf(batchItemFailures);
    }

    /** @param itemIdentifier the message's id */
    record Failure(String itemIdentifier) {}
}
