package dev.sclera.functions.grade;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model says.
 *
 * @param model the model's name
 * @param predictions key of the predictions' record; null for one photograph
 * @param images how many images were graded
 * @param imagesPerGrade how many were given each grade, 0 to 4
 * @param image key of the photograph, where one was graded
 * @param grade its grade
 * @param probabilities the probability of each grade
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GradeResult(
        String model,
        @Nullable String predictions,
        int images,
        List<Integer> imagesPerGrade,
        @Nullable String image,
        @Nullable Integer grade,
        @Nullable List<Double> probabilities) {

    public GradeResult {
        imagesPerGrade = List.copyOf(imagesPerGrade);
    }
}
