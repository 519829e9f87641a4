package dev.sclera.local.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sclera.cost.Prices;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.JsonFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prices as they are written down: those that come along, with a user's in their places. */
final class PriceFile {

    private static final String DEFAULTS = "/dev/sclera/local/prices.yaml";

    private PriceFile() {}

    /**
     * The prices.
     *
     * @param own the file that says others; null for none
     * @throws UnusableInputException where it cannot be read
     */
    static Prices read(@Nullable Path own) {
        Map<String, Object> prices = new LinkedHashMap<>(parse(DEFAULTS, defaults()));
        if (own != null) {
            prices.putAll(parse(own.toString(), text(own)));
        }
        return JsonFormat.read(JsonFormat.write(prices), Prices.class);
    }

    private static String defaults() {
        try (InputStream resource = PriceFile.class.getResourceAsStream(DEFAULTS)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the prices that come along cannot be read", e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UnusableInputException(
                    "prices", "The file \"%s\" cannot be read: %s.".formatted(file, e.getMessage()), e);
        }
    }

    private static Map<String, Object> parse(String name, String text) {
        try {
            Object said = new YAMLMapper().readValue(text, Object.class);
            if (said instanceof Map<?, ?> fields) {
                Map<String, Object> prices = new LinkedHashMap<>();
                fields.forEach((field, value) -> prices.put(field.toString(), value));
                return prices;
            }
        } catch (JsonProcessingException e) {
            throw new UnusableInputException(
                    "prices", "The file \"%s\" is no YAML: %s".formatted(name, e.getOriginalMessage()), e);
        }
        throw new UnusableInputException("prices", "The file \"%s\" holds no prices.".formatted(name));
    }
}
