package dev.sclera.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.problem.UnusableInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MeanwhileTest {

    @Test
    void whoAskedGoesOnUntilTheResultIsWanted() {
        CountDownLatch goneOn = new CountDownLatch(1);
        Meanwhile<String, InterruptedException> work = Meanwhile.of(() -> {
            goneOn.await();
            return "done";
        });
        goneOn.countDown();
        assertThat(resultOf(work)).isEqualTo("done");
    }

    @Test
    void failuresAreThrownAsTheyWere() {
        IOException checked = new IOException("checked");
        assertThatThrownBy(Meanwhile.of(() -> {
                    throw checked;
                })::result)
                .isSameAs(checked);
        UnusableInputException unchecked = new UnusableInputException("model", "It is none.");
        assertThatThrownBy(Meanwhile.of(() -> {
                    throw unchecked;
                })::result)
                .isSameAs(unchecked);
        AssertionError error = new AssertionError("error");
        assertThatThrownBy(Meanwhile.of(() -> {
                    throw error;
                })::result)
                .isSameAs(error);
    }

    @Test
    void aThreadThatIsInterruptedGetsTheResultAllTheSame() {
        Thread asking = Thread.currentThread();
        Meanwhile<String, InterruptedException> work = Meanwhile.of(() -> {
            while (asking.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
            return "opened";
        });
        asking.interrupt();
        assertThat(resultOf(work)).isEqualTo("opened");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void onlyWhatCameOfItIsDisposedOf() {
        List<String> disposed = new ArrayList<>();
        Meanwhile.of(() -> "made").dispose(disposed::add);
        Meanwhile.<String, IOException>of(() -> {
                    throw new IOException("nothing came of it");
                })
                .dispose(disposed::add);
        assertThat(disposed).containsExactly("made");
    }

    @Test
    void aFailureAmongOthersIsThrownOnceAllHaveEnded() {
        CountDownLatch failed = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Meanwhile.Work<String, Exception> fails = () -> {
            failed.countDown();
            throw new IOException("the first");
        };
        Meanwhile.Work<String, Exception> lasts = () -> {
            failed.await();
            Thread.sleep(50);
            ended.set(true);
            return "the second";
        };
        assertThatThrownBy(() -> Meanwhile.all(List.of(fails, lasts))).hasMessage("the first");
        assertThat(ended).isTrue();
    }

    private static String resultOf(Meanwhile<String, InterruptedException> work) {
        try {
            return work.result();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
