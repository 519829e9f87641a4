package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Rejection.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A folder of images with a CSV file of labels in it.
 *
 * @param csv the name of the CSV file
 * @param imageColumn the column that names the image: a path below the folder, or a file's name, with or without ending
 * @param gradeColumn the column with the grade
 */
record LabelledFolder(String csv, String imageColumn, String gradeColumn) implements Layout {

    @Override
    public Optional<ImageSource> open(Path source) {
        Path table = source.resolve(csv);
        if (!Files.isRegularFile(table)) {
            return Optional.empty();
        }
        FolderFiles files = new FolderFiles(source);
        List<Rejection> rejections = new ArrayList<>();
        SortedMap<String, List<LabelTable.Row>> labelled = new TreeMap<>();
        for (LabelTable.Row row :
                LabelTable.read(table, imageColumn, gradeColumn).rows()) {
            resolve(row, files, rejections)
                    .ifPresent(file -> labelled.computeIfAbsent(file, f -> new ArrayList<>(1))
                            .add(row));
        }
        Map<String, Integer> grades = new TreeMap<>();
        labelled.forEach(
                (file, rows) -> agreedGrade(file, rows, rejections).ifPresent(grade -> grades.put(file, grade)));
        Set<String> mentioned = new HashSet<>(labelled.keySet());
        for (String file : files.all().keySet()) {
            if (FolderFiles.isImage(file) && !mentioned.contains(file)) {
                rejections.add(new Rejection(file, Reason.NO_LABEL, csv + " has no row for it"));
            }
        }
        return Optional.of(source(files, grades, rejections));
    }

    /** What a folder's files and their grades make; shared with the other layouts of folders. */
    static ImageSource source(FolderFiles files, Map<String, Integer> grades, List<Rejection> rejections) {
        List<String> paths = grades.keySet().stream().sorted().toList();
        List<String> names = ImageNames.of(paths);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            candidates.add(new Candidate.ImageFile(
                    requireNonNull(files.all().get(path)), path, names.get(i), requireNonNull(grades.get(path))));
        }
        List<Rejection> sorted = rejections.stream()
                .sorted(Comparator.comparing(Rejection::file).thenComparing(Rejection::detail))
                .toList();
        return new ImageSource(candidates, sorted, false, List.of());
    }

    private Optional<String> resolve(LabelTable.Row row, FolderFiles files, List<Rejection> rejections) {
        if (row.image().isEmpty()) {
            rejections.add(new Rejection("", Reason.MISSING_FILE, where(row) + " names no image"));
            return Optional.empty();
        }
        Optional<String> path = FolderFiles.below(row.image());
        if (path.isEmpty()) {
            rejections.add(new Rejection(
                    row.image(), Reason.OUTSIDE_FOLDER, where(row) + " names a path that leads out of the folder"));
            return Optional.empty();
        }
        List<String> found = files.find(path.get());
        if (found.isEmpty()) {
            rejections.add(new Rejection(
                    row.image(), Reason.MISSING_FILE, where(row) + " names it, but there is no such file"));
            return Optional.empty();
        }
        if (found.size() > 1) {
            rejections.add(new Rejection(
                    row.image(), Reason.AMBIGUOUS, where(row) + " may mean " + String.join(" or ", found)));
            return Optional.empty();
        }
        return Optional.of(found.get(0));
    }

    private OptionalInt agreedGrade(String file, List<LabelTable.Row> rows, List<Rejection> rejections) {
        LabelTable.Row first = rows.get(0);
        boolean conflict = rows.stream().anyMatch(row -> !row.grade().equals(first.grade()));
        if (conflict) {
            List<String> all = rows.stream()
                    .map(row -> "%s in line %d".formatted(row.grade(), row.line()))
                    .toList();
            rejections.add(new Rejection(
                    file, Reason.CONFLICTING_LABELS, csv + " gives it several grades: " + String.join(", ", all)));
            return OptionalInt.empty();
        }
        OptionalInt grade = Grades.ofNumber(first.grade());
        if (grade.isEmpty()) {
            rejections.add(new Rejection(
                    file,
                    Reason.WRONG_GRADE,
                    "%s says \"%s\", which is not a grade from 0 to 4".formatted(where(first), first.grade())));
            return OptionalInt.empty();
        }
        for (LabelTable.Row again : rows.subList(1, rows.size())) {
            rejections.add(new Rejection(
                    file,
                    Reason.REPEATED_LABEL,
                    "%s repeats line %d; the image is kept once".formatted(where(again), first.line())));
        }
        return grade;
    }

    private String where(LabelTable.Row row) {
        return "%s, line %d,".formatted(csv, row.line());
    }
}
