package dev.sclera.gradient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The largest errors that a test met, per network and quantity, as a table below {@code target/}. */
final class ErrorTable {

    private final String file;
    private final Map<String, Map<String, Double>> errors = new TreeMap<>();

    ErrorTable(String file) {
        this.file = file;
    }

    void met(String network, String quantity, double error) {
        errors.computeIfAbsent(network, name -> new TreeMap<>()).merge(quantity, error, Math::max);
    }

    /** Writes it, and prints where it is; nothing where nothing was met. */
    void write() throws IOException {
        if (errors.isEmpty()) {
            return;
        }
        List<String> quantities = errors.values().stream()
                .flatMap(row -> row.keySet().stream())
                .distinct()
                .sorted()
                .toList();
        List<String> lines = new ArrayList<>();
        lines.add(line("network", quantities));
        errors.forEach((network, row) -> lines.add(line(
                network,
                quantities.stream()
                        .map(quantity ->
                                row.containsKey(quantity) ? String.format(Locale.ROOT, "%.1e", row.get(quantity)) : "-")
                        .toList())));
        Path written = Files.write(Files.createDirectories(Path.of("target")).resolve(file), lines);
        System.out.println("errors against PyTorch: " + written);
    }

    private static String line(String first, List<String> others) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-22s", first));
        others.forEach(other -> line.append(String.format(Locale.ROOT, "%32s", other)));
        return line.toString();
    }
}
