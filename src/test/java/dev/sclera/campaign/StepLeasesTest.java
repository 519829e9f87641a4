package dev.sclera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.campaign.StepwiseCampaigns.Outcome;
import dev.sclera.progress.HeldElsewhereException;
import dev.sclera.progress.Progress;
import dev.sclera.progress.WorkInterruptedException;
import dev.sclera.store.Keys;
import dev.sclera.store.Leases;
import dev.sclera.store.MadeUpClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that are called for one step, on one real S3. */
class StepLeasesTest {

    private static final Duration TERM = Duration.ofMinutes(2);

    private final MadeUpClock clock = new MadeUpClock();
    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    private EventLaboratory place;
    private StepwiseCampaigns one;
    private StepwiseCampaigns other;
    private String id;
    private String step;

    @BeforeEach
    void submit(@TempDir Path folder) throws Exception {
        place = new EventLaboratory(folder.resolve("workspace"), folder.resolve("sources"));
        one = place.another(() -> TERM, clock);
        other = place.another(() -> TERM, clock);
        StepPlan plan = one.submit(EventLaboratory.spec("tiny-1"));
        id = plan.id();
        step = plan.steps().stream()
                .filter(item -> item.stage() == Plan.Stage.CRAFT && item.gradients() > 0)
                .findFirst()
                .orElseThrow()
                .id();
    }

    @AfterEach
    void close() {
        pool.shutdownNow();
        place.close();
    }

    /**
     * Counts what it is told, and stops at the second mark until it is let go on: the first is what was done before.
     */
    private static final class Watched implements Progress {

        private final AtomicLong marks = new AtomicLong();
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch goOn;

        Watched(int closed) {
            goOn = new CountDownLatch(closed);
        }

        @Override
        public Task start(String name, long total) {
            return new Task() {

                @Override
                public void advance(long units) {
                    if (marks.incrementAndGet() == 2) {
                        reached.countDown();
                        try {
                            goOn.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void whereOneIsAtAStepAnotherDoesNothing() throws Exception {
        Watched crafting = new Watched(1);
        Future<Outcome> first = pool.submit(() -> one.run(id, step, crafting));
        assertThat(crafting.reached.await(1, TimeUnit.MINUTES)).isTrue();
        Map<String, byte[]> before = place.contents();

        Watched idle = new Watched(0);
        assertThatThrownBy(() -> other.run(id, step, idle))
                .isInstanceOfSatisfying(
                        HeldElsewhereException.class,
                        held -> assertThat(held.until())
                                .isEqualTo(clock.instant().plus(TERM).plus(Leases.SKEW)));
        assertThat(idle.marks).hasValue(0);
        assertThat(place.contents().keySet()).isEqualTo(before.keySet());

        crafting.goOn.countDown();
        assertThat(first.get(2, TimeUnit.MINUTES)).isEqualTo(Outcome.DONE);
        assertThat(other.run(id, step, idle)).isEqualTo(Outcome.DONE_BEFORE);
        assertThat(idle.marks).hasValue(0);
        assertThat(place.laboratory.perturbations.ids()).hasSize(1);
        assertThat(place.laboratory.objects.list(Keys.campaignFile(id, "leases/")))
                .isEmpty();
    }

    @Test
    void anOwnerThatIsSilentIsTakenOverFromAndStopsWhenItFindsOut() throws Exception {
        Watched silent = new Watched(1);
        Future<Outcome> first = pool.submit(() -> one.run(id, step, silent));
        assertThat(silent.reached.await(1, TimeUnit.MINUTES)).isTrue();

        clock.goOn(TERM);
        assertThatThrownBy(() -> other.run(id, step, Progress.none())).isInstanceOf(HeldElsewhereException.class);
        clock.goOn(Leases.SKEW);
        Watched second = new Watched(1);
        ExecutorService another = Executors.newSingleThreadExecutor();
        try {
            Future<Outcome> over = another.submit(() -> other.run(id, step, second));
            assertThat(second.reached.await(1, TimeUnit.MINUTES)).isTrue();
            silent.goOn.countDown();
            assertThatThrownBy(() -> first.get(1, TimeUnit.MINUTES))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(HeldElsewhereException.class);
            second.goOn.countDown();
            assertThat(over.get(2, TimeUnit.MINUTES)).isEqualTo(Outcome.DONE);
        } finally {
            another.shutdownNow();
        }
        assertThat(place.laboratory.perturbations.ids()).hasSize(1);
    }

    @Test
    void whoMakesProgressKeepsItsStepHoweverLongThatTakes() {
        Progress slow = (name, total) -> new Progress.Task() {

            @Override
            public void advance(long units) {
                clock.goOn(TERM.dividedBy(2));
                assertThatThrownBy(() -> other.run(id, step, Progress.none()))
                        .isInstanceOf(HeldElsewhereException.class);
            }

            @Override
            public void close() {}
        };
        assertThat(one.run(id, step, slow)).isEqualTo(Outcome.DONE);
    }

    @Test
    void whoEndsEarlyGivesItsStepBackAtOnce() {
        Progress interrupted = (name, total) -> {
            throw new WorkInterruptedException("The time is up.");
        };
        assertThatThrownBy(() -> one.run(id, step, interrupted)).isInstanceOf(WorkInterruptedException.class);
        Progress failing = (name, total) -> {
            throw new IllegalStateException("a fault");
        };
        assertThatThrownBy(() -> other.run(id, step, failing)).isInstanceOf(IllegalStateException.class);
        assertThat(one.run(id, step, Progress.none())).isEqualTo(Outcome.DONE);
    }
}
