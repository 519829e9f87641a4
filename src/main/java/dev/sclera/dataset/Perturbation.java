package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The record of a universal perturbation, {@code perturbations/<id>/perturbation.json}.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id
 * @param attack the algorithm, for example {@code pgd} or {@code random}
 * @param access what the algorithm had: {@code control}, {@code white-box}, {@code data-free}, {@code black-box};
 *     {@code imported} where δ was crafted elsewhere
 * @param norm {@code linf}, {@code l2} or {@code l1}
 * @param epsilon the bound on δ in that norm, in units of the full pixel range
 * @param target the grade aimed at, or null where untargeted
 * @param models the names of the models it was crafted against; none where none was asked
 * @param modelIds those models' ids
 * @param dataset the name of the dataset it was crafted on; null where δ was crafted elsewhere
 * @param height rows of δ
 * @param width columns of δ
 * @param norms the sizes of δ
 * @param spectrum how its energy is spread over spatial frequencies
 * @param evaluations how many evaluations it took: images through a model, forward, or forward and backward, without
 *     those that only asked whether to stop; 0 where δ was crafted elsewhere, as of the next two
 * @param gradientEvaluations how many gradients of them
 * @param seconds how long the attack itself took
 * @param stopped why it ended
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
        String access,
        String norm,
        double epsilon,
        @Nullable Integer target,
        List<String> models,
        List<String> modelIds,
        @Nullable String dataset,
        int height,
        int width,
        Norms norms,
        Spectrum spectrum,
        long evaluations,
        long gradientEvaluations,
        double seconds,
        Stopped stopped,
        List<Point> curve,
        String delta,
        String deltaSha256,
        Recipe recipe,
        Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/perturbation/2";

    /** The access of what was crafted elsewhere. */
    static final String IMPORTED = "imported";

    public Perturbation {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        models = List.copyOf(models);
        modelIds = List.copyOf(modelIds);
        curve = List.copyOf(curve);
    }

    /** Whether it is a control: noise that no model was asked about. */
    public boolean control() {
        return access.equals("control");
    }

    /** Whether it was crafted elsewhere. */
    public boolean imported() {
        return access.equals(IMPORTED);
    }

    /** The models it was crafted against in words, for example {@code resnet18 + mobilenetv2}; nothing for none. */
    public Optional<String> source() {
        return models.isEmpty() ? Optional.empty() : Optional.of(String.join(" + ", models));
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

    /** Why a run ended. */
    public enum Stopped {
        /** All evaluations that it was allowed were spent. */
        BUDGET,
        /** The algorithm had come to its end. */
        DONE,
        /** As many images were fooled as were asked for. */
        FOOLED,
        /** Its time was up. */
        TIME
    }

    /**
     * The size of δ in several norms; 1 is the full pixel range.
     *
     * @param linf the largest magnitude
     * @param l2 the Euclidean norm
     * @param l1 the sum of magnitudes
     */
    public record Norms(double linf, double l2, double l1) {

        /** The sizes of a δ. */
        public static Norms of(Delta delta) {
            double sum = 0;
            for (float value : delta.values()) {
                sum += Math.abs(value);
            }
            return new Norms(delta.maximumNorm(), delta.euclideanNorm(), sum);
        }

        /**
         * The size in one norm.
         *
         * @param norm {@code linf}, {@code l2} or {@code l1}
         * @throws InvalidValueException where it is another
         */
        public double in(String norm) {
            return switch (norm) {
                case "linf" -> linf;
                case "l2" -> l2;
                case "l1" -> l1;
                default -> throw new InvalidValueException("norm", norm, "linf, l2, l1");
            };
        }
    }

    /**
     * One point of a learning curve.
     *
     * @param pass how many passes over the crafting images were done
     * @param evaluations how many evaluations it had taken until then
     * @param loss what the attack drives up or down, the mean over the pass
     * @param foolingRate the share of the pass' images whose grade differed from the model's clean grade; null where
     *     the attack looks at no image. Where the run ended because enough were fooled, the last point has that of all
     *     images under δ as it is
     */
    public record Point(
            int pass,
            long evaluations,
            double loss,
            @Nullable Double foolingRate) {}
}
