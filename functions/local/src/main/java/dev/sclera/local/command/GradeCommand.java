package dev.sclera.local.command;

import dev.sclera.functions.grade.GradeRequest;
import dev.sclera.functions.grade.GradeResult;
import dev.sclera.local.Operations;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.Keys;
import dev.sclera.store.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sclera grade}. */
@Command(
        name = "grade",
        description = "Have a model grade a dataset, clean or perturbed, or one photograph.",
        footer = {
            "",
            "Examples:",
            "  sclera grade --model resnet18 --dataset clinic-test",
            "  sclera grade --model resnet18 eye.jpg"
        })
final class GradeCommand extends StoreCommand {

    @Option(names = "--model", required = true, description = "The model's name.")
    private String model;

    @ArgGroup(multiplicity = "1")
    private Subject subject;

    @Option(names = "--perturbation", description = "The perturbation's id; its first digits suffice. Default: none.")
    private @Nullable String perturbation;

    private static final class Subject {

        @Option(names = "--dataset", description = "The dataset's name.")
        private @Nullable String dataset;

        @Parameters(paramLabel = "PHOTOGRAPH", arity = "0..1", description = "A JPEG, PNG, TIFF, BMP or WebP file.")
        private @Nullable Path photograph;
    }

    @Override
    int run(Operations operations) {
        String image = subject.photograph == null ? null : upload(subject.photograph, operations);
        GradeResult result = operations.grade().grade(new GradeRequest(model, subject.dataset, perturbation, image));
        print(
                result,
                () -> new Lines()
                        .add("model", result.model())
                        .add("grade", result.grade())
                        .add("probabilities", result.probabilities())
                        .add("images", result.images())
                        .add("per grade 0 to 4", result.imagesPerGrade())
                        .add("predictions", result.predictions())
                        .toString());
        return 0;
    }

    /** Puts a photograph where the function reads it: under its digest, so that the same one is there once. */
    private static String upload(Path photograph, Operations operations) {
        byte[] file;
        try {
            file = Files.readAllBytes(photograph);
        } catch (IOException e) {
            throw new UnusableInputException(
                    "image", "The photograph \"%s\" cannot be read: %s.".formatted(photograph, e), e);
        }
        String key = Keys.upload(Sha256.of(file));
        operations.artifacts().objects().createOrAdopt(key, file, "application/octet-stream");
        return key;
    }
}
