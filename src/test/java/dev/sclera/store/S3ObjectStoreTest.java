package dev.sclera.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.StorageException;
import dev.sclera.store.embedded.Workspace;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store through a real S3 endpoint on a folder. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3ObjectStoreTest {

    private static final String TEXT = "text/plain";

    private Path folder;
    private Workspace workspace;
    private S3ObjectStore store;

    @BeforeAll
    void open(@TempDir Path temporary) {
        folder = temporary.resolve("workspace");
        workspace = Workspace.open(folder, 0);
        store = workspace.objects();
    }

    @AfterAll
    void close() {
        store.close();
        workspace.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain/a.txt",
                "with space/b c.txt",
                "umlaut/größe-日本.txt",
                "signs/a+b&c=d%25#e?.txt",
                "deep/1/2/3/4/5/6/7.bin"
            })
    void holdsAnObjectUnderItsKey(String key) {
        assertThat(store.exists(key)).isFalse();
        assertThat(store.find(key)).isEmpty();

        store.put(key, bytes("one"), TEXT);
        store.put(key, bytes("two"), TEXT);

        assertThat(store.get(key)).isEqualTo(bytes("two"));
        assertThat(store.get(key, Sha256.of(bytes("two")))).isEqualTo(bytes("two"));
        assertThat(store.exists(key)).isTrue();
        assertThat(store.list(key)).containsExactly(key);
        store.delete(key);
        store.delete(key);
        assertThat(store.exists(key)).isFalse();
        assertThatThrownBy(() -> store.get(key))
                .isInstanceOf(MissingArtifactException.class)
                .hasMessageContaining(key);
    }

    @Test
    void holdsEmptyAndLargeBodies() {
        byte[] large = new byte[20_000_000];
        large[12_345_678] = 1;
        store.put("bodies/empty", new byte[0], TEXT);
        store.put("bodies/large", large, TEXT);
        assertThat(store.get("bodies/empty")).isEmpty();
        assertThat(Sha256.of(store.get("bodies/large"))).isEqualTo(Sha256.of(large));
    }

    @Test
    void ofRacingWritersOneWinsAndAllReturnItsBytes() throws Exception {
        int writers = 4;
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        CyclicBarrier together = new CyclicBarrier(writers);
        try {
            for (int round = 0; round < 50; round++) {
                String key = "race/%d".formatted(round);
                List<Future<byte[]>> returned = new ArrayList<>();
                for (int writer = 0; writer < writers; writer++) {
                    byte[] own = bytes("writer %d of round %d".formatted(writer, round));
                    Callable<byte[]> write = () -> {
                        together.await();
                        return store.createOrAdopt(key, own, TEXT);
                    };
                    returned.add(pool.submit(write));
                }
                byte[] held = returned.get(0).get();
                for (Future<byte[]> each : returned) {
                    assertThat(each.get()).isEqualTo(held);
                }
                assertThat(store.get(key)).isEqualTo(held);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aSecondWriterAdoptsWhatIsThere() {
        assertThat(store.createOrAdopt("adopt/a", bytes("first"), TEXT)).isEqualTo(bytes("first"));
        assertThat(store.createOrAdopt("adopt/a", bytes("second"), TEXT)).isEqualTo(bytes("first"));
    }

    @Test
    void aChangedBodyIsAnErrorAndNoResult() throws IOException {
        byte[] body = bytes("the figures");
        store.createOrAdopt("tampered/record", body, TEXT);
        Path file = workspace.file("tampered/record");
        Files.write(file, bytes("The figures"));

        assertThatThrownBy(() -> store.get("tampered/record", Sha256.of(body)))
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining("\"tampered/record\" is damaged")
                .hasMessageContaining(Sha256.of(body))
                .hasMessageContaining("Delete it");
        assumeTrue(
                Files.getFileAttributeView(file, UserDefinedFileAttributeView.class) != null,
                "this file system keeps no attributes, hence no digest beside an object");
        assertThatThrownBy(() -> store.find("tampered/record")).isInstanceOf(CorruptArtifactException.class);
        assertThatThrownBy(() -> store.createOrAdopt("tampered/record", body, TEXT))
                .isInstanceOf(CorruptArtifactException.class);
    }

    @Test
    void listsMoreThanAThousandObjects() throws IOException {
        Path many = Files.createDirectories(workspace.file("many"));
        for (int i = 0; i < 2_345; i++) {
            Files.writeString(many.resolve("%05d".formatted(i)), "");
        }
        assertThat(store.list("many/"))
                .containsExactlyElementsOf(IntStream.range(0, 2_345)
                        .mapToObj("many/%05d"::formatted)
                        .toList());
        assertThat(store.list("many/0123")).hasSize(10).startsWith("many/01230").endsWith("many/01239");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "a/../../outside", "/outside", "a/../../../outside", "..%2foutside"})
    void noKeyLeavesTheFolder(String key) throws IOException {
        try {
            store.put(key, bytes("escaped"), TEXT);
        } catch (StorageException refused) {
            assertThat(refused).hasMessageContaining(key);
        }
        try (Stream<Path> around = Files.walk(folder.getParent())) {
            assertThat(around.filter(Files::isRegularFile)
                            .filter(file -> !file.startsWith(folder.resolve(Workspace.BUCKET)))
                            .filter(file -> file.toString().contains("outside")))
                    .isEmpty();
        }
        assertThat(folder.getParent().getParent().resolve("outside")).doesNotExist();
    }

    @Test
    void aMissingBucketIsSaidToBeMissing() {
        S3Access access = workspace.access();
        S3Access other = new S3Access(
                access.endpoint(), access.region(), "no-such-bucket", access.accessKey(), access.secretKey());
        try (S3ObjectStore nowhere = new S3ObjectStore(other)) {
            assertThatThrownBy(() -> nowhere.find("a"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("no-such-bucket")
                    .hasMessageContaining("create it");
            assertThatThrownBy(() -> nowhere.put("a", new byte[1], TEXT)).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> nowhere.list("a")).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void aBucketIsCreatedOnce() {
        S3Access access = workspace.access();
        S3Access other = new S3Access(
                access.endpoint(), access.region(), "another-bucket", access.accessKey(), access.secretKey());
        try (S3ObjectStore fresh = new S3ObjectStore(other)) {
            fresh.createBucket();
            fresh.createBucket();
            fresh.put("a", bytes("b"), TEXT);
            assertThat(fresh.get("a")).isEqualTo(bytes("b"));
        }
    }

    @Test
    void wrongCredentialsAreRefused() {
        S3Access access = workspace.access();
        S3Access stranger =
                new S3Access(access.endpoint(), access.region(), access.bucket(), access.accessKey(), "wrong");
        try (S3ObjectStore refused = new S3ObjectStore(stranger)) {
            assertThatThrownBy(() -> refused.get("a"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("credentials");
        }
        assertThat(stranger.toString()).doesNotContain("wrong");
    }

    @Test
    void anEndpointThatIsGoneIsAStorageFailureWithAdvice() throws IOException {
        int free = FreePort.find();
        S3Access gone = new S3Access(URI.create("http://127.0.0.1:" + free), "us-east-1", "b", "key", "secret");
        try (S3ObjectStore nowhere = new S3ObjectStore(gone)) {
            assertThatThrownBy(() -> nowhere.get("a"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("http://127.0.0.1:" + free)
                    .hasMessageContaining("Check the endpoint");
            assertThatThrownBy(nowhere::createBucket)
                    .isInstanceOf(StorageException.class)
                    .hasMessageStartingWith("Could not look for the bucket \"b\"");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
