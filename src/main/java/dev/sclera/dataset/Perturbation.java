package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of a universal perturbation, {@code perturbations/<id>/perturbation.json}.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id
 * @param attack the algorithm, for example {@code pgd} or {@code random}
 * @param control whether it is a control: noise that no model was asked about
 * @param norm {@code linf} or {@code l2}
 * @param epsilon the bound on δ in that norm, in units of the full pixel range
 * @param target the grade aimed at, or null where untargeted
 * @param model the name of the model it was crafted against, or null where none was asked
 * @param modelId that model's id, or null likewise
 * @param dataset the name of the dataset it was crafted on
 * @param height rows of δ
 * @param width columns of δ
 * @param maximumNorm the L∞ norm of δ
 * @param euclideanNorm the L2 norm of δ
 * @param gradientEvaluations how many gradients of single images it took
 * @param curve the loss and the fooling rate on the crafting images, pass by pass
 * @param delta key of δ, a {@code .npy} of float32 {@code [height,width,3]}
 * @param deltaSha256 its digest
 * @param recipe what determines it
 * @param provenance how it came to be
 */
public record Perturbation(
        String schema,
        String id,
        String attack,
        boolean control,
        String norm,
        double epsilon,
        @Nullable Integer target,
        @Nullable String model,
        @Nullable String modelId,
        String dataset,
        int height,
        int width,
        double maximumNorm,
        double euclideanNorm,
        long gradientEvaluations,
        List<Point> curve,
        String delta,
        String deltaSha256,
        Recipe recipe,
        Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/perturbation/1";

    public Perturbation {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        curve = List.copyOf(curve);
    }

    /**
     * Refuses images that δ cannot be added to.
     *
     * @throws InvalidValueException where δ has another size than the dataset's images
     */
    public void requireFits(Dataset dataset) {
        if (height != dataset.height() || width != dataset.width()) {
            throw new InvalidValueException(
                    "perturbation",
                    "%s, which is %d×%d".formatted(id.substring(0, 8), height, width),
                    "a perturbation of the size of the dataset's images, %d×%d"
                            .formatted(dataset.height(), dataset.width()));
        }
    }

    /**
     * One point of a learning curve.
     *
     * @param pass how many passes over the crafting images were done
     * @param loss the mean loss over the pass
     * @param foolingRate the share of the pass' images whose grade differed from the model's clean grade
     */
    public record Point(int pass, double loss, double foolingRate) {}
}
