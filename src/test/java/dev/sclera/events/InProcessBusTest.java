package dev.sclera.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.StorageException;
import dev.sclera.progress.HeldElsewhereException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.S3ObjectStore;
import dev.sclera.store.embedded.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bus within a process, with a real store for what it cannot deliver. */
class InProcessBusTest {

    private static final String TYPE = "dev.sclera.test";

    @TempDir
    Path folder;

    private Workspace workspace;
    private S3ObjectStore objects;
    private DeadLetters letters;

    @BeforeEach
    void open() {
        workspace = Workspace.open(folder, 0);
        objects = workspace.objects();
        letters = new DeadLetters(new Artifacts(objects));
    }

    @AfterEach
    void close() {
        objects.close();
        workspace.close();
    }

    private InProcessBus bus(int capacity, Consumer<Event> handler) {
        return new InProcessBus(
                Map.of(TYPE, handler), letters, new InProcessBus.Settings(2, capacity, 4, Duration.ofMillis(5)));
    }

    private static Event event(int number) {
        return Event.now(TYPE, "subject", Map.of("number", number));
    }

    @Test
    void whatFailsIsTriedAgainUntilItSucceeds() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        try (InProcessBus bus = bus(10, event -> {
            if (tries.incrementAndGet() < 4) {
                throw new StorageException("The store is away.", new IllegalStateException());
            }
        })) {
            bus.publish(event(1));
            bus.awaitIdle();
        }
        assertThat(tries).hasValue(4);
        assertThat(letters.all()).isEmpty();
    }

    @Test
    void whatFailsTooOftenIsKeptWithItsErrorAndCanComeBack() throws InterruptedException {
        Event event = event(1);
        AtomicInteger tries = new AtomicInteger();
        try (InProcessBus bus = bus(10, each -> {
            if (tries.incrementAndGet() <= 4) {
                throw new IllegalStateException("broken");
            }
        })) {
            bus.publish(event);
            bus.awaitIdle();
            assertThat(letters.all()).singleElement().satisfies(letter -> {
                assertThat(letter.event()).isEqualTo(event);
                assertThat(letter.attempts()).isEqualTo(4);
                assertThat(letter.error()).isEqualTo(new DeadLetter.Fault("internal", "broken"));
            });
            assertThat(objects.list("dead-letters/")).containsExactly("dead-letters/" + event.id() + ".json");
            DeadLetter letter = letters.all().get(0);
            bus.publish(letter.event());
            letters.forget(letter);
            bus.awaitIdle();
        }
        assertThat(tries).hasValue(5);
        assertThat(letters.all()).isEmpty();
    }

    @Test
    void whatCanOnlyFailAgainIsTriedOnce() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        try (InProcessBus bus = bus(10, event -> {
            tries.incrementAndGet();
            throw new InvalidValueException("step", "x", "a step");
        })) {
            bus.publish(event(1));
            bus.awaitIdle();
        }
        assertThat(tries).hasValue(1);
        assertThat(letters.all())
                .singleElement()
                .satisfies(letter -> assertThat(letter.error().type()).isEqualTo("invalid-value"));
    }

    @Test
    void whatSomebodyElseIsAtComesAgainHoweverOftenAndIsNoFailure() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        try (InProcessBus bus = bus(10, event -> {
            if (tries.incrementAndGet() < 10) {
                throw new HeldElsewhereException("the step", Instant.now().plusMillis(20));
            }
        })) {
            bus.publish(event(1));
            bus.awaitIdle();
        }
        assertThat(tries).hasValue(10);
        assertThat(letters.all()).isEmpty();
    }

    @Test
    void aLetterThatFailedAnewIsNotForgotten() {
        letters.keep(event(1), new DeadLetter.Fault("internal", "first"), 4);
        DeadLetter first = letters.all().get(0);
        letters.keep(event(1), new DeadLetter.Fault("internal", "second"), 4);
        letters.forget(first);
        assertThat(letters.all()).hasSize(1);
    }

    @Test
    void whatIsTooMuchIsRefusedFromElsewhereAndTakenFromHandlers() throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(1);
        AtomicInteger dealt = new AtomicInteger();
        InProcessBus[] own = new InProcessBus[1];
        try (InProcessBus bus = bus(2, event -> {
            await(hold);
            if (dealt.incrementAndGet() == 1) {
                for (int i = 10; i < 20; i++) {
                    own[0].publish(event(i));
                }
            }
        })) {
            own[0] = bus;
            bus.publish(event(1));
            bus.publish(event(2));
            assertThatThrownBy(() -> bus.publish(event(3))).isInstanceOf(StorageException.class);
            hold.countDown();
            bus.awaitIdle();
        }
        assertThat(dealt).hasValue(12);
    }

    @Test
    void anEventThatWaitsAlreadyIsNotTakenTwice() throws InterruptedException {
        AtomicInteger dealt = new AtomicInteger();
        try (InProcessBus bus = bus(10, event -> dealt.incrementAndGet())) {
            for (int i = 0; i < 5; i++) {
                bus.publish(event(1), Duration.ofMillis(200));
            }
            bus.awaitIdle();
        }
        assertThat(dealt).hasValue(1);
    }

    @Test
    void whatWaitsWhenTheProcessEndsIsKept() {
        try (InProcessBus bus = bus(10, event -> {})) {
            bus.publish(event(1), Duration.ofHours(1));
        }
        assertThat(letters.all())
                .singleElement()
                .satisfies(letter -> assertThat(letter.error().type()).isEqualTo(DeadLetter.CUT_OFF));
    }

    @Test
    void eventsOfOneCauseHaveOneId() {
        assertThat(List.of(event(1).id(), event(2).id()))
                .containsExactly(event(1).id(), event(2).id())
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9a-f]{32}"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
