package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * How to reach a bucket.
 *
 * @param endpoint the S3 endpoint, or null for AWS' own
 * @param region the region
 * @param bucket the bucket
 * @param accessKey the access key, or null for AWS' default chain
 * @param secretKey the secret that belongs to it, or null likewise
 */
public record S3Access(
        @Nullable URI endpoint,
        String region,
        String bucket,
        @Nullable String accessKey,
        @Nullable String secretKey) {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /** Some two seconds where a command begins to serve a workspace while it works on all cores, and a margin. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public S3Access {
        requireNonNull(region, "region is null");
        requireNonNull(bucket, "bucket is null");
    }

    /**
     * What the configuration says.
     *
     * @throws InvalidValueException where it names no bucket
     */
    public static S3Access of(StoreConfig config) {
        return new S3Access(
                config.endpoint().orElse(null),
                config.region(),
                config.bucket()
                        .orElseThrow(() -> new InvalidValueException(
                                "sclera.store.bucket",
                                "none",
                                "the name of a bucket, for example in the environment variable SCLERA_STORE_BUCKET")),
                config.accessKey().orElse(null),
                config.secretKey().orElse(null));
    }

    /** Where the bucket is, in words for people. */
    public String description() {
        return "bucket \"%s\" at %s".formatted(bucket, endpoint == null ? "AWS " + region : endpoint);
    }

    /** A client; to be closed by the caller. */
    public S3Client client() {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(region))
                .httpClientBuilder(
                        isOnThisMachine()
                                ? defaults -> new PatientHttpClient(http(defaults), PATIENCE)
                                : S3Access::http)
                .overrideConfiguration(override -> override.addExecutionInterceptor(new SendAtOnce()))
                // every object carries its SHA-256, which readers check; a second checksum would cost and add nothing
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        if (endpoint != null) {
            // other servers than AWS' own seldom answer to bucket.host
            builder.endpointOverride(endpoint).forcePathStyle(true);
        }
        if (accessKey != null && secretKey != null) {
            builder.credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)));
        }
        return builder.build();
    }

    /** Whether a process on this machine serves it, as one serves a workspace until another does in its place. */
    private boolean isOnThisMachine() {
        return endpoint != null && LOOPBACK.contains(endpoint.getHost());
    }

    private static SdkHttpClient http(AttributeMap defaults) {
        return UrlConnectionHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(5))
                .socketTimeout(Duration.ofSeconds(60))
                .buildWithDefaults(defaults);
    }

    @Override
    public String toString() {
        // the secret stays out of logs
        return description();
    }
}
