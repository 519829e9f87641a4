package dev.sclera.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.sclera.problem.InvalidValueException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a machine without a CUDA device; the same of either build of the runtime. */
class ProcessorTest {

    @BeforeEach
    void noDevice() {
        assumeFalse(Files.exists(Path.of("/dev/nvidia0")), "there is a CUDA device, and these tests are of none");
    }

    @Test
    void autoFallsBackToTheCpu() {
        assertThat(Processor.find(Compute.AUTO)).isEqualTo(Processor.CPU);
        assertThat(Processor.find(Compute.CPU)).isEqualTo(Processor.CPU);
    }

    @Test
    void cudaIsRefusedWithTheReason() {
        assertThatThrownBy(() -> Processor.find(Compute.CUDA))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContainingAll("\"sclera.compute\"", "cuda", "auto or cpu", "no CUDA");
    }
}
