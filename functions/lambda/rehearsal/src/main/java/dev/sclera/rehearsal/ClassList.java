package dev.sclera.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Lists of the classes that functions load, as the virtual machine writes them. */
final class ClassList {

    private final Path folder;

    ClassList(Path folder) {
        this.folder = folder;
    }

    Path of(String function) {
        return folder.resolve(function + ".classes");
    }

    /** One list of all; what names a class by a number, which differs from list to list, is left out. */
    Path all(List<String> functions) throws IOException {
        Set<String> lines = new LinkedHashSet<>();
        for (String function : functions) {
            Files.readAllLines(of(function)).stream()
                    .filter(line -> !line.contains("source:"))
                    .map(line -> line.replaceAll(" id: \\d+", ""))
                    .forEach(lines::add);
        }
        return Files.write(folder.resolve("all.classes"), lines);
    }
}
