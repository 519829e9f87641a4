package dev.sclera.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.attack.CraftSpec;
import dev.sclera.progress.InterruptibleProgress;
import dev.sclera.progress.Interruption;
import dev.sclera.progress.Progress;
import dev.sclera.progress.WorkInterruptedException;
import dev.sclera.store.Keys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work whose time is up saves itself, and goes on as if it had not been interrupted. */
class InterruptedCampaignTest {

    /** More than a step of a campaign takes that cannot be saved on the way, and far less than a campaign. */
    private static final int STEPS = 30;

    @TempDir
    Path folder;

    @Test
    void aCampaignThatIsInterruptedAgainAndAgainEndsWithTheSameBytes() throws IOException {
        try (Laboratory whole = laboratory("whole");
                Laboratory often = laboratory("often")) {
            Campaign undisturbed = whole.campaigns.run(spec(), Progress.none());
            Optional<Campaign> done = Optional.empty();
            int asked = 0;
            while (done.isEmpty() && asked < 200) {
                asked++;
                done = often.campaigns.run(spec(), null, interruptedAfter(STEPS));
            }
            assertThat(asked).as("how often it was asked").isGreaterThan(2);
            assertThat(done.orElseThrow().perturbations()).isEqualTo(undisturbed.perturbations());
            assertThat(done.orElseThrow().report()).isEqualTo(undisturbed.report());
            Map<String, byte[]> expected = whole.contents();
            Map<String, byte[]> found = often.contents();
            assertThat(found.keySet()).isEqualTo(expected.keySet());
            assertThat(found).allSatisfy((key, body) -> {
                if (key.endsWith(".npy") || key.endsWith(".onnx") || key.endsWith(".jsonl") || key.endsWith(".png")) {
                    if (!key.endsWith("/log.jsonl")) {
                        assertThat(body).as(key).isEqualTo(expected.get(key));
                    }
                }
            });
        }
    }

    @Test
    void aCraftThatIsInterruptedSavesWhereItIs() throws IOException {
        try (Laboratory whole = laboratory("whole");
                Laboratory often = laboratory("often")) {
            CraftSpec spec = new CraftSpec("pgd", List.of("tiny-1"), "eyes-train", Laboratory.settings(0.1, 40, 1));
            String id = whole.crafting.craft(spec, Progress.none()).id();
            int saved = 0;
            int asked = 0;
            boolean done = false;
            while (!done && asked++ < 100) {
                try {
                    done = often.crafting
                            .craft(spec, interruptedAfter(STEPS))
                            .id()
                            .equals(id);
                } catch (WorkInterruptedException e) {
                    assertThat(e).hasMessageContaining("Ask again");
                    saved += often.objects.exists(Keys.perturbationFile(id, "checkpoint.bin")) ? 1 : 0;
                }
            }
            assertThat(done).isTrue();
            assertThat(saved).as("how often it was saved").isPositive();
            String delta = Keys.perturbationFile(id, "delta.npy");
            assertThat(often.objects.get(delta)).isEqualTo(whole.objects.get(delta));
            assertThat(often.objects.exists(Keys.perturbationFile(id, "checkpoint.bin")))
                    .isFalse();
        }
    }

    private Laboratory laboratory(String name) throws IOException {
        return new Laboratory(folder.resolve(name)).furnished(folder.resolve(name + "-sources"));
    }

    private static CampaignSpec spec() {
        Repair repair = RepairCampaignTest.spec(List.of("pgd"), List.of("pgd")).repair();
        return new CampaignSpec(
                List.of("tiny-1"),
                "eyes-train",
                "eyes-test",
                List.of("pgd", "random"),
                Laboratory.settings(16 / 255.0, 4, 7),
                repair,
                null);
    }

    private static Progress interruptedAfter(int steps) {
        AtomicInteger left = new AtomicInteger(steps);
        Interruption interruption = () -> left.decrementAndGet() < 0;
        return new InterruptibleProgress(Progress.none(), interruption);
    }
}
