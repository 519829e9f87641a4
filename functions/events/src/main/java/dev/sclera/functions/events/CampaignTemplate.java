package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sclera.campaign.CampaignSpec;
import dev.sclera.events.Envelopes;
import dev.sclera.functions.campaign.CampaignRequest;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.ObjectStore;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What is asked of every model that is uploaded. */
@Singleton
public class CampaignTemplate {

    private static final String WANTED =
            "a JSON object of the fields of a campaign without \"models\": at least dataset (or train and test), attacks and epsilon";

    private final UploadConfig config;
    private final ObjectStore objects;

    public CampaignTemplate(UploadConfig config, ObjectStore objects) {
        this.config = requireNonNull(config, "config is null");
        this.objects = requireNonNull(objects, "objects is null");
    }

    /** The template as JSON: what the configuration says, or else the object of the store; or nothing. */
    public Optional<String> said() {
        return config.template()
                .or(() -> objects.find(config.templateKey()).map(json -> new String(json, StandardCharsets.UTF_8)));
    }

    /**
     * The campaign of a model; nothing where there is no template.
     *
     * @throws InvalidValueException where the template makes no campaign
     */
    public Optional<CampaignSpec> of(String model) {
        return said().map(json -> of(model, json));
    }

    private static CampaignSpec of(String model, String json) {
        JsonNode template = Envelopes.parse(json);
        if (!(template instanceof ObjectNode fields) || fields.has("models")) {
            throw new InvalidValueException("sclera.upload.template", json, WANTED);
        }
        fields.putArray("models").add(model);
        return JsonFormat.read(JsonFormat.write(fields), CampaignRequest.class).spec();
    }
}
