package dev.sclera.local.command;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.ImportRequest;
import dev.sclera.dataset.ImportResult;
import dev.sclera.dataset.Split;
import dev.sclera.local.Operations;
import dev.sclera.model.Preprocessing;
import dev.sclera.problem.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings what people name in a run into the store: files and folders are imported, names are there already. */
final class RunInputs {

    private final Operations operations;
    private final @Nullable Integer size;
    private final boolean crop;
    private final long seed;

    RunInputs(Operations operations, @Nullable Integer size, boolean crop, long seed) {
        this.operations = operations;
        this.size = size;
        this.crop = crop;
        this.seed = seed;
    }

    /** The names of the datasets to craft on and to evaluate. */
    record Splits(String train, String test) {}

    /** The names of the models, in the order in which they were said; a folder's by file name. */
    List<String> models(List<String> said) {
        List<String> names = new ArrayList<>();
        for (String model : said) {
            Path path = Path.of(model);
            if (Files.isDirectory(path)) {
                onnxFiles(path).forEach(file -> names.add(imported(file)));
            } else if (Files.exists(path)) {
                names.add(imported(path));
            } else {
                names.add(operations.models().get(model).name());
            }
        }
        return names;
    }

    private String imported(Path file) {
        return operations.models().importFile(file, null, Preprocessing.UNSAID).name();
    }

    private static List<Path> onnxFiles(Path folder) {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.filter(file -> file.getFileName().toString().endsWith(".onnx"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UnusableInputException("models", "The folder \"%s\" cannot be read: %s.".formatted(folder, e), e);
        }
        if (files.isEmpty()) {
            throw new UnusableInputException(
                    "models",
                    "The folder \"%s\" holds no .onnx file. Name a folder that does, or the files.".formatted(folder));
        }
        return files;
    }

    Splits datasets(String data, @Nullable String train) {
        if (train != null) {
            return new Splits(dataset(train, "train"), dataset(data, "test"));
        }
        Path source = Path.of(data);
        if (!Files.exists(source)) {
            throw new UnusableInputException(
                    "train",
                    "\"%s\" is no folder that could be divided. Say with --train what perturbations are crafted on."
                            .formatted(data));
        }
        boolean ownSplits = data.endsWith(".npz");
        Split halves = ownSplits ? null : new Split(0.5, 0, 0.5, seed);
        ImportResult result = operations
                .imports()
                .run(new ImportRequest(source, null, size, crop, halves, null), operations.progress());
        return new Splits(part(result, "train", data), part(result, "test", data));
    }

    private String dataset(String said, String part) {
        Path source = Path.of(said);
        if (!Files.exists(source)) {
            return operations.datasets().get(said).name();
        }
        ImportResult result = operations
                .imports()
                .run(new ImportRequest(source, null, size, crop, null, part), operations.progress());
        return part(result, part, said);
    }

    private static String part(ImportResult result, String part, String said) {
        return result.datasets().stream()
                .filter(dataset -> dataset.split().equals(part))
                .map(Dataset::name)
                .findFirst()
                .orElseThrow(() -> new UnusableInputException(
                        "data", "\"%s\" has no split \"%s\". Say it with --train and --data.".formatted(said, part)));
    }
}
