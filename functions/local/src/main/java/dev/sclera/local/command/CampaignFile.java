package dev.sclera.local.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sclera.functions.campaign.CampaignRequest;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A campaign as people write it down: YAML, or JSON, which is YAML too. */
final class CampaignFile {

    private CampaignFile() {}

    /** @throws UnusableInputException where the file cannot be read, or is no campaign */
    static CampaignRequest read(Path file) {
        return JsonFormat.read(JsonFormat.write(fields(file)), CampaignRequest.class);
    }

    /**
     * A campaign that names no models, as JSON.
     *
     * @throws UnusableInputException where the file cannot be read, or is no campaign
     * @throws InvalidValueException where it names models, or asks for something that there is not
     */
    static String template(Path file) {
        Map<String, Object> fields = new TreeMap<>();
        fields(file).forEach((name, value) -> fields.put(name.toString(), value));
        if (fields.containsKey("models")) {
            throw new InvalidValueException(
                    "models", fields.get("models"), "none, for the model is the one that is uploaded");
        }
        String json = JsonFormat.line(fields);
        fields.put("models", List.of("uploaded"));
        JsonFormat.read(JsonFormat.write(fields), CampaignRequest.class).spec().crafts();
        return json;
    }

    private static Map<?, ?> fields(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UnusableInputException(
                    "spec", "The file \"%s\" cannot be read: %s.".formatted(file, e.getMessage()), e);
        }
        Object said;
        try {
            said = new YAMLMapper().readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw new UnusableInputException(
                    "spec", "The file \"%s\" is no YAML: %s".formatted(file, e.getOriginalMessage()), e);
        }
        if (!(said instanceof Map<?, ?> fields)) {
            throw new UnusableInputException(
                    "spec",
                    "The file \"%s\" holds no fields. A campaign says at least: models, train and test (or dataset), attacks, epsilon."
                            .formatted(file));
        }
        return fields;
    }
}
