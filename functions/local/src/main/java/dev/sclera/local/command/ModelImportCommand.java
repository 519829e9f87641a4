package dev.sclera.local.command;

import dev.sclera.local.Operations;
import dev.sclera.model.Model;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sclera model import}. */
@Command(
        name = "import",
        description = {
            "Put a grader into the store: an ONNX file that gives five figures per image.",
            "",
            "What the file does not say (how pixels are normalised, above all) is read from FILE's name with .json in"
                    + " place of .onnx (fields inputSize, mean, std) where there is one, or from these options."
        },
        footer = {"", "Example:", "  sclera model import grader.onnx --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225"})
final class ModelImportCommand extends StoreCommand {

    @Parameters(paramLabel = "FILE", description = "An ONNX file.")
    private Path file;

    @Option(names = "--name", description = "The name to keep it under. Default: the file's name.")
    private @Nullable String name;

    @Mixin
    private PreprocessingOptions preprocessing;

    @Override
    int run(Operations operations) {
        Model model = operations.models().importFile(file, name, preprocessing.said());
        print(model, () -> ModelLines.of(model).toString());
        return 0;
    }
}
