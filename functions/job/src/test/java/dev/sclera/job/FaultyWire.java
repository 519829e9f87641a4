package dev.sclera.job;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A wire to an HTTP server that passes everything on, but for requests that it cuts off in the middle. */
final class FaultyWire implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

    private final ServerSocket server;
    private final URI beyond;
    private volatile Predicate<String> faulty = request -> false;

    FaultyWire(URI beyond) throws IOException {
        this.beyond = beyond;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** From now on, requests whose first line matches are read by half, and the connection ends. */
    void cut(Predicate<String> requests) {
        faulty = requests;
    }

    void heal() {
        faulty = request -> false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                daemon(() -> serve(near));
            } catch (IOException e) {
                // closed
                return;
            }
        }
    }

    private void serve(Socket near) {
        try (near;
                Socket far = new Socket(beyond.getHost(), beyond.getPort())) {
            daemon(() -> pass(far, near));
            InputStream from = near.getInputStream();
            OutputStream to = far.getOutputStream();
            for (byte[] head = head(from); head.length > 0; head = head(from)) {
                String text = new String(head, StandardCharsets.ISO_8859_1);
                Matcher length = LENGTH.matcher(text);
                int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
                if (faulty.test(text.lines().findFirst().orElse(""))) {
                    from.readNBytes(body / 2);
                    return;
                }
                to.write(head);
                to.write(from.readNBytes(body));
                to.flush();
            }
        } catch (IOException e) {
            // either side hung up
        }
    }

    private static byte[] head(InputStream from) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ended = 0;
        while (ended < 4) {
            int read = from.read();
            if (read < 0) {
                return new byte[0];
            }
            head.write(read);
            ended = read == (ended % 2 == 0 ? '\r' : '\n') ? ended + 1 : read == '\r' ? 1 : 0;
        }
        return head.toByteArray();
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // either side hung up
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
