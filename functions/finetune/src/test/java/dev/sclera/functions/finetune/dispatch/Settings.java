package dev.sclera.functions.finetune.dispatch;

import dev.sclera.defense.FinetuneJob;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.store.Recipe;
import dev.sclera.store.StoreConfig;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;

/** A configuration as an application reads it, and a job. */
final class Settings {

    private final SmallRyeConfig config;

    Settings(Map<String, String> said) {
        config = new SmallRyeConfigBuilder()
                .withMapping(FinetuneConfig.class)
                .withMapping(StoreConfig.class)
                .withDefaultValues(said)
                .build();
    }

    FinetuneConfig finetune() {
        return config.getConfigMapping(FinetuneConfig.class);
    }

    StoreConfig store() {
        return config.getConfigMapping(StoreConfig.class);
    }

    static FinetuneJob job(String model) {
        Recipe recipe = new Recipe("finetune/1", Map.of("seed", 0), Map.of("model", model));
        return new FinetuneJob(
                FinetuneJob.SCHEMA,
                recipe.id(),
                FinetuneSpec.of(model, "d", List.of("3f9a41")),
                model + "-repaired",
                recipe);
    }
}
