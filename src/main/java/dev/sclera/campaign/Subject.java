package dev.sclera.campaign;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A grader that steps of a campaign are about.
 *
 * @param original the original, or the one that it was made from
 * @param words what it is
 * @param members how many graders it consists of
 * @param madeIn the step that makes it; null of an original
 */
record Subject(
        String original,
        String words,
        int members,
        @Nullable String madeIn) {

    static Subject original(String model) {
        return new Subject(model, model, 1, null);
    }

    /** The name that it is kept under. */
    String name(Results results) {
        return madeIn == null ? original : results.model(madeIn);
    }

    /** What has to be done before there is such a grader. */
    Stream<String> after() {
        return Stream.ofNullable(madeIn);
    }
}
