package dev.sclera.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.store.embedded.Workspace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Leases through a real S3, by a clock that is made up. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeasesTest {

    private static final Duration TERM = Duration.ofMinutes(2);

    private final MadeUpClock clock = new MadeUpClock();
    private Workspace workspace;
    private S3ObjectStore objects;
    private Leases leases;

    @BeforeAll
    void open(@TempDir Path folder) {
        workspace = Workspace.open(folder, 0);
        objects = workspace.objects();
        leases = new Leases(objects, clock);
    }

    @AfterAll
    void close() {
        objects.close();
        workspace.close();
    }

    @Test
    void ofManyAtOnceOneHasIt() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 10; round++) {
                String work = "work/many-" + round;
                List<Future<Leases.Answer>> asked =
                        pool.invokeAll(Collections.<Callable<Leases.Answer>>nCopies(8, () -> leases.take(work, TERM)));
                List<Leases.Answer> answers = new ArrayList<>();
                for (Future<Leases.Answer> one : asked) {
                    answers.add(one.get());
                }
                assertThat(answers).filteredOn(Lease.class::isInstance).hasSize(1);
                assertThat(answers).filteredOn(Leases.Held.class::isInstance).hasSize(7);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whatIsGivenBackIsHadAtOnceAndWhatIsDoneLeavesNothing() {
        try (Lease first = taken("work/back")) {
            assertThat(leases.take("work/back", TERM)).isInstanceOf(Leases.Held.class);
            assertThat(first.renew(TERM)).isTrue();
        }
        try (Lease second = taken("work/back")) {
            second.done();
        }
        assertThat(objects.list("work/back/")).isEmpty();
    }

    @Test
    void anOwnerThatIsSilentLosesItAfterItsTimeAndTheSkewAndNotBefore() {
        Lease dead = taken("work/dead");
        clock.goOn(TERM.plus(Leases.SKEW).minusMillis(1));
        assertThat(leases.take("work/dead", TERM)).isInstanceOf(Leases.Held.class);
        clock.goOn(Duration.ofMillis(1));
        try (Lease other = taken("work/dead")) {
            assertThat(dead.renew(TERM)).isFalse();
            // what the dead one does on its way out takes nothing from the other
            dead.close();
            assertThat(leases.take("work/dead", TERM)).isInstanceOf(Leases.Held.class);
            assertThat(other.renew(TERM)).isTrue();
        }
    }

    @Test
    void anOwnerThatRenewsKeepsIt() {
        try (Lease owner = taken("work/long")) {
            for (int i = 0; i < 10; i++) {
                clock.goOn(TERM.dividedBy(2));
                assertThat(owner.renew(TERM)).isTrue();
                assertThat(leases.take("work/long", TERM)).isInstanceOf(Leases.Held.class);
            }
        }
    }

    /** An owner that was killed while it wrote; by the store's clock, for what it meant nobody can tell. */
    @Test
    void oneThatNobodyCanReadIsSomebodysForAMomentAndThenHadByWhoeverAsks() {
        objects.put("work/torn/00000001.json", new byte[0], "application/json");
        Leases now = new Leases(objects, Clock.systemUTC());
        assertThat(now.take("work/torn", TERM)).isInstanceOf(Leases.Held.class);
        Leases later = new Leases(objects, Clock.offset(Clock.systemUTC(), Leases.SKEW.plusSeconds(2)));
        assertThat(later.take("work/torn", TERM)).isInstanceOf(Lease.class);
        assertThat(objects.list("work/torn/")).hasSize(2);
    }

    @Test
    void oneThatLastsUntilAKnownEndIsNotWrittenAgain() {
        try (Lease owner = taken("work/end")) {
            String etag = objects.state(objects.list("work/end/").get(0))
                    .orElseThrow()
                    .etag();
            clock.goOn(TERM.dividedBy(2));
            assertThat(owner.renew(TERM.dividedBy(2))).isTrue();
            assertThat(objects.state(objects.list("work/end/").get(0))
                            .orElseThrow()
                            .etag())
                    .isEqualTo(etag);
        }
    }

    private Lease taken(String work) {
        return (Lease) leases.take(work, TERM);
    }
}
