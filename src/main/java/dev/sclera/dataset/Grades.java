package dev.sclera.dataset;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** The five grades of the International Clinical Diabetic Retinopathy scale, and how labels write them. */
final class Grades {

    /** How many there are: 0 none, 1 mild, 2 moderate, 3 severe, 4 proliferative. */
    static final int COUNT = 5;

    private static final Map<String, Integer> NAMES = Map.of(
            "nodr", 0,
            "mild", 1,
            "moderate", 2,
            "severe", 3,
            "proliferatedr", 4,
            "proliferativedr", 4,
            "proliferative", 4);

    private Grades() {}

    /** The grade that a number stands for, 2 and 2.0 alike, or nothing where it is not 0 to 4. */
    static OptionalInt ofNumber(String text) {
        return text.strip().matches("[0-4](\\.0+)?")
                ? OptionalInt.of(text.strip().charAt(0) - '0')
                : OptionalInt.empty();
    }

    /** The grade that a folder's name stands for: a number, or a name of the scale however it is written. */
    static OptionalInt ofFolder(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
        if (plain.matches("[0-4]")) {
            return ofNumber(plain);
        }
        return NAMES.containsKey(plain) ? OptionalInt.of(NAMES.get(plain)) : OptionalInt.empty();
    }
}
