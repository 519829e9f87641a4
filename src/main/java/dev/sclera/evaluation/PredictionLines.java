package dev.sclera.evaluation;

import dev.sclera.dataset.Images;
import dev.sclera.model.Grade;
import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Predictions as JSON, one line per image. */
final class PredictionLines {

    private PredictionLines() {}

    static byte[] write(Images images, List<Grade> grades) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < grades.size(); i++) {
            Prediction prediction = prediction(images.names().get(i), images.grades()[i], grades.get(i));
            lines.append(JsonFormat.line(prediction)).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    static Prediction prediction(String image, int truth, Grade grade) {
        return new Prediction(
                image,
                truth,
                grade.grade(),
                Arrays.stream(grade.probabilities()).boxed().toList());
    }

    static List<Prediction> read(String key, byte[] lines) {
        List<Prediction> predictions = new ArrayList<>();
        for (String line : new String(lines, StandardCharsets.UTF_8).split("\n")) {
            try {
                predictions.add(JsonFormat.read(line.getBytes(StandardCharsets.UTF_8), Prediction.class));
            } catch (InvalidValueException e) {
                throw new CorruptArtifactException(
                        key,
                        "The object \"%s\" holds a line that is no prediction. %s Delete it, and have it graded again."
                                .formatted(key, e.getMessage()));
            }
        }
        return predictions;
    }
}
