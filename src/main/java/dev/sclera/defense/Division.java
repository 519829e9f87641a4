package dev.sclera.defense;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Images;
import dev.sclera.problem.InvalidValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which images train, and which choose the best epoch.
 *
 * @param training in the order of their dataset
 * @param validationDataset of the validation images
 * @param validation in the order of their dataset
 */
record Division(List<Example> training, Dataset validationDataset, List<Example> validation) {

    /**
     * As a specification has it: all images of a dataset train and all of another validate, or a share is held out.
     *
     * @throws InvalidValueException where a dataset is a test split, or the two do not fit each other
     */
    static Division of(Datasets datasets, Dataset dataset, FinetuneSpec spec) {
        requireNoTest("dataset", dataset);
        if (spec.validation() == null) {
            return heldOut(datasets, dataset, spec.validationShare(), spec.seed());
        }
        Dataset validation = datasets.get(spec.validation());
        requireNoTest("validation", validation);
        if (validation.height() != dataset.height() || validation.width() != dataset.width()) {
            throw new InvalidValueException(
                    "validation",
                    "%s, which is %d×%d".formatted(validation.name(), validation.height(), validation.width()),
                    "a dataset of the size of the training images, %d×%d".formatted(dataset.height(), dataset.width()));
        }
        if (datasets.shareAnImage(dataset, validation)) {
            throw new InvalidValueException(
                    "validation", validation.name(), "a dataset that has no image in common with the training images");
        }
        return given(datasets, dataset, validation);
    }

    /** The grade of most training images, the least of equals. */
    int mostCommonGrade() {
        return training.stream()
                .collect(Collectors.groupingBy(Example::grade, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.<Integer, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .orElseThrow()
                .getKey();
    }

    private static void requireNoTest(String field, Dataset dataset) {
        if (dataset.split().equals("test")) {
            throw new InvalidValueException(
                    field,
                    dataset.name(),
                    "a training or validation split, for what was fitted to test images cannot be tested on them");
        }
    }

    /**
     * All images of one dataset train, all of another validate.
     *
     * @throws InvalidValueException where one of the two has one grade only
     */
    static Division given(Datasets datasets, Dataset training, Dataset validation) {
        return new Division(all(datasets, training), validation, all(datasets, validation)).checked(training);
    }

    /**
     * A share of each grade's images validates, at least one of each; which, the seed says.
     *
     * @throws InvalidValueException where a grade has one image only, or there is one grade only
     */
    static Division heldOut(Datasets datasets, Dataset dataset, double share, long seed) {
        List<Example> all = all(datasets, dataset);
        Map<Integer, List<Example>> byGrade = new TreeMap<>();
        all.forEach(example -> byGrade.computeIfAbsent(example.grade(), absent -> new ArrayList<>())
                .add(example));
        Set<Example> held = new HashSet<>();
        byGrade.forEach((grade, examples) -> {
            int[] order = Seeded.order(examples.size(), Seeded.at(seed, Seeded.Purpose.HOLDOUT, grade));
            long count = Math.max(1, Math.round(examples.size() * share));
            Arrays.stream(order).limit(count).mapToObj(examples::get).forEach(held::add);
        });
        List<Example> training =
                all.stream().filter(example -> !held.contains(example)).toList();
        return new Division(
                        training, dataset, all.stream().filter(held::contains).toList())
                .checked(dataset);
    }

    /** Itself, where both parts have two grades or more: with one there is nothing to tell apart. */
    Division checked(Dataset trainingDataset) {
        requireGrades("dataset", trainingDataset, training, "train");
        requireGrades("validation", validationDataset, validation, "validate");
        return this;
    }

    private static void requireGrades(String field, Dataset dataset, List<Example> examples, String purpose) {
        long grades = examples.stream().mapToInt(Example::grade).distinct().count();
        if (grades < 2) {
            throw new InvalidValueException(
                    field,
                    dataset.name(),
                    "a dataset of two grades or more, and this one has %d among the %d images to %s on"
                            .formatted(grades, examples.size(), purpose));
        }
    }

    private static List<Example> all(Datasets datasets, Dataset dataset) {
        List<Example> all = new ArrayList<>(dataset.images());
        for (int shard = 0; shard < dataset.shards().size(); shard++) {
            Images images = datasets.read(dataset, shard);
            for (int row = 0; row < images.count(); row++) {
                all.add(new Example(all.size(), shard, row, images.grades()[row]));
            }
        }
        return Collections.unmodifiableList(all);
    }
}
