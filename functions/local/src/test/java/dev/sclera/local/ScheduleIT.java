package dev.sclera.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that reports by the clock. */
class ScheduleIT {

    @TempDir
    Path folder;

    @Test
    void aMissedReportIsMadeUpForAtTheStartAndASecondServerMakesNone() throws Exception {
        ends(
                "import",
                MadeUpEyes.photographs(folder.resolve("test"), 20, 2).toString(),
                "--name",
                "eyes",
                "--part",
                "test");
        ends(
                "model",
                "import",
                MadeUpEyes.grader(folder.resolve("models"), "one", 1).toString());
        // once a year, so that no test ever meets it
        String[] serve = {"serve", "--port", "0", "--schedule", "0 2 29 2 *", "--zone", "UTC", "--catch-up"};
        List<Path> made;
        try (ScleraProcess server = ScleraProcess.start(folder, serve)) {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> !files("schedules").isEmpty());
            assertThat(server.out()).contains("reports", "0 2 29 2 * (UTC)", "next at 2028-02-29T02:00");
            made = files("reports");
            assertThat(made).anyMatch(file -> file.endsWith("report.html"));
        }
        try (ScleraProcess server = ScleraProcess.start(folder, serve)) {
            await().atMost(Duration.ofMinutes(2)).until(() -> server.out().contains("Ctrl-C"));
        }
        assertThat(files("reports")).isEqualTo(made);
        assertThat(files("schedules")).hasSize(1);
    }

    @Test
    void aScheduleThatIsNoneIsRefused() throws Exception {
        try (ScleraProcess server = ScleraProcess.start(folder, "serve", "--port", "0", "--schedule", "every night")) {
            assertThat(server.code()).isEqualTo(2);
            assertThat(server.err()).contains("\"schedule\"", "five fields");
        }
    }

    private void ends(String... arguments) throws Exception {
        try (ScleraProcess process = ScleraProcess.start(folder, arguments)) {
            assertThat(process.code()).as(process.err()).isZero();
        }
    }

    private List<Path> files(String prefix) throws IOException {
        Path below = folder.resolve("workspace").resolve("sclera").resolve(prefix);
        if (!Files.exists(below)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
