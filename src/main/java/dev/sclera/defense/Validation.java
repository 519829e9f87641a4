package dev.sclera.defense;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import dev.sclera.model.Grade;
import dev.sclera.model.Grader;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Grades the validation images, clean and perturbed, as a user's images are graded: in 8 bits. */
final class Validation {

    private final Datasets datasets;
    private final Models models;
    private final Model model;
    private final Division division;
    private final List<Delta> deltas;

    Validation(Datasets datasets, Models models, Model model, Division division, List<Delta> deltas) {
        this.datasets = datasets;
        this.models = models;
        this.model = model;
        this.division = division;
        this.deltas = List.copyOf(deltas);
    }

    /**
     * What a grader answers.
     *
     * @param clean to the images as they are
     * @param attacked to the images under the perturbation that harms most; where there is none, the same
     */
    record Result(Answers clean, Answers attacked) {}

    /**
     * Grades the validation images.
     *
     * @param onnx the model's file with the weights that are asked about
     * @param more perturbations that are added to the images, each as those that are always
     * @param alive is told again and again that the work goes on
     */
    Result of(byte[] onnx, List<Delta> more, Runnable alive) {
        List<Delta> deltas = new ArrayList<>(this.deltas);
        deltas.addAll(more);
        Dataset dataset = division.validationDataset();
        Map<Integer, List<Example>> byShard = division.validation().stream()
                .collect(Collectors.groupingBy(Example::shard, TreeMap::new, Collectors.toList()));
        List<Integer> truths = new ArrayList<>();
        List<Grade> clean = new ArrayList<>();
        List<List<Grade>> attacked = new ArrayList<>();
        deltas.forEach(delta -> attacked.add(new ArrayList<>()));
        try (Grader grader = models.grader(model, onnx, dataset.height(), dataset.width())) {
            byShard.forEach((shard, examples) -> {
                Images images = rows(datasets.read(dataset, shard), examples);
                Arrays.stream(images.grades()).forEach(truths::add);
                clean.addAll(grader.grade(images, graded -> alive.run()));
                for (int i = 0; i < deltas.size(); i++) {
                    attacked.get(i).addAll(grader.grade(deltas.get(i).applyTo(images), graded -> alive.run()));
                }
            });
        }
        int[] truth = truths.stream().mapToInt(Integer::intValue).toArray();
        int classes = model.descriptor().grades();
        Answers answers = Answers.of(truth, clean, classes);
        if (deltas.isEmpty()) {
            return new Result(answers, answers);
        }
        return new Result(
                answers,
                Answers.worst(attacked.stream()
                        .map(grades -> Answers.of(truth, grades, classes))
                        .toList()));
    }

    private static Images rows(Images shard, List<Example> examples) {
        int stride = shard.stride();
        byte[] pixels = new byte[Math.multiplyExact(examples.size(), stride)];
        int[] grades = new int[examples.size()];
        List<String> names = new ArrayList<>();
        for (int i = 0; i < grades.length; i++) {
            int row = examples.get(i).row();
            System.arraycopy(shard.pixels(), row * stride, pixels, i * stride, stride);
            grades[i] = shard.grades()[row];
            names.add(shard.names().get(row));
        }
        return new Images(shard.height(), shard.width(), pixels, grades, names);
    }
}
