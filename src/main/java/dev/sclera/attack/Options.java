package dev.sclera.attack;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What can be set of one attack alone, with the values that were set. */
public final class Options {

    private static final Options NONE = new Options(List.of(), Map.of());

    private final List<Option> declared;
    private final Map<String, Object> values;

    private Options(List<Option> declared, Map<String, Object> values) {
        this.declared = List.copyOf(declared);
        this.values = Map.copyOf(values);
    }

    /** One thing that can be set. */
    public sealed interface Option {

        /** Its name, for example {@code confidence}. */
        String name();

        /** What it is for, one sentence. */
        String description();

        /** Its value where nobody says: a double or a string. */
        Object fallback();

        /** The allowed values in words. */
        String allowed();

        /** The value that is meant. */
        Object parse(String said);
    }

    /** A number from least to most. */
    record Number(String name, String description, double preset, double least, double most) implements Option {

        @Override
        public Object fallback() {
            return preset;
        }

        @Override
        public String allowed() {
            return "%s to %s".formatted(plain(least), plain(most));
        }

        @Override
        public Object parse(String said) {
            try {
                double value = Double.parseDouble(said.strip());
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // no number is as wrong as one out of range
            }
            throw new InvalidValueException(name, said, allowed());
        }

        private static String plain(double value) {
            return value == Math.rint(value) && Math.abs(value) < 1e15
                    ? Long.toString((long) value)
                    : Double.toString(value);
        }
    }

    /** One of several words. */
    record Choice(String name, String description, String preset, List<String> words) implements Option {

        @Override
        public Object fallback() {
            return preset;
        }

        @Override
        public String allowed() {
            return String.join(", ", words);
        }

        @Override
        public Object parse(String said) {
            if (!words.contains(said)) {
                throw new InvalidValueException(name, said, allowed());
            }
            return said;
        }
    }

    static Options none() {
        return NONE;
    }

    /** Options at their defaults. */
    static Options of(Option... declared) {
        Map<String, Object> values = new TreeMap<>();
        for (Option option : declared) {
            values.put(option.name(), option.fallback());
        }
        return new Options(List.of(declared), values);
    }

    /** What can be set. */
    public List<Option> declared() {
        return declared;
    }

    /**
     * These options with some values set.
     *
     * @param attack whose options they are, for the message
     * @param said values by name
     * @throws InvalidValueException where a name is not declared, or a value not allowed
     */
    Options with(String attack, Map<String, String> said) {
        Map<String, Object> set = new TreeMap<>(values);
        said.forEach((name, value) -> {
            Option option = declared.stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new InvalidValueException("options", name, names(attack)));
            set.put(name, option.parse(value));
        });
        return new Options(declared, set);
    }

    private String names(String attack) {
        return declared.isEmpty()
                ? "nothing, for \"%s\" has no options of its own".formatted(attack)
                : "of \"%s\": %s"
                        .formatted(attack, declared.stream().map(Option::name).collect(Collectors.joining(", ")));
    }

    double number(String name) {
        return (Double) requireNonNull(values.get(name), name);
    }

    int whole(String name) {
        return (int) Math.round(number(name));
    }

    String choice(String name) {
        return (String) requireNonNull(values.get(name), name);
    }

    /** All values by name, for a recipe. */
    Map<String, Object> values() {
        return new TreeMap<>(values);
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(values).forEach((name, value) -> parts.add(name + "=" + value));
        return String.join(", ", parts);
    }
}
