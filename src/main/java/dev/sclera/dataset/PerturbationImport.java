package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.Recipe;
import dev.sclera.store.Sha256;
import dev.sclera.store.Software;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts perturbations that were crafted elsewhere into the store, so that they can be evaluated like Sclera's own. */
@Singleton
public class PerturbationImport {

    /** A bound of 8/255 is a bit more in single precision. */
    private static final double SINGLE_PRECISION = 1e-6;

    private final Perturbations perturbations;

    @Inject
    public PerturbationImport(Perturbations perturbations) {
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
    }

    /**
     * What to import.
     *
     * @param file a {@code .npy} or {@code .png}
     * @param name what to call the attack, as names of datasets; null to take the file's
     * @param norm {@code linf}, {@code l2} or {@code l1}
     * @param epsilon the bound that δ was crafted within, 1 being the full pixel range; null for δ's own size
     * @param scale what the values of a {@code .npy} are divided by, above 0: 255 where they are in 8-bit steps; null
     *     for 1
     * @param amplification by how much a {@code .png} shows δ amplified, above 0; null for 1, or what the file says
     */
    public record Request(
            Path file,
            @Nullable String name,
            String norm,
            @Nullable Double epsilon,
            @Nullable Double scale,
            @Nullable Double amplification) {}

    /**
     * Imports a perturbation, or finds it imported already. Of a picture, whose values are rounded, what exceeds the
     * bound by no more than that is brought back within it.
     *
     * @throws UnusableInputException where the file is no perturbation
     * @throws InvalidValueException where a value of the request is not allowed, or δ exceeds the bound
     */
    public Perturbation run(Request request) {
        Instant started = Instant.now();
        String name = ArtifactName.check("name", request.name() == null ? nameOf(request.file()) : request.name());
        requirePositive("scale", request.scale());
        requirePositive("amplification", request.amplification());
        Delta delta = read(request);
        String norm = request.norm();
        double epsilon =
                request.epsilon() == null ? Perturbation.Norms.of(delta).in(norm) : request.epsilon();
        Npy array = Npy.of(delta.values(), delta.height(), delta.width(), 3);
        Recipe recipe = new Recipe(
                "imported-perturbation/1",
                Map.of("attack", name, "norm", norm, "epsilon", epsilon),
                Map.of("delta", Sha256.of(array.encode())));
        return perturbations
                .find(recipe.id())
                .orElseGet(() -> perturbations.publish(
                        recipe.id(),
                        delta,
                        stored -> new Perturbation(
                                Perturbation.SCHEMA,
                                recipe.id(),
                                name,
                                Perturbation.IMPORTED,
                                norm,
                                epsilon,
                                null,
                                List.of(),
                                List.of(),
                                null,
                                delta.height(),
                                delta.width(),
                                Perturbation.Norms.of(stored.delta()),
                                stored.spectrum(),
                                0,
                                0,
                                0,
                                Perturbation.Stopped.DONE,
                                List.of(),
                                stored.key(),
                                stored.sha256(),
                                recipe,
                                Software.provenance(started, Duration.between(started, Instant.now())))));
    }

    private static Delta read(Request request) {
        String file = request.file().toString();
        Delta delta;
        double rounding = 0;
        if (ending(request.file()).equals("npy")) {
            requireNone("amplification", request.amplification(), ".png");
            delta = DeltaArray.decode(file, bytes(request.file()), request.scale() == null ? 1 : request.scale());
        } else if (ending(request.file()).equals("png")) {
            requireNone("scale", request.scale(), ".npy");
            DeltaPicture.Read read = DeltaPicture.decode(file, bytes(request.file()), request.amplification());
            delta = read.delta();
            rounding = read.step() / 2;
        } else {
            throw new InvalidValueException("file", file, "a file whose name ends in .npy or .png");
        }
        requirePixels(file, delta);
        return within(delta, request.norm(), request.epsilon(), rounding);
    }

    private static void requirePixels(String file, Delta delta) {
        float[] values = delta.values();
        boolean zero = true;
        for (int i = 0; i < values.length; i++) {
            zero &= values[i] == 0;
            if (!(Math.abs(values[i]) <= 1)) {
                throw new UnusableInputException(
                        "file",
                        ("The file \"%s\" is no perturbation: at row %d, column %d, channel %d it has the value %s, and"
                                        + " all are to be from -1 to 1, the full pixel range. Where its values are in 8-bit"
                                        + " steps, say --scale 255.")
                                .formatted(file, i / 3 / delta.width(), i / 3 % delta.width(), i % 3, values[i]));
            }
        }
        if (zero) {
            throw new UnusableInputException(
                    "file", "The file \"%s\" is no perturbation: all its values are 0.".formatted(file));
        }
    }

    private static Delta within(Delta delta, String norm, @Nullable Double epsilon, double rounding) {
        double size = Perturbation.Norms.of(delta).in(norm);
        if (epsilon == null) {
            return delta;
        }
        requirePositive("epsilon", epsilon);
        int count = delta.values().length;
        double slack = switch (norm) {
            case "linf" -> rounding;
            case "l2" -> rounding * Math.sqrt(count);
            default -> rounding * count;
        };
        if (size > epsilon * (1 + SINGLE_PRECISION) + slack) {
            throw new InvalidValueException(
                    "epsilon", epsilon, "the %s norm of the perturbation, %s, or more".formatted(norm, size));
        }
        if (size <= epsilon * (1 + SINGLE_PRECISION)) {
            return delta;
        }
        float[] values = delta.values().clone();
        for (int i = 0; i < count; i++) {
            double bound =
                    norm.equals("linf") ? Math.min(epsilon, Math.abs(values[i])) : Math.abs(values[i]) * epsilon / size;
            values[i] = (float) Math.copySign(bound, values[i]);
        }
        return new Delta(delta.height(), delta.width(), values);
    }

    private static void requirePositive(String field, @Nullable Double value) {
        if (value != null && !(value > 0 && Double.isFinite(value))) {
            throw new InvalidValueException(field, value, "a number above 0");
        }
    }

    private static void requireNone(String field, @Nullable Double value, String ending) {
        if (value != null) {
            throw new InvalidValueException(field, value, "none; it is for files whose name ends in " + ending);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnusableInputException("file", "The file \"%s\" cannot be read: %s.".formatted(file, e), e);
        }
    }

    static String ending(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, Math.max(0, name.lastIndexOf('.'))).toLowerCase(Locale.ROOT);
    }
}
