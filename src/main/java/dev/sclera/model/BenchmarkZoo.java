package dev.sclera.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sclera.problem.UnusableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What benchmarks measure: the ONNX files of a folder, and PyTorch's networks of the same names. The networks of the
 * project's tables come from {@value #SCRIPT} {@code export FOLDER}.
 *
 * @param python an interpreter with torch and torchvision, or null to leave PyTorch out
 */
record BenchmarkZoo(@Nullable Path python) {

    private static final String SCRIPT = "gradient_bench_zoo.py";

    /**
     * Has PyTorch keep the memory that it frees. The C library would give it back and page it in again at every step,
     * which takes up to half of the time; it is fair to measure PyTorch at its best.
     */
    private static final Map<String, String> KEPT_MEMORY = Map.of(
            "MALLOC_TOP_PAD_", Long.toString(256L << 20),
            "MALLOC_TRIM_THRESHOLD_", Long.toString(16L << 30),
            "MALLOC_MMAP_MAX_", "0");

    /**
     * The ONNX files of a folder, by name.
     *
     * @throws UnusableInputException where there are none
     */
    static List<Path> files(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.filter(file -> file.toString().endsWith(".onnx"))
                    .sorted()
                    .toList();
            if (!files.isEmpty()) {
                return files;
            }
        } catch (IOException e) {
            throw new UnusableInputException("models", "The folder \"%s\" cannot be listed.".formatted(folder), e);
        }
        throw new UnusableInputException(
                "models",
                "The folder \"%s\" holds no .onnx files; \"%s export FOLDER\" makes some.".formatted(folder, SCRIPT));
    }

    /** A file's name without its ending. */
    static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.onnx$", "");
    }

    static OnnxFile read(Path file) {
        try {
            return OnnxFile.parse(name(file), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + file + " cannot be read", e);
        }
    }

    /**
     * PyTorch's figure, in a process of its own; null where there is no PyTorch or it does not know the model.
     *
     * @param figure its name in what the script answers
     * @param arguments of the script
     */
    @Nullable
    Double pytorch(String figure, String... arguments) {
        if (python == null) {
            return null;
        }
        List<String> command = new ArrayList<>(List.of(python.toString(), "-"));
        command.addAll(List.of(arguments));
        try (InputStream script = BenchmarkZoo.class.getResourceAsStream(SCRIPT)) {
            if (script == null) {
                throw new IllegalStateException(SCRIPT + " is missing from the library");
            }
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(KEPT_MEMORY);
            Process process = builder.start();
            try (OutputStream input = process.getOutputStream()) {
                script.transferTo(input);
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                return null;
            }
            return new ObjectMapper().readTree(answer).get(figure).asDouble();
        } catch (IOException e) {
            throw new UnusableInputException(
                    "pytorch", "\"%s\" cannot be run: %s".formatted(python, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PyTorch was timed", e);
        }
    }
}
