package dev.sclera.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people, pipelines and brokers were told of each kind. */
class ProblemKindTest {

    @ParameterizedTest
    @CsvSource({
        "INVALID_VALUE, invalid-value, 400, 2, false",
        "UNUSABLE_INPUT, unusable-input, 422, 3, false",
        "MISSING_ARTIFACT, missing-artifact, 404, 4, true",
        "CONFLICT, conflict, 409, 5, false",
        "CORRUPT_ARTIFACT, corrupt-artifact, 500, 6, false",
        "STORAGE, storage, 503, 7, true",
    })
    void aKindSaysItself(ProblemKind kind, String type, int status, int exitCode, boolean retryHelps) {
        assertThat(kind.type()).isEqualTo(type);
        assertThat(kind.status()).isEqualTo(status);
        assertThat(kind.exitCode()).isEqualTo(exitCode);
        assertThat(kind.retryHelps()).isEqualTo(retryHelps);
    }

    @Test
    void everyProblemHasAKindOfItsOwn() {
        assertThat(ProblemException.class.getPermittedSubclasses()).hasSameSizeAs(ProblemKind.values());
        assertThat(Arrays.stream(ProblemKind.values()).map(ProblemKind::exitCode))
                .doesNotHaveDuplicates();
        ProblemException conflict = new ConflictException("name", "It is there.");
        assertThat(ExitCode.of(conflict)).isEqualTo(5);
        assertThat(Problem.of(conflict))
                .isEqualTo(new Problem("urn:sclera:problem:conflict", "Conflict", 409, "It is there.", "name"));
    }
}
