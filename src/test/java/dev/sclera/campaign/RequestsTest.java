package dev.sclera.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.attack.CraftSpec;
import dev.sclera.attack.Crafting;
import dev.sclera.cost.Cut;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Evaluating;
import dev.sclera.evaluation.Grading;
import dev.sclera.model.Models;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.ObjectStore;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What estimates say of requests is what work really asks of the store, at most, and not far above it. */
class RequestsTest {

    private static final Set<String> READS = Set.of("get", "find", "exists");

    /** Passes on and counts. */
    private static final class Counted implements InvocationHandler {

        private final ObjectStore objects;
        private int reads;
        private int writes;

        Counted(ObjectStore objects) {
            this.objects = objects;
        }

        @Override
        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
            if (READS.contains(method.getName())) {
                reads++;
            } else {
                // listing is charged like writing
                writes++;
            }
            try {
                return method.invoke(objects, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    @Test
    void craftingAndEvaluatingAskForNoMoreThanIsReckoned(@TempDir Path folder) throws IOException {
        try (Laboratory lab = new Laboratory(folder.resolve("workspace")).furnished(folder.resolve("sources"))) {
            Counted counted = new Counted(lab.objects);
            Artifacts artifacts = new Artifacts((ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, counted));
            Models models = new Models(artifacts);
            Datasets datasets = new Datasets(artifacts);
            Perturbations perturbations = new Perturbations(artifacts);
            Grading grading = new Grading(artifacts, models, datasets, perturbations);
            Evaluating evaluating = new Evaluating(artifacts, grading);
            evaluating.evaluate(models.get("tiny-1"), datasets.get("eyes-test"), null, Progress.none());
            counted.reads = 0;
            counted.writes = 0;
            Perturbation perturbation = new Crafting(artifacts, models, datasets, perturbations, grading)
                    .craft(
                            new CraftSpec("pgd", List.of("tiny-1"), "eyes-train", Laboratory.settings(0.03, 1, 7)),
                            Progress.none());
            reckoned("crafting", counted, 3, 5);
            evaluating.evaluate(models.get("tiny-1"), datasets.get("eyes-test"), perturbation, Progress.none());
            // one shard: pixels, grades, names; its predictions, and those of the clean images
            reckoned("evaluating", counted, 3 + 2, 1);
        }
    }

    private static void reckoned(String what, Counted counted, int shardReads, int shardWrites) {
        String found = "%s: %d reads, %d writes".formatted(what, counted.reads, counted.writes);
        int reads = (int) Cut.READS_AT_START + shardReads;
        int writes = (int) Cut.WRITES + shardWrites;
        assertThat(counted.reads).as(found).isBetween(reads / 2, reads);
        assertThat(counted.writes).as(found).isBetween(writes / 2, writes);
        counted.reads = 0;
        counted.writes = 0;
    }
}
