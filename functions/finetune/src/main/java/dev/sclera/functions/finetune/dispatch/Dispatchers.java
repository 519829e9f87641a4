package dev.sclera.functions.finetune.dispatch;

import static java.util.Objects.requireNonNull;

import dev.sclera.defense.JobDispatcher;
import dev.sclera.problem.InvalidValueException;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The dispatchers of this process. */
@Singleton
public class Dispatchers {

    private final FinetuneConfig config;
    private final List<JobDispatcher> all;

    @Inject
    public Dispatchers(FinetuneConfig config, @Any Instance<JobDispatcher> all) {
        this(config, all.stream().toList());
    }

    Dispatchers(FinetuneConfig config, List<JobDispatcher> all) {
        this.config = requireNonNull(config, "config is null");
        this.all =
                all.stream().sorted(Comparator.comparing(JobDispatcher::name)).toList();
    }

    /**
     * A dispatcher.
     *
     * @param said its name; null for the one that the configuration names
     * @throws InvalidValueException where there is none of that name
     */
    public JobDispatcher named(@Nullable String said) {
        String name = said == null ? config.dispatcher() : said;
        return all.stream()
                .filter(dispatcher -> dispatcher.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(
                        said == null ? "sclera.finetune.dispatcher" : "dispatcher",
                        name,
                        all.stream().map(JobDispatcher::name).collect(Collectors.joining(", "))));
    }
}
