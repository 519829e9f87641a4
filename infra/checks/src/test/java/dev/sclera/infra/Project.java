package dev.sclera.infra;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project's files are. */
final class Project {

    private Project() {}

    /** The folder that has {@code terraform/} and {@code infra/}. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("terraform"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("no folder above this one has terraform/");
            }
        }
        return folder;
    }
}
