package dev.sclera.local.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobCommandTest {

    @Test
    void aClassPathIsTakenAsItIs() {
        String path = "classes" + File.pathSeparator + "library.jar";
        assertThat(JobCommand.classPath(path)).isEqualTo(path);
        assertThat(JobCommand.classPath("other.jar")).isEqualTo("other.jar");
    }

    @Test
    void ofThePackagedApplicationTheLibrariesAreTakenWithoutItsFramework(@TempDir Path folder) throws IOException {
        Path boot = Files.createDirectories(folder.resolve("lib").resolve("boot"));
        Files.createFile(boot.resolve("io.quarkus.quarkus-bootstrap-runner-3.jar"));
        Path logs = Files.createFile(boot.resolve("org.jboss.logmanager.jboss-logmanager-3.jar"));
        String path = JobCommand.classPath(folder.resolve("quarkus-run.jar").toString());
        assertThat(path.split(File.pathSeparator))
                .containsExactly(folder.resolve("lib").resolve("main") + File.separator + "*", logs.toString());
    }
}
