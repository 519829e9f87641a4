package dev.sclera.dataset;

import dev.sclera.dataset.Rejection.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** A folder with one folder of images per grade: every file in it counts, in subfolders too. */
record ClassFolders() implements Layout {

    @Override
    public Optional<ImageSource> open(Path source) {
        if (!Files.isDirectory(source)) {
            return Optional.empty();
        }
        FolderFiles files = new FolderFiles(source);
        Map<String, Integer> grades = new TreeMap<>();
        List<Rejection> rejections = new ArrayList<>();
        for (String file : files.all().keySet()) {
            int slash = file.indexOf('/');
            OptionalInt grade = slash < 0 ? OptionalInt.empty() : Grades.ofFolder(file.substring(0, slash));
            if (grade.isPresent()) {
                grades.put(file, grade.getAsInt());
            } else if (FolderFiles.isImage(file)) {
                rejections.add(new Rejection(file, Reason.NO_LABEL, "it lies in no folder that is named for a grade"));
            }
        }
        return grades.isEmpty() ? Optional.empty() : Optional.of(LabelledFolder.source(files, grades, rejections));
    }
}
