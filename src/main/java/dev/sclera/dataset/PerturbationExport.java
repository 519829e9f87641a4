package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.ConflictException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.UnusableInputException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Writes perturbations to files, for other tools. */
@Singleton
public class PerturbationExport {

    private final Perturbations perturbations;

    @Inject
    public PerturbationExport(Perturbations perturbations) {
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
    }

    /**
     * Writes δ: to {@code .npy} as float32 {@code [h,w,3]}, exactly; to {@code .png} amplified, with 16 bits a sample,
     * off by at most 1/65534 of δ's largest magnitude, and exact where its values are 0 and plus or minus that. A file
     * that is there already is left as it is.
     *
     * @throws InvalidValueException where the file's name ends otherwise
     * @throws ConflictException where the file is there with another content
     */
    public void write(Perturbation perturbation, Path file) {
        Delta delta = perturbations.read(perturbation);
        byte[] content = switch (PerturbationImport.ending(file)) {
            case "npy" ->
                Npy.of(delta.values(), delta.height(), delta.width(), 3).encode();
            case "png" -> DeltaPicture.encode(delta, DeltaPicture.Depth.SIXTEEN);
            default -> throw new InvalidValueException("file", file, "a file whose name ends in .npy or .png");
        };
        try {
            if (!Files.exists(file)) {
                Files.write(file, content, StandardOpenOption.CREATE_NEW);
            } else if (!Arrays.equals(Files.readAllBytes(file), content)) {
                throw there(file);
            }
        } catch (FileAlreadyExistsException e) {
            throw there(file);
        } catch (IOException e) {
            throw new UnusableInputException("file", "The file \"%s\" cannot be written: %s.".formatted(file, e), e);
        }
    }

    private static ConflictException there(Path file) {
        return new ConflictException(
                "file", "The file \"%s\" is there already, with another content. Choose another name.".formatted(file));
    }
}
