package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.StorageException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The objects of a bucket on S3 or whatever speaks its protocol. Safe for use by several threads. */
public final class S3ObjectStore implements ObjectStore, AutoCloseable {

    private static final String SHA256 = "sha256";

    /** S3's answers to a conditional write that came second: the object is there, or is being written. */
    private static final List<Integer> LOST = List.of(412, 409);

    private final S3Client client;
    private final S3Access access;

    public S3ObjectStore(S3Access access) {
        this.access = requireNonNull(access, "access is null");
        this.client = access.client();
    }

    /** Creates the bucket where there is none. */
    public void createBucket() {
        try {
            client.headBucket(request -> request.bucket(access.bucket()));
        } catch (S3Exception e) {
            if (e.statusCode() != 404) {
                throw failure("look for", e);
            }
            try {
                client.createBucket(request -> request.bucket(access.bucket()));
            } catch (BucketAlreadyOwnedByYouException there) {
                // another process was faster
                return;
            } catch (SdkException | UncheckedIOException refused) {
                throw failure("create", refused);
            }
        } catch (SdkException | UncheckedIOException e) {
            throw failure("look for", e);
        }
    }

    @Override
    public byte[] get(String key) {
        return find(key).orElseThrow(() -> missing(key));
    }

    @Override
    public byte[] get(String key, String sha256) {
        byte[] body = get(key);
        check(key, body, sha256);
        return body;
    }

    @Override
    public Optional<byte[]> find(String key) {
        try {
            return findOnce(key);
        } catch (CorruptArtifactException e) {
            // on some servers what is just being replaced may be read in the middle of that
            pause(0);
            return findOnce(key);
        }
    }

    private Optional<byte[]> findOnce(String key) {
        try {
            ResponseBytes<GetObjectResponse> answer = client.getObjectAsBytes(
                    request -> request.bucket(access.bucket()).key(key));
            byte[] body = answer.asByteArrayUnsafe();
            String promised = answer.response().metadata().get(SHA256);
            // users' own uploads promise nothing
            if (promised != null) {
                check(key, body, promised);
            }
            return Optional.of(body);
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException | UncheckedIOException e) {
            throw failure("read \"" + key + "\" from", e);
        }
    }

    @Override
    public boolean exists(String key) {
        return state(key).isPresent();
    }

    @Override
    public Optional<ObjectState> state(String key) {
        try {
            HeadObjectResponse head =
                    client.headObject(request -> request.bucket(access.bucket()).key(key));
            return Optional.of(new ObjectState(head.contentLength(), String.valueOf(head.eTag()), head.lastModified()));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException | UncheckedIOException e) {
            throw failure("look for \"" + key + "\" in", e);
        }
    }

    @Override
    public void put(String key, byte[] body, String contentType) {
        attempt(
                "write \"" + key + "\" to",
                () -> client.putObject(request(key, body, contentType).build(), RequestBody.fromBytes(body)));
    }

    @Override
    public byte[] createOrAdopt(String key, byte[] body, String contentType) {
        for (int attempt = 0; attempt < 3; attempt++) {
            try {
                client.putObject(
                        request(key, body, contentType).ifNoneMatch("*").build(), RequestBody.fromBytes(body));
                return body;
            } catch (S3Exception e) {
                if (!LOST.contains(e.statusCode())) {
                    throw failure("write \"" + key + "\" to", e);
                }
            } catch (SdkException | UncheckedIOException e) {
                throw failure("write \"" + key + "\" to", e);
            }
            // the earlier writer may be this one: the SDK repeats a request whose answer was lost
            Optional<byte[]> present = find(key);
            // on some servers an object is there, and empty, while it is being written
            if (present.isPresent() && (present.get().length > 0 || body.length == 0)) {
                return present.get();
            }
            pause(attempt);
        }
        throw new StorageException(
                "\"%s\" can neither be written to the %s nor read from it: another writer is at it. Try again."
                        .formatted(key, access.description()),
                new IllegalStateException("the conditional write of " + key + " was refused, and there is no object"));
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(50L << attempt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("Interrupted while waiting for another writer. Try again.", e);
        }
    }

    @Override
    public List<String> list(String prefix) {
        return attempt(
                "list \"" + prefix + "\" in",
                () ->
                        client
                                .listObjectsV2Paginator(request ->
                                        request.bucket(access.bucket()).prefix(prefix))
                                .contents()
                                .stream()
                                .map(S3Object::key)
                                .sorted()
                                .toList());
    }

    @Override
    public void delete(String key) {
        attempt(
                "delete \"" + key + "\" from",
                () -> client.deleteObject(
                        request -> request.bucket(access.bucket()).key(key)));
    }

    private PutObjectRequest.Builder request(String key, byte[] body, String contentType) {
        return PutObjectRequest.builder()
                .bucket(access.bucket())
                .key(key)
                .contentType(contentType)
                .metadata(Map.of(SHA256, Sha256.of(body)));
    }

    private static void check(String key, byte[] body, String promised) {
        String found = Sha256.of(body);
        if (!found.equals(promised)) {
            throw new CorruptArtifactException(
                    key,
                    "The object \"%s\" is damaged: its SHA-256 is %s, and %s is promised. Delete it to have it made anew, or restore it."
                            .formatted(key, found, promised));
        }
    }

    private MissingArtifactException missing(String key) {
        return new MissingArtifactException(
                "key", "There is no object \"%s\" in the %s.".formatted(key, access.description()));
    }

    private <T> T attempt(String what, Supplier<T> action) {
        try {
            return action.get();
        } catch (SdkException | UncheckedIOException e) {
            throw failure(what, e);
        }
    }

    private StorageException failure(String what, RuntimeException e) {
        // a server whose disk is full may hang up in the middle of a body, which looks like one that is not there
        String advice = "Check the endpoint and that the service runs; where it is a local folder, check that it is"
                + " writable and the disk is not full; then try again";
        if (e instanceof NoSuchBucketException) {
            advice = "There is no such bucket: create it, or name another with SCLERA_STORE_BUCKET";
        } else if (e instanceof S3Exception s3 && (s3.statusCode() == 401 || s3.statusCode() == 403)) {
            advice = "The credentials do not allow it: check them and the bucket's policy";
        } else if (e instanceof S3Exception s3 && s3.statusCode() >= 500) {
            advice = "The store failed; where it is a local folder, check that it is writable and the disk is not full";
        }
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new StorageException(
                "Could not %s the %s: %s. %s.".formatted(what, access.description(), why, advice), e);
    }

    @Override
    public void close() {
        client.close();
    }
}
