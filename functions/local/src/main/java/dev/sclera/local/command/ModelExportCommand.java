package dev.sclera.local.command;

import dev.sclera.local.Operations;
import dev.sclera.model.Model;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.StorageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sclera model export}. */
@Command(
        name = "export",
        description = {
            "Write a grader's ONNX file, for whatever runs ONNX, and beside it, as NAME.json, what the file does not say"
                    + " of its input: size, mean and standard deviation.",
            "",
            "A file that is there with another content is left as it is."
        },
        footer = {"", "Example:", "  sclera model export both both.onnx"})
final class ModelExportCommand extends StoreCommand {

    @Parameters(index = "0", paramLabel = "MODEL", description = "The grader's name.")
    private String name;

    @Parameters(index = "1", paramLabel = "FILE", description = "Where to write it.")
    private Path file;

    @Override
    int run(Operations operations) {
        Model model = operations.models().get(name);
        Path sidecar = file.resolveSibling(file.getFileName().toString().replaceFirst("\\.onnx$", "") + ".json");
        if (sidecar.equals(file)) {
            throw new InvalidValueException("file", file, "a name that ends in .onnx");
        }
        write(file, operations.models().onnx(model));
        write(sidecar, operations.models().sidecar(model));
        print(
                model,
                () -> ModelLines.of(model)
                        .add("file", file)
                        .add("beside it", sidecar)
                        .toString());
        return 0;
    }

    private static void write(Path file, byte[] content) {
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            Files.write(file, content, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            requireSame(file, content);
        } catch (IOException e) {
            throw new StorageException("The file \"%s\" cannot be written: %s.".formatted(file, e.getMessage()), e);
        }
    }

    private static void requireSame(Path file, byte[] content) {
        try {
            if (Arrays.equals(Files.readAllBytes(file), content)) {
                return;
            }
        } catch (IOException e) {
            throw new StorageException("The file \"%s\" cannot be read: %s.".formatted(file, e.getMessage()), e);
        }
        throw new ConflictException(
                "file", "\"%s\" is there already, with another content. Name another file.".formatted(file));
    }
}
