package dev.sclera.functions.finetune.dispatch;

import dev.sclera.defense.FinetuneJob;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.S3Access;
import dev.sclera.store.StoreConfig;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the job program is told in its environment. No credentials: a queue's and a cluster's jobs have a role or a
 * secret of their own.
 */
final class JobEnvironment {

    private JobEnvironment() {}

    /**
     * The variables by name.
     *
     * @param tell where the job tells its end; null where somebody else does
     * @throws InvalidValueException where the configuration names no bucket that a job elsewhere could reach
     */
    static Map<String, String> of(FinetuneJob job, StoreConfig store, @Nullable URI tell) {
        S3Access access = S3Access.of(store);
        Map<String, String> variables = new TreeMap<>();
        variables.put("SCLERA_JOB_ID", job.id());
        variables.put("SCLERA_STORE_BUCKET", access.bucket());
        variables.put("SCLERA_STORE_REGION", access.region());
        store.endpoint().ifPresent(endpoint -> variables.put("SCLERA_STORE_ENDPOINT", endpoint.toString()));
        if (tell != null) {
            variables.put("SCLERA_JOB_TELL", tell.toString());
        }
        return variables;
    }

    /** What the configuration must say. */
    static String required(Optional<String> said, String key, String what) {
        return said.orElseThrow(() -> new InvalidValueException(
                key,
                "none",
                "%s, for example in the environment variable %s"
                        .formatted(what, key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))));
    }
}
