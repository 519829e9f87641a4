package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which datasets an import makes, and under which names and ids; known before anything is decoded.
 *
 * @param canonical how pictures become canonical
 * @param parts the datasets, in the order train, val, test
 */
record ImportPlan(Canonical canonical, List<Part> parts) {

    /** The procedure's version: a change of what the same files become needs a new one. */
    private static final String KIND = "dataset/1";

    ImportPlan {
        parts = List.copyOf(parts);
    }

    /**
     * One dataset to be made.
     *
     * @param split {@code all}, {@code train}, {@code val} or {@code test}
     * @param name its name
     * @param recipe what determines it
     * @param id the recipe's
     */
    record Part(String split, String name, Recipe recipe, String id) {}

    static ImportPlan of(ImportRequest request, ImageSource source, Survey survey, List<Rejection> known) {
        Integer wanted = request.size();
        int size = wanted == null ? survey.canonicalSize() : wanted;
        Map<String, Object> options = new TreeMap<>();
        options.put("size", size);
        options.put("crop", request.crop());
        Split split = request.split();
        if (split != null) {
            options.put("train", split.train());
            options.put("val", split.val());
            options.put("test", split.test());
            // as text, because JSON's numbers hold no more than 53 bits
            options.put("seed", Long.toString(split.seed()));
        }
        Map<String, String> inputs = Map.of("images", survey.contentDigest(known));
        Map<String, Recipe> recipes = new LinkedHashMap<>();
        for (String part : splits(request, source)) {
            Map<String, Object> parameters = new TreeMap<>(options);
            parameters.put("split", part);
            recipes.put(part, new Recipe(KIND, parameters, inputs));
        }
        boolean several = recipes.size() > 1;
        Recipe named = several
                ? new Recipe(KIND, options, inputs)
                : recipes.values().iterator().next();
        String given = request.name();
        String base = given != null
                ? given
                : folderName(request.source()) + "-" + named.id().substring(0, 8);
        List<Part> parts = new ArrayList<>();
        recipes.forEach(
                (part, recipe) -> parts.add(new Part(part, several ? base + "-" + part : base, recipe, recipe.id())));
        return new ImportPlan(new Canonical(size, request.crop()), parts);
    }

    private static List<String> splits(ImportRequest request, ImageSource source) {
        Split split = request.split();
        String part = request.part();
        if (split != null) {
            Map<String, Double> shares = new LinkedHashMap<>();
            shares.put("train", split.train());
            shares.put("val", split.val());
            shares.put("test", split.test());
            return shares.keySet().stream()
                    .filter(name -> requireNonNull(shares.get(name)) > 0)
                    .toList();
        }
        if (!source.ownSplits()) {
            return List.of(part == null ? "all" : part);
        }
        List<String> own = List.of("train", "val", "test").stream()
                .filter(name -> source.candidates().stream().anyMatch(c -> name.equals(c.split())))
                .filter(name -> part == null || part.equals("all") || part.equals(name))
                .toList();
        if (own.isEmpty()) {
            throw new UnusableInputException(
                    "part", "\"%s\" has no image in its split \"%s\".".formatted(request.source(), part));
        }
        return own;
    }

    private static String folderName(Path source) {
        Path absolute = source.toAbsolutePath().normalize();
        String name =
                absolute.getFileName() == null ? "" : absolute.getFileName().toString();
        String plain = name.replaceFirst("\\.npz$", "")
                .replaceAll("[^A-Za-z0-9._-]+", "-")
                .replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
        return plain.isEmpty() ? "dataset" : plain.substring(0, Math.min(60, plain.length()));
    }
}
