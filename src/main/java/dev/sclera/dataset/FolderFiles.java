package dev.sclera.dataset;

import dev.sclera.problem.UnusableInputException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of a folder and its subfolders, hidden ones left out, by their path below the folder with {@code /}
 * between. Names are compared in Unicode's composed form, because labels and file systems differ in it.
 */
final class FolderFiles {

    private static final Set<String> IMAGE_ENDINGS =
            Set.of("jpg", "jpeg", "jpe", "png", "tif", "tiff", "bmp", "dib", "webp");
    private static final List<String> USUAL_FOLDERS = List.of("", "images/", "train_images/");

    private final SortedMap<String, Path> files = new TreeMap<>();
    private final Map<String, List<String>> byFullPath = new HashMap<>();
    private final Map<String, List<String>> byName = new HashMap<>();

    FolderFiles(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    boolean hidden =
                            !directory.equals(folder) && nameOf(directory).startsWith(".");
                    return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (!nameOf(file).startsWith(".") && !Files.isDirectory(file)) {
                        add(folder, file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UnusableInputException(
                    "source", "The folder \"%s\" cannot be listed: %s.".formatted(folder, e.getMessage()), e);
        }
    }

    private void add(Path folder, Path file) {
        String path = composed(folder.relativize(file).toString().replace('\\', '/'));
        files.put(path, file);
        String name = path.substring(path.lastIndexOf('/') + 1);
        index(byFullPath, path, path);
        index(byName, name, path);
        if (isImage(path)) {
            index(byFullPath, withoutEnding(path), path);
            index(byName, withoutEnding(name), path);
        }
    }

    private static void index(Map<String, List<String>> index, String key, String path) {
        index.computeIfAbsent(key, k -> new ArrayList<>(1)).add(path);
    }

    /** All files by their path, sorted. */
    SortedMap<String, Path> all() {
        return Collections.unmodifiableSortedMap(files);
    }

    /**
     * The files that a label may mean, with or without the ending: the one at that path, in {@code images/} or
     * {@code train_images/}; where there is none, all of that name anywhere in the folder.
     *
     * @param path below the folder, as {@link #below} gives it
     */
    List<String> find(String path) {
        for (String usual : USUAL_FOLDERS) {
            String full = usual + path;
            if (files.containsKey(full)) {
                return List.of(full);
            }
            if (byFullPath.containsKey(full)) {
                return List.copyOf(byFullPath.get(full));
            }
        }
        return List.copyOf(byName.getOrDefault(path, List.of()));
    }

    /** The path below the folder that a label means, or nothing where it leads out of the folder. */
    static Optional<String> below(String label) {
        String wanted = composed(label.replace('\\', '/'));
        if (wanted.startsWith("/") || wanted.matches("[A-Za-z]:.*")) {
            return Optional.empty();
        }
        Deque<String> steps = new ArrayDeque<>();
        for (String step : wanted.split("/")) {
            if (step.equals("..")) {
                if (steps.pollLast() == null) {
                    return Optional.empty();
                }
            } else if (!step.isEmpty() && !step.equals(".")) {
                steps.addLast(step);
            }
        }
        return Optional.of(String.join("/", steps));
    }

    /** Whether a file's name says that it is an image. */
    static boolean isImage(String name) {
        return IMAGE_ENDINGS.contains(ending(name));
    }

    /** A name without the ending that says that it is an image. */
    static String withoutEnding(String name) {
        return isImage(name) ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String composed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }
}
