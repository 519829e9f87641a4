package dev.sclera.metrics;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The recall of each grade.
 *
 * @param recalls the recall of grade 0, 1, …; undefined for a grade that no image has
 */
public record RecallByGrade(List<Measure> recalls) {

    public RecallByGrade {
        recalls = List.copyOf(recalls);
    }

    public static RecallByGrade of(ConfusionMatrix matrix) {
        return new RecallByGrade(
                IntStream.range(0, matrix.grades()).mapToObj(matrix::recall).toList());
    }
}
