package dev.sclera.functions.craft;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sclera.dataset.Perturbation;
import dev.sclera.store.Keys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The perturbation that was crafted, or found crafted already.
 *
 * @param id the perturbation's id
 * @param perturbation key of its record
 * @param delta key of δ, a {@code .npy} of float32 {@code [height,width,3]}
 * @param picture key of δ amplified, a PNG
 * @param attack the algorithm
 * @param model the model it was crafted against; null for controls
 * @param norm {@code linf} or {@code l2}
 * @param epsilon the bound
 * @param maximumNorm the L∞ norm of δ
 * @param euclideanNorm the L2 norm of δ
 * @param foolingRate on the crafting images, in the last pass; null for controls
 * @param gradientEvaluations how many gradients of single images it took
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CraftResult(
        String id,
        String perturbation,
        String delta,
        String picture,
        String attack,
        @Nullable String model,
        String norm,
        double epsilon,
        double maximumNorm,
        double euclideanNorm,
        @Nullable Double foolingRate,
        long gradientEvaluations) {

    static CraftResult of(Perturbation crafted) {
        List<Perturbation.Point> curve = crafted.curve();
        return new CraftResult(
                crafted.id(),
                Keys.perturbation(crafted.id()),
                crafted.delta(),
                Keys.perturbationFile(crafted.id(), "delta.png"),
                crafted.attack(),
                crafted.model(),
                crafted.norm(),
                crafted.epsilon(),
                crafted.maximumNorm(),
                crafted.euclideanNorm(),
                curve.isEmpty() ? null : curve.get(curve.size() - 1).foolingRate(),
                crafted.gradientEvaluations());
    }
}
