package dev.sclera.local.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a result says to people: one line per fact, the names aligned. */
final class Lines {

    private final Map<String, String> lines = new LinkedHashMap<>();

    /** Adds a line, unless there is nothing to say. */
    Lines add(String name, @Nullable Object value) {
        if (value != null) {
            lines.put(name, value.toString());
        }
        return this;
    }

    /** Adds a figure with three decimals, unless it is not defined. */
    Lines figure(String name, @Nullable Double value) {
        return add(name, value == null ? null : "%.3f".formatted(value));
    }

    @Override
    public String toString() {
        int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        lines.forEach((name, value) -> text.append(name)
                .append(" ".repeat(width - name.length() + 2))
                .append(value)
                .append(System.lineSeparator()));
        return text.toString();
    }
}
