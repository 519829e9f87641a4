package dev.sclera.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.store.embedded.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Models on the disk, in front of a real S3 endpoint. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CachedStoreTest {

    private static final String MODEL = "models/grader/model.onnx";
    private static final int SIZE = 1 << 18;

    private Workspace workspace;
    private S3ObjectStore objects;
    private Read read;

    @TempDir
    Path folder;

    @BeforeAll
    void open(@TempDir Path temporary) {
        workspace = Workspace.open(temporary.resolve("workspace"), 0);
        objects = workspace.objects();
    }

    @BeforeEach
    void begin() {
        read = new Read(objects);
    }

    @AfterAll
    void close() {
        objects.close();
        workspace.close();
    }

    @Test
    void aModelIsReadFromTheStoreOnce() {
        objects.put(MODEL, body(1), "application/octet-stream");
        CachedStore store = cached(8);
        assertThat(store.find(MODEL)).contains(body(1));
        assertThat(store.find(MODEL)).contains(body(1));
        assertThat(store.get(MODEL)).isEqualTo(body(1));
        assertThat(store.get(MODEL, Sha256.of(body(1)))).isEqualTo(body(1));
        // and by who comes later, in the same folder
        assertThat(cached(8).get(MODEL, Sha256.of(body(1)))).isEqualTo(body(1));
        assertThat(read.keys()).containsExactly(MODEL);
    }

    @Test
    void aModelThatItsOwnerReplacedIsReadAnew() {
        CachedStore store = cached(8);
        for (int version = 1; version <= 3; version++) {
            objects.put(MODEL, body(version), "application/octet-stream");
            assertThat(store.find(MODEL)).contains(body(version));
        }
        objects.delete(MODEL);
        assertThat(store.find(MODEL)).isEmpty();
        assertThatThrownBy(() -> store.get(MODEL)).isInstanceOf(MissingArtifactException.class);
    }

    @Test
    void aModelIsNeverTakenForTheOneWhoseDigestItClaims() {
        objects.put(MODEL, body(1), "application/octet-stream");
        CachedStore store = cached(8);
        store.find(MODEL);
        try (S3Client client = workspace.access().client()) {
            client.putObject(
                    request -> request.bucket(Workspace.BUCKET)
                            .key("models/other/model.onnx")
                            .metadata(Map.of("sha256", Sha256.of(body(1)))),
                    RequestBody.fromBytes(body(2)));
        }
        assertThatThrownBy(() -> store.find("models/other/model.onnx")).isInstanceOf(CorruptArtifactException.class);
    }

    @Test
    void soIsOneThatCarriesNoDigestForItWasUploadedByOtherMeans() {
        CachedStore store = cached(8);
        try (S3Client client = workspace.access().client()) {
            for (int version = 4; version <= 5; version++) {
                client.putObject(
                        request -> request.bucket(Workspace.BUCKET).key(MODEL), RequestBody.fromBytes(body(version)));
                assertThat(store.find(MODEL).orElseThrow()).isEqualTo(body(version));
                assertThat(store.find(MODEL).orElseThrow()).isEqualTo(body(version));
            }
        }
        assertThat(read.keys()).containsExactly(MODEL, MODEL);
        objects.delete(MODEL);
    }

    @Test
    void aDamagedFileIsReadAnew() throws IOException {
        objects.put(MODEL, body(6), "application/octet-stream");
        CachedStore store = cached(8);
        store.find(MODEL);
        Path file = folder.resolve(Sha256.of(body(6)));
        for (byte[] damaged : List.of(new byte[0], body(7), Arrays.copyOf(body(6), SIZE - 1))) {
            Files.write(file, damaged);
            assertThat(store.find(MODEL)).contains(body(6));
            assertThat(file).hasBinaryContent(body(6));
        }
        assertThat(read.keys()).hasSize(4);
    }

    @Test
    void whatWasNotUsedForLongestMakesRoom() throws IOException {
        DiskCache cache = new DiskCache(folder, 3 * SIZE + 10);
        for (int version = 1; version <= 3; version++) {
            cache.keep(Sha256.of(body(version)), body(version));
            Files.setLastModifiedTime(folder.resolve(Sha256.of(body(version))), FileTime.fromMillis(version));
        }
        assertThat(cache.find(Sha256.of(body(1)))).isPresent();
        cache.keep(Sha256.of(body(4)), body(4));
        assertThat(kept()).containsExactlyInAnyOrder(Sha256.of(body(1)), Sha256.of(body(3)), Sha256.of(body(4)));
        cache.keep("larger than all", new byte[4 * SIZE]);
        assertThat(kept()).hasSize(3);
    }

    @Test
    void aDigestThatTheStoreDoesNotHoldIsRefusedAndNotKept() throws IOException {
        objects.put(MODEL, body(1), "application/octet-stream");
        assertThatThrownBy(() -> cached(8).get(MODEL, Sha256.of(body(2)))).isInstanceOf(CorruptArtifactException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void imagesAndSmallModelsAreNotKept() {
        objects.put("datasets/eyes/shards/0.npy", body(1), "application/octet-stream");
        objects.put(MODEL, new byte[] {1}, "application/octet-stream");
        CachedStore store = cached(8);
        store.get("datasets/eyes/shards/0.npy", Sha256.of(body(1)));
        store.find(MODEL);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDiskThatFailsIsNoFailure() throws IOException {
        objects.put(MODEL, body(1), "application/octet-stream");
        Path taken = Files.createFile(folder.resolve("a file"));
        CachedStore store = new CachedStore(read, new DiskCache(taken, 1 << 20));
        assertThat(store.find(MODEL)).contains(body(1));
        assertThat(store.find(MODEL)).contains(body(1));
        assertThat(read.keys()).hasSize(2);
    }

    @Test
    void manyAtOnceReadWhatIsThereWhileOthersMakeRoom() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(6);
        try {
            List<Callable<Integer>> readers = new ArrayList<>();
            for (int reader = 0; reader < 6; reader++) {
                // as processes have them: each its own cache, on one folder that has room for two
                DiskCache cache = new DiskCache(folder, 2 * SIZE);
                readers.add(() -> {
                    int wrong = 0;
                    for (int i = 0; i < 60; i++) {
                        byte[] wanted = body(i % 4);
                        String sha256 = Sha256.of(wanted);
                        byte[] found = cache.find(sha256).orElse(wanted);
                        wrong += Arrays.equals(found, wanted) ? 0 : 1;
                        cache.keep(sha256, wanted);
                    }
                    return wrong;
                });
            }
            for (Future<Integer> wrong : pool.invokeAll(readers)) {
                assertThat(wrong.get()).isZero();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(kept()).allSatisfy(name -> assertThat(name).doesNotEndWith(".part"));
        new DiskCache(folder, 2 * SIZE).keep(Sha256.of(body(9)), body(9));
        assertThat(kept()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void whereNoFolderIsConfiguredThereIsNone() {
        CacheConfig none = new CacheConfig() {
            @Override
            public Optional<Path> folder() {
                return Optional.empty();
            }

            @Override
            public int megabytes() {
                return 1;
            }
        };
        assertThat(CachedStore.of(objects, none)).isSameAs(objects);
    }

    private CachedStore cached(int bodies) {
        return new CachedStore(read, new DiskCache(folder, (long) bodies * SIZE));
    }

    private List<String> kept() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static byte[] body(int version) {
        byte[] body = new byte[SIZE];
        Arrays.fill(body, (byte) version);
        return body;
    }

    /** What of a store was read: bodies, not states. */
    private static final class Read extends ForwardingStore {

        private final List<String> keys = new ArrayList<>();

        Read(ObjectStore beneath) {
            super(beneath);
        }

        List<String> keys() {
            return keys;
        }

        @Override
        public byte[] get(String key) {
            keys.add(key);
            return super.get(key);
        }

        @Override
        public byte[] get(String key, String sha256) {
            keys.add(key);
            return super.get(key, sha256);
        }

        @Override
        public Optional<byte[]> find(String key) {
            keys.add(key);
            return super.find(key);
        }
    }
}
