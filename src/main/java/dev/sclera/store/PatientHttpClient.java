package dev.sclera.store;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Waits where a connection is refused: nothing was sent then, and the server may be about to start. What a server on
 * this machine stands still for, as one process hands a workspace to another, is longer than the SDK's own repetitions
 * bridge, and several threads may ask at once, which exhausts those.
 */
final class PatientHttpClient implements SdkHttpClient {

    private static final long PAUSE_MILLIS = 200;

    private final SdkHttpClient client;
    private final Duration patience;

    /**
     * One that hands requests on.
     *
     * @param client becomes its own
     * @param patience how long a connection may be refused
     */
    PatientHttpClient(SdkHttpClient client, Duration patience) {
        this.client = client;
        this.patience = patience;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Patient(request);
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }

    private final class Patient implements ExecutableHttpRequest {

        private final HttpExecuteRequest request;
        private volatile ExecutableHttpRequest attempt;
        private volatile boolean aborted;

        Patient(HttpExecuteRequest request) {
            this.request = request;
            this.attempt = client.prepareRequest(request);
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            long begun = System.nanoTime();
            while (true) {
                try {
                    return attempt.call();
                } catch (ConnectException e) {
                    if (aborted) {
                        throw e;
                    }
                    if (System.nanoTime() - begun > patience.toNanos()) {
                        // one with a cause would be repeated, and each time be waited for
                        throw SdkClientException.create("%s, for %d s".formatted(e.getMessage(), patience.toSeconds()));
                    }
                    pause(e);
                    attempt = client.prepareRequest(request);
                }
            }
        }

        private static void pause(IOException refused) throws IOException {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw refused;
            }
        }

        @Override
        public void abort() {
            aborted = true;
            attempt.abort();
        }
    }
}
