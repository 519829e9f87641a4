package dev.sclera.dataset;

import dev.sclera.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Names images by their paths: as short as is unique, and fit for being a part of a key. */
final class ImageNames {

    private static final int LONGEST = 150;

    private ImageNames() {}

    /**
     * The file's name where no other file has it, endings aside; else the path with {@code _} for {@code /}; with
     * digits of the path's digest where that is not unique either, or too long. So the names stay unique with another
     * ending.
     */
    static List<String> of(List<String> paths) {
        UnaryOperator<String> shortest = path -> plain(path.substring(path.lastIndexOf('/') + 1));
        UnaryOperator<String> whole = path -> plain(path.replace('/', '_'));
        Map<String, Integer> uses = new HashMap<>();
        for (String path : paths) {
            uses.merge(FolderFiles.withoutEnding(shortest.apply(path)), 1, Integer::sum);
        }
        Map<String, Integer> taken = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (String path : paths) {
            String name = shortest.apply(path);
            name = uses.getOrDefault(FolderFiles.withoutEnding(name), 0) > 1 ? whole.apply(path) : name;
            names.add(name);
            taken.merge(FolderFiles.withoutEnding(name), 1, Integer::sum);
        }
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (taken.getOrDefault(FolderFiles.withoutEnding(name), 0) > 1 || name.length() > LONGEST) {
                names.set(i, digested(name, paths.get(i)));
            }
        }
        return names;
    }

    private static String digested(String name, String path) {
        String digits = Sha256.of(path.getBytes(StandardCharsets.UTF_8)).substring(0, 12);
        String stem = FolderFiles.withoutEnding(name);
        return stem.substring(0, Math.min(stem.length(), LONGEST - 20)) + "-" + digits + name.substring(stem.length());
    }

    private static String plain(String name) {
        return name.replaceAll("[\\p{Cntrl}\\\\]", "_");
    }
}
