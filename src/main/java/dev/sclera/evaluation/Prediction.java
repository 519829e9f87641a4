package dev.sclera.evaluation;

import java.util.List;

/**
 * What a model says of one image; one line of a predictions file.
 *
 * @param image the image's name
 * @param truth its grade according to the dataset
 * @param grade the model's: the most probable, the lower one of equals
 * @param probabilities per grade, sum 1
 */
public record Prediction(String image, int truth, int grade, List<Double> probabilities) {

    public Prediction {
        probabilities = List.copyOf(probabilities);
    }
}
