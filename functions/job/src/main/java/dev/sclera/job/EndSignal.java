package dev.sclera.job;

import dev.sclera.progress.Interruption;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: a spot machine that is wanted back, a pod that is moved, Ctrl-C. The job is asked to end, and the
 * process lives until it has saved itself; at a second signal, or when the grace is over, it ends at once.
 *
 * <p>No shutdown hook: ONNX Runtime has one too, which closes it while a job would still be at work. The JDK's signals
 * are reached by reflection, for the compiler warns of them; where a system has no such signal, a job that is ended
 * goes on from its last checkpoint.
 */
public final class EndSignal implements Interruption, AutoCloseable {

    /** Names of signals, and what shells say of programs that they end. */
    private static final Map<String, Integer> CODES = Map.of("TERM", 143, "INT", 130);

    private static final Logger LOG = LoggerFactory.getLogger(EndSignal.class);

    private final int graceSeconds;
    private final Map<String, Object> earlier = new LinkedHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean requested;

    private EndSignal(int graceSeconds) {
        this.graceSeconds = graceSeconds;
    }

    /** Takes signals until it is closed. */
    public static EndSignal install(int graceSeconds) {
        EndSignal signal = new EndSignal(graceSeconds);
        CODES.forEach(signal::take);
        return signal;
    }

    private void take(String name, int code) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object receiver = Proxy.newProxyInstance(
                    handler.getClassLoader(),
                    new Class<?>[] {handler},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            received(code);
                            yield null;
                        }
                        case "equals" -> proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "end signal " + name;
                    });
            earlier.put(name, handle(name, receiver));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.debug("This system has no signal {}.", name, e);
        }
    }

    private static Object handle(String name, Object receiver) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Signal");
        return type.getMethod("handle", type, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, type.getConstructor(String.class).newInstance(name), receiver);
    }

    private void received(int code) {
        if (requested) {
            Runtime.getRuntime().halt(code);
        }
        requested = true;
        LOG.info("Asked to end: saving after this step.");
        Thread watch = new Thread(() -> watch(code), "grace");
        watch.setDaemon(true);
        watch.start();
    }

    private void watch(int code) {
        try {
            if (!ended.await(graceSeconds, TimeUnit.SECONDS)) {
                LOG.warn("Not at the end of a step within {} s; the last checkpoint is what there is.", graceSeconds);
                Runtime.getRuntime().halt(code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean requested() {
        return requested;
    }

    /** The job has ended; signals mean what they meant before. */
    @Override
    public void close() {
        ended.countDown();
        earlier.forEach((name, receiver) -> {
            try {
                handle(name, receiver);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a signal that could be taken cannot be given back: " + name, e);
            }
        });
    }
}
