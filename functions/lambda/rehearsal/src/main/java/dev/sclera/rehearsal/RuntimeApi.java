package dev.sclera.rehearsal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's side of its <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">runtime API</a>, for
 * one process: hands out invocations and takes the answers.
 */
public final class RuntimeApi implements AutoCloseable {

    private static final String INVOCATION = "/2018-06-01/runtime/invocation/";

    private final HttpServer server;
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch restored = new CountDownLatch(1);

    private RuntimeApi(HttpServer server) {
        this.server = server;
    }

    private record Invocation(String id, String payload, Duration time) {}

    /**
     * What a function said.
     *
     * @param failed whether it failed, or did not even start
     * @param body JSON
     * @param nanoTime when it was there
     */
    public record Answer(boolean failed, String body, long nanoTime) {}

    /** Serves on the loopback interface. */
    public static RuntimeApi start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        RuntimeApi api = new RuntimeApi(server);
        server.setExecutor(api.pool);
        server.createContext(INVOCATION + "next", api::next);
        server.createContext(
                INVOCATION,
                exchange ->
                        api.answer(exchange, exchange.getRequestURI().getPath().endsWith("/error")));
        server.createContext("/2018-06-01/runtime/restore/next", api::restore);
        server.createContext("/2018-06-01/runtime/init/error", exchange -> api.answer(exchange, true));
        server.start();
        return api;
    }

    /** What the variable {@code AWS_LAMBDA_RUNTIME_API} is to be. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Invokes the function.
     *
     * @param time until its deadline
     * @return its answer; null where there is none within the time and half a minute
     */
    public @Nullable Answer invoke(String id, String payload, Duration time) throws InterruptedException {
        waiting.add(new Invocation(id, payload, time));
        return answers.poll(time.plusSeconds(30).toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Waits until a function that is started for SnapStart has started: Lambda would take its snapshot now.
     *
     * @return whether it has, within the time
     */
    public boolean awaitSnapshot(Duration time) throws InterruptedException {
        return started.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets a function go on from its snapshot. */
    public void restore() {
        restored.countDown();
    }

    private void restore(HttpExchange exchange) throws IOException {
        started.countDown();
        try {
            restored.await();
            exchange.sendResponseHeaders(200, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private void next(HttpExchange exchange) throws IOException {
        try {
            Invocation invocation = waiting.take();
            exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", invocation.id());
            exchange.getResponseHeaders()
                    .set(
                            "Lambda-Runtime-Deadline-Ms",
                            Long.toString(System.currentTimeMillis()
                                    + invocation.time().toMillis()));
            exchange.getResponseHeaders()
                    .set(
                            "Lambda-Runtime-Invoked-Function-Arn",
                            "arn:aws:lambda:us-east-1:123456789012:function:rehearsed");
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            byte[] payload = invocation.payload().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, payload.length);
            exchange.getResponseBody().write(payload);
            exchange.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.close();
        }
    }

    private void answer(HttpExchange exchange, boolean failed) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        answers.add(new Answer(failed, body, System.nanoTime()));
        exchange.sendResponseHeaders(202, -1);
        exchange.close();
    }

    @Override
    public void close() {
        pool.shutdownNow();
        server.stop(0);
    }
}
