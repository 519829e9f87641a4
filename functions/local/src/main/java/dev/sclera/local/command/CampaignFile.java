package dev.sclera.local.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sclera.functions.campaign.CampaignRequest;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A campaign as people write it down: YAML, or JSON, which is YAML too. */
final class CampaignFile {

    private CampaignFile() {}

    /** @throws UnusableInputException where the file cannot be read, or is no campaign */
    static CampaignRequest read(Path file) {
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
        if (!(said instanceof Map)) {
            throw new UnusableInputException(
                    "spec",
                    "The file \"%s\" holds no fields. A campaign says at least: models, train and test (or dataset), attacks, epsilon."
                            .formatted(file));
        }
        return JsonFormat.read(JsonFormat.write(said), CampaignRequest.class);
    }
}
