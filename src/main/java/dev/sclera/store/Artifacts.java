package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.telemetry.Telemetry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Optional;

/**
 * The records of the artifact contract. A record is written last, once everything it names is there, and only once: an
 * artifact without its record does not exist.
 */
@Singleton
public class Artifacts {

    private static final String JSON = "application/json";

    private final ObjectStore objects;
    private final Telemetry telemetry;

    @Inject
    public Artifacts(ObjectStore objects, Telemetry telemetry) {
        this.objects = requireNonNull(objects, "objects is null");
        this.telemetry = requireNonNull(telemetry, "telemetry is null");
    }

    /** The records of a store, of which nobody else is told. */
    public Artifacts(ObjectStore objects) {
        this(objects, Telemetry.none());
    }

    /** The objects beneath. */
    public ObjectStore objects() {
        return objects;
    }

    /**
     * The record under a key, or nothing where there is none.
     *
     * @throws CorruptArtifactException where it is not such a record
     */
    public <T extends Record> Optional<T> find(String key, Class<T> type) {
        return objects.find(key).map(json -> parse(key, json, type));
    }

    /**
     * The record under a key.
     *
     * @param field the field of the request that named the artifact, for the error's sake
     * @throws MissingArtifactException where there is none
     * @throws CorruptArtifactException where it is not such a record
     */
    public <T extends Record> T get(String field, String key, Class<T> type) {
        return find(key, type)
                .orElseThrow(() -> new MissingArtifactException(
                        field, "There is no \"%s\" in the store. Make it first, or check the name.".formatted(key)));
    }

    /**
     * Publishes a record; where another writer was first, adopts what it wrote.
     *
     * @return the record that the store holds
     */
    public <T extends Record> T publish(String key, T record) {
        byte[] written = JsonFormat.write(record);
        byte[] stored = objects.createOrAdopt(key, written, JSON);
        if (Arrays.equals(stored, written)) {
            telemetry.published(key, record);
        }
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) record.getClass();
        return parse(key, stored, type);
    }

    /** Writes a record in place of what is there; for the few that belong to users, such as a model's descriptor. */
    public <T extends Record> void replace(String key, T record) {
        objects.put(key, JsonFormat.write(record), JSON);
    }

    private static <T extends Record> T parse(String key, byte[] json, Class<T> type) {
        try {
            return JsonFormat.read(json, type);
        } catch (InvalidValueException e) {
            throw new CorruptArtifactException(
                    key,
                    "The object \"%s\" is not a record of Sclera's. %s Delete it to have it made anew, or put back what was there."
                            .formatted(key, e.getMessage()));
        }
    }
}
