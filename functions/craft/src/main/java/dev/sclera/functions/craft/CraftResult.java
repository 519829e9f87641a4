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
 * @param access what it had: {@code control}, {@code white-box}, {@code data-free}, {@code black-box}
 * @param models the models it was crafted against; none for controls
 * @param norm {@code linf}, {@code l2} or {@code l1}
 * @param epsilon the bound
 * @param norms the sizes of δ
 * @param foolingRate on the crafting images, at the end of the learning curve; null where the algorithm looks at no
 *     image
 * @param evaluations how many evaluations it took: images through a model, forward, or forward and backward, without
 *     those that only asked whether to stop
 * @param gradientEvaluations how many gradients of them
 * @param seconds how long the algorithm took
 * @param stopped why it ended: {@code BUDGET}, {@code DONE}, {@code FOOLED}, {@code TIME}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CraftResult(
        String id,
        String perturbation,
        String delta,
        String picture,
        String attack,
        String access,
        List<String> models,
        String norm,
        double epsilon,
        Perturbation.Norms norms,
        @Nullable Double foolingRate,
        long evaluations,
        long gradientEvaluations,
        double seconds,
        Perturbation.Stopped stopped) {

    static CraftResult of(Perturbation crafted) {
        List<Perturbation.Point> curve = crafted.curve();
        return new CraftResult(
                crafted.id(),
                Keys.perturbation(crafted.id()),
                crafted.delta(),
                Keys.perturbationFile(crafted.id(), "delta.png"),
                crafted.attack(),
                crafted.access(),
                crafted.models(),
                crafted.norm(),
                crafted.epsilon(),
                crafted.norms(),
                curve.isEmpty() ? null : curve.get(curve.size() - 1).foolingRate(),
                crafted.evaluations(),
                crafted.gradientEvaluations(),
                crafted.seconds(),
                crafted.stopped());
    }
}
