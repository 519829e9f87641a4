package dev.sclera.infra;

import dev.sclera.functions.campaign.CampaignConfig;
import dev.sclera.functions.events.UploadConfig;
import dev.sclera.functions.events.bus.EventsConfig;
import dev.sclera.functions.finetune.dispatch.FinetuneConfig;
import dev.sclera.functions.lambda.LambdaConfig;
import dev.sclera.model.ComputeConfig;
import dev.sclera.store.CacheConfig;
import dev.sclera.store.StoreConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The environment variables that each function, and the job program, reads: those of its configuration mappings. */
final class Variables {

    private static final Set<String> ON_A_BUS = Set.of(
            "campaign-start",
            "uploaded",
            "campaign-step",
            "campaign-advance",
            "campaign-given-up",
            "finetune-ended",
            "finetune-watch");

    private static final List<String> FUNCTIONS = List.of(
            "grade",
            "craft",
            "perturb",
            "evaluate",
            "report",
            "campaign",
            "campaign-start",
            "campaign-status",
            "finetune",
            "finetune-status",
            "uploaded",
            "campaign-step",
            "campaign-advance",
            "campaign-given-up",
            "finetune-ended",
            "finetune-watch");

    private Variables() {}

    /** The mappings that are read, by who reads them. */
    static Map<String, List<Class<?>>> readers() {
        Map<String, List<Class<?>>> readers = new TreeMap<>();
        for (String function : FUNCTIONS) {
            List<Class<?>> mappings = new ArrayList<>(
                    List.of(StoreConfig.class, ComputeConfig.class, CacheConfig.class, LambdaConfig.class));
            if (Set.of("campaign", "campaign-step", "finetune-watch").contains(function)) {
                mappings.add(CampaignConfig.class);
            }
            if (ON_A_BUS.contains(function)) {
                mappings.add(EventsConfig.class);
                mappings.add(UploadConfig.class);
            }
            if (function.startsWith("finetune") || function.equals("campaign-step")) {
                mappings.add(FinetuneConfig.class);
            }
            readers.put(function, mappings);
        }
        readers.put("job", List.of(StoreConfig.class, ComputeConfig.class, jobConfig()));
        return readers;
    }

    static Set<String> of(List<Class<?>> mappings) {
        Set<String> names = new TreeSet<>();
        mappings.forEach(mapping ->
                collect(mapping, mapping.getAnnotation(ConfigMapping.class).prefix(), names));
        return names;
    }

    /** It is the program's own. */
    private static Class<?> jobConfig() {
        try {
            return Class.forName("dev.sclera.job.JobConfig");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void collect(Class<?> mapping, String prefix, Set<String> names) {
        for (Method method : mapping.getDeclaredMethods()) {
            if (method.isSynthetic()) {
                continue;
            }
            WithName named = method.getAnnotation(WithName.class);
            String own = named == null
                    ? method.getName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT)
                    : named.value();
            String property = method.isAnnotationPresent(WithParentName.class) ? prefix : prefix + "." + own;
            if (method.getReturnType().isInterface()) {
                collect(method.getReturnType(), property, names);
            } else {
                names.add(property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
            }
        }
    }
}
