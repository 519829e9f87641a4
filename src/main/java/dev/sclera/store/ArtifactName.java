package dev.sclera.store;

import dev.sclera.problem.InvalidValueException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names that users give to models and datasets; they become parts of keys. */
public final class ArtifactName {

    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");

    private ArtifactName() {}

    /**
     * Checks a name before it becomes part of a key.
     *
     * @param field the field of the request that holds it
     * @return the name
     * @throws InvalidValueException where it is not allowed
     */
    public static String check(String field, @Nullable String name) {
        if (name == null || !ALLOWED.matcher(name).matches() || name.contains("..")) {
            throw new InvalidValueException(
                    field,
                    name == null ? "none" : name,
                    "up to 100 lower-case letters, digits, dots, hyphens and underscores, the first a letter or a digit");
        }
        return name;
    }

    /**
     * The name in what a request says: a plain name, or the key of an artifact that has one, for example
     * {@code resnet18} or {@code models/resnet18/model.onnx}.
     *
     * @param field the field of the request
     * @param folder the first part of such keys, for example {@code models}
     * @throws InvalidValueException where it is neither
     */
    public static String of(String field, String folder, @Nullable String said) {
        if (said == null) {
            return check(field, null);
        }
        Matcher key = Pattern.compile(Pattern.quote(folder) + "/([^/]+)/[^/]+").matcher(said);
        return check(field, key.matches() ? key.group(1) : said);
    }
}
