package dev.sclera.campaign;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Images;
import dev.sclera.model.Grader;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * About how long models take per image on this machine: each grades a few blank images, and gradients and training
 * steps are reckoned as multiples of that.
 */
final class Speeds {

    private static final int IMAGES = 8;

    /** The shortest counts: what else the machine does only makes it longer. */
    private static final int TRIALS = 3;

    /** A gradient takes 2 to 3 times as long as grading does, as {@code bench gradients} shows. */
    private static final double GRADIENT = 2.5;

    /** A training step computes the gradients of weights too, and does so less fast. */
    private static final double TRAINING = 5;

    private final Map<String, Double> secondsPerImage = new HashMap<>();

    Speeds(Models models, List<Model> tried, Dataset dataset) {
        int side = dataset.height() * dataset.width() * 3;
        Images blank = new Images(
                dataset.height(),
                dataset.width(),
                new byte[IMAGES * side],
                new int[IMAGES],
                IntStream.range(0, IMAGES).mapToObj(Integer::toString).toList());
        for (Model model : tried) {
            try (Grader grader = models.grader(model, dataset.height(), dataset.width())) {
                grader.grade(blank, graded -> {});
                secondsPerImage.put(
                        model.name(),
                        IntStream.range(0, TRIALS)
                                .mapToDouble(trial -> seconds(grader, blank))
                                .min()
                                .orElseThrow());
            }
        }
    }

    private static double seconds(Grader grader, Images blank) {
        long started = System.nanoTime();
        grader.grade(blank, graded -> {});
        return (System.nanoTime() - started) / 1e9 / IMAGES;
    }

    /** Where every model takes the same, said or measured before. */
    Speeds(List<String> models, double secondsPerImage) {
        models.forEach(model -> this.secondsPerImage.put(model, secondsPerImage));
    }

    /** How long a model takes to grade an image, on average over the models that were tried. */
    double mean() {
        return secondsPerImage.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }

    /** About how many seconds a step takes. */
    double seconds(Step step) {
        double perImage = secondsPerImage.getOrDefault(step.model(), 0.0);
        return perImage * (step.graded() + GRADIENT * step.gradients() + TRAINING * step.trained());
    }
}
