package dev.sclera.local;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An S3 that is not of our making, with SQS and EventBridge beside it: moto, where it is installed. */
public final class MotoStore implements QuarkusTestResourceLifecycleManager {

    static final String BUCKET = "clinic";

    private @Nullable Process moto;

    static boolean installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "moto_server")));
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("sclera.upload.template", ListeningWorkspace.TEMPLATE);
        settings.put("sclera.upload.quiet", "PT0.3S");
        settings.put("sclera.local.events.listen", "true");
        if (!installed()) {
            return settings;
        }
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            moto = new ProcessBuilder("moto_server", "-p", Integer.toString(port))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            await(port);
            URI endpoint = URI.create("http://127.0.0.1:" + port);
            System.setProperty("aws.accessKeyId", "test");
            System.setProperty("aws.secretAccessKey", "test");
            settings.put("sclera.store.bucket", BUCKET);
            settings.put("sclera.store.create-bucket", "true");
            settings.put("sclera.store.endpoint", endpoint.toString());
            settings.put("sclera.store.access-key", "test");
            settings.put("sclera.store.secret-key", "test");
            settings.put("sclera.events.eventbridge.endpoint", endpoint.toString());
            settings.put("sclera.events.eventbridge.topic", "arn:aws:sns:us-east-1:123456789012:told");
            settings.put("sclera.events.dead-letter-queue", endpoint + "/123456789012/dead");
            return settings;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(int port) {
        for (int attempt = 0; attempt < 300; attempt++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return;
            } catch (IOException e) {
                pause();
            }
        }
        throw new AssertionError("moto_server does not answer");
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        if (moto == null) {
            return;
        }
        // a launcher may stand between
        moto.descendants().forEach(ProcessHandle::destroy);
        moto.destroy();
        try {
            moto.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }
}
