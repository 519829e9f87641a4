package dev.sclera.local.command;

import dev.sclera.local.Operations;
import dev.sclera.model.Model;
import dev.sclera.problem.ConflictException;
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
            "Write a grader's ONNX file, for whatever runs ONNX.",
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
        write(operations.models().onnx(model));
        print(model, () -> ModelLines.of(model).add("file", file).toString());
        return 0;
    }

    private void write(byte[] onnx) {
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            Files.write(file, onnx, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            requireSame(onnx);
        } catch (IOException e) {
            throw new StorageException("The file \"%s\" cannot be written: %s.".formatted(file, e.getMessage()), e);
        }
    }

    private void requireSame(byte[] onnx) {
        try {
            if (Arrays.equals(Files.readAllBytes(file), onnx)) {
                return;
            }
        } catch (IOException e) {
            throw new StorageException("The file \"%s\" cannot be read: %s.".formatted(file, e.getMessage()), e);
        }
        throw new ConflictException(
                "file", "\"%s\" is there already, with another content. Name another file.".formatted(file));
    }
}
