package dev.sclera.store.embedded;

import dev.sclera.problem.StorageException;
import dev.sclera.store.ObjectCreated;
import dev.sclera.store.S3Access;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * An S3 endpoint on the loopback interface, backed by a folder: a bucket is a folder in it, and an object is a plain
 * file. Only who has the credentials, which are drawn anew at every start, can use it.
 */
final class EmbeddedS3 implements AutoCloseable {

    private static final String REGION = "us-east-1";

    /** Who stops the server has ended its requests; waiting would be for connections that are kept and idle. */
    private static final long FAREWELL = 0;

    private final S3Proxy server;
    private final S3Access access;

    private EmbeddedS3(S3Proxy server, S3Access access) {
        this.server = server;
        this.access = access;
    }

    /**
     * Starts the endpoint.
     *
     * @param folder an existing folder that this process alone writes to
     * @param port the port, or 0 for any
     * @param bucket the bucket
     * @param listener told of every object that is written
     */
    static EmbeddedS3 start(Path folder, int port, String bucket, ObjectCreated.Listener listener) {
        String accessKey = secret(10);
        String secretKey = secret(20);
        S3Proxy server = S3Proxy.builder()
                .blobStore(new NotifyingBlobStore(
                        new FilesystemNio2BlobStore(folder.toAbsolutePath().toString()), listener))
                .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .stopTimeout(FAREWELL)
                .build();
        try {
            server.start();
        } catch (Exception e) {
            throw new StorageException(
                    "The embedded S3 could not start on port %d: %s. Choose another port, or 0 for any."
                            .formatted(port, e.getMessage()),
                    e);
        }
        URI endpoint = URI.create("http://127.0.0.1:" + server.getPort());
        return new EmbeddedS3(server, new S3Access(endpoint, REGION, bucket, accessKey, secretKey));
    }

    private static String secret(int bytes) {
        byte[] drawn = new byte[bytes];
        new SecureRandom().nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    S3Access access() {
        return access;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new StorageException("The embedded S3 could not be stopped: %s.".formatted(e.getMessage()), e);
        }
    }
}
