package dev.sclera.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class PatientHttpClientTest {

    /** Not once for each of the SDK's attempts. */
    @Test
    void whereNobodyEverAnswersItIsWaitedForOnce() throws IOException {
        int port = FreePort.find();
        Duration patience = Duration.ofSeconds(1);
        long begun = System.nanoTime();
        try (PatientHttpClient http = new PatientHttpClient(UrlConnectionHttpClient.create(), patience);
                S3Client client = S3Client.builder()
                        .region(Region.US_EAST_1)
                        .endpointOverride(URI.create("http://127.0.0.1:" + port))
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .httpClient(http)
                        .build()) {
            assertThatThrownBy(client::listBuckets)
                    .isInstanceOf(SdkClientException.class)
                    .hasMessageContaining("Connection refused, for 1 s")
                    .hasMessageContaining("SDK Attempt Count: 1");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(patience);
    }
}
