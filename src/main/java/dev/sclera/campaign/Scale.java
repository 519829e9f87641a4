package dev.sclera.campaign;

import dev.sclera.dataset.Dataset;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The size of a campaign whose models and photographs are not there.
 *
 * @param trainImages images that perturbations are crafted on and models fine-tuned on
 * @param testImages images that are evaluated
 * @param secondsPerImage how long a model takes to grade an image on this machine, on all its cores
 */
public record Scale(int trainImages, int testImages, double secondsPerImage) {

    public Scale {
        if (trainImages < 1 || testImages < 1) {
            throw new InvalidValueException("images", Math.min(trainImages, testImages), "1 or more");
        }
        if (!(secondsPerImage > 0 && Double.isFinite(secondsPerImage))) {
            throw new InvalidValueException("seconds-per-image", secondsPerImage, "more than 0");
        }
    }

    /** A dataset of which nothing is known but how many images it has. */
    static Dataset dataset(String name, int images) {
        Recipe recipe = new Recipe("outline/1", Map.of("images", images), Map.of());
        return new Dataset(
                Dataset.SCHEMA,
                name,
                recipe.id(),
                "all",
                1,
                1,
                5,
                images,
                List.of(),
                0,
                List.of(),
                "",
                "",
                recipe,
                new Provenance(Map.of(), Instant.EPOCH, 0));
    }
}
