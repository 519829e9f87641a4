package dev.sclera.store.embedded;

import static java.util.Objects.requireNonNull;

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
 * file. Only who has the credentials can use it.
 */
final class EmbeddedS3 implements AutoCloseable {

    static final String REGION = "us-east-1";

    /**
     * Who stops the server has ended its requests, and other processes send theirs again; waiting would be for
     * connections that are kept and idle.
     */
    private static final long FAREWELL = 0;

    private final S3Proxy server;
    private final S3Access access;

    private EmbeddedS3(S3Proxy server, S3Access access) {
        this.server = server;
        this.access = access;
    }

    /**
     * One that nobody has the credentials of as yet.
     *
     * @param port the port, or 0 for any
     * @param bucket the bucket
     */
    static S3Access drawn(int port, String bucket) {
        return new S3Access(at(port), REGION, bucket, secret(10), secret(20));
    }

    /**
     * Starts the endpoint.
     *
     * @param folder an existing folder that this process alone writes to
     * @param wanted how it is to be reached; at port 0, at any
     * @param listener told of every object that is written
     */
    static EmbeddedS3 start(Path folder, S3Access wanted, ObjectCreated.Listener listener) {
        URI endpoint = requireNonNull(wanted.endpoint(), "no endpoint is wanted");
        S3Proxy server = S3Proxy.builder()
                .blobStore(new NotifyingBlobStore(
                        new FilesystemNio2BlobStore(folder.toAbsolutePath().toString()), listener))
                .awsAuthentication(AuthenticationType.AWS_V4, wanted.accessKey(), wanted.secretKey())
                .endpoint(endpoint)
                .stopTimeout(FAREWELL)
                .build();
        try {
            server.start();
        } catch (Exception e) {
            throw new StorageException(
                    "The embedded S3 could not start on port %d: %s. Choose another port, or 0 for any."
                            .formatted(endpoint.getPort(), e.getMessage()),
                    e);
        }
        return new EmbeddedS3(
                server,
                new S3Access(
                        at(server.getPort()),
                        wanted.region(),
                        wanted.bucket(),
                        wanted.accessKey(),
                        wanted.secretKey()));
    }

    private static URI at(int port) {
        return URI.create("http://127.0.0.1:" + port);
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
