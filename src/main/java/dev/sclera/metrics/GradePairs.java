package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/** Two grades for each image, checked, as the cell {@code row * grades + column} of the matrix that counts them. */
final class GradePairs {

    private final int[] cells;
    private final int grades;

    /** @throws IllegalArgumentException if the lengths differ, there are fewer than 2 grades, or one is out of range */
    GradePairs(String rowName, int[] rows, String columnName, int[] columns, int grades) {
        requireNonNull(rows, rowName + " is null");
        requireNonNull(columns, columnName + " is null");
        if (grades < 2) {
            throw new IllegalArgumentException("grades is " + grades + ", but there have to be at least 2.");
        }
        if (rows.length != columns.length) {
            throw new IllegalArgumentException(rowName + " has " + rows.length + " images and " + columnName + " has "
                    + columns.length + ", but both have to hold the same images in the same order.");
        }
        this.grades = grades;
        cells = new int[rows.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = inRange(rowName, rows, i) * grades + inRange(columnName, columns, i);
        }
    }

    private int inRange(String name, int[] values, int image) {
        int grade = values[image];
        if (grade < 0 || grade >= grades) {
            throw new IllegalArgumentException(
                    name + "[" + image + "] is " + grade + ", but a grade is 0 to " + (grades - 1) + ".");
        }
        return grade;
    }

    int images() {
        return cells.length;
    }

    /** Images in one and the same cell are of one kind; see {@link ImageStatistic#kinds()}. */
    int[] kinds() {
        return Kinds.numbered(Arrays.stream(cells).asLongStream());
    }

    ConfusionMatrix matrix() {
        long[][] counts = new long[grades][grades];
        for (int cell : cells) {
            counts[cell / grades][cell % grades]++;
        }
        return new ConfusionMatrix(counts);
    }

    /** @param draws how often each image counts, {@code [images]} */
    ConfusionMatrix matrix(int[] draws) {
        long[] flat = new long[grades * grades];
        for (int i = 0; i < cells.length; i++) {
            flat[cells[i]] += draws[i];
        }
        long[][] counts = new long[grades][grades];
        for (int row = 0; row < grades; row++) {
            System.arraycopy(flat, row * grades, counts[row], 0, grades);
        }
        return new ConfusionMatrix(counts);
    }
}
