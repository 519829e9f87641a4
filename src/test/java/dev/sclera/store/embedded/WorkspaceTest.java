package dev.sclera.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.StorageException;
import dev.sclera.store.FreePort;
import dev.sclera.store.S3Access;
import dev.sclera.store.S3ObjectStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder as the store, shared by processes, with processes killed and disks full. */
class WorkspaceTest {

    @TempDir
    Path temporary;

    @Test
    void aSecondOneInTheProcessJoinsTheFirst() {
        try (Workspace first = Workspace.open(temporary, 0);
                Workspace second = Workspace.open(temporary, 0);
                S3ObjectStore one = first.objects();
                S3ObjectStore two = second.objects()) {
            assertThat(first.served()).isTrue();
            assertThat(second.served()).isFalse();
            one.put("a/b", bytes("shared"), "text/plain");
            assertThat(two.get("a/b")).isEqualTo(bytes("shared"));
            assertThat(first.file("a/b")).hasContent("shared");
        }
    }

    /** As do those that joined it, at the address that they know; the last one ends it. */
    @Test
    void whereTheFirstEndsTheNextServesItAndTheOthersGoOn() throws Exception {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        Workspace first = Workspace.open(temporary, 0);
        try (Workspace second = Workspace.open(temporary, 0, object -> told.add(object.key()));
                Workspace third = Workspace.open(temporary, 0, object -> told.add(object.key()));
                S3ObjectStore two = second.objects();
                S3ObjectStore three = third.objects()) {
            two.put("before", bytes("by the first"), "text/plain");

            first.close();
            two.put("after", bytes("by another"), "text/plain");

            assertThat(three.get("before")).isEqualTo(bytes("by the first"));
            assertThat(three.get("after")).isEqualTo(bytes("by another"));
            assertThat(List.of(second.served(), third.served())).containsOnlyOnce(true);
            assertThat(told).containsExactly("after");
            try (Workspace fourth = Workspace.open(temporary, 0)) {
                assertThat(fourth.served()).isFalse();
                assertThat(fourth.access()).isEqualTo(second.access());
            }

            (second.served() ? second : third).close();
            three.put("later", bytes("by the last"), "text/plain");
            assertThat(two.get("later")).isEqualTo(bytes("by the last"));
        }
        assertThat(temporary.resolve(".sclera/endpoint.json")).doesNotExist();
    }

    /** As between two processes that serve a workspace; the SDK's own repetitions would not last. */
    @Test
    void whatIsAskedBeforeAnybodyServesIsAnsweredOnceSomebodyDoes() throws Exception {
        Files.createDirectory(temporary.resolve(Workspace.BUCKET));
        S3Access access = EmbeddedS3.drawn(FreePort.find(), Workspace.BUCKET);
        ExecutorService threads = Executors.newFixedThreadPool(12);
        try (S3ObjectStore objects = new S3ObjectStore(access)) {
            List<Future<?>> written = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String key = "by/" + i;
                written.add(threads.submit(() -> objects.put(key, bytes(key), "text/plain")));
            }
            Thread.sleep(2000);
            assertThat(written).noneMatch(Future::isDone);
            try (EmbeddedS3 server = EmbeddedS3.start(temporary, access, object -> {})) {
                for (Future<?> each : written) {
                    each.get(30, TimeUnit.SECONDS);
                }
                assertThat(objects.list("by/")).hasSize(12);
                assertThat(server.access()).isEqualTo(access);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** A port may be in use for a moment; one attempt that fails does not end it. */
    @Test
    void whoCannotServeAtFirstTriesAgain() throws Exception {
        Workspace first = Workspace.open(temporary, 0);
        S3Access access = first.access();
        AtomicInteger attempts = new AtomicInteger();
        try (Succession succession = Succession.await(temporary.resolve(".sclera/lock"), lock -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new StorageException("The port is in use.", new IOException());
                    }
                    return Service.start(temporary, lock, access, object -> {});
                });
                S3ObjectStore objects = new S3ObjectStore(access)) {
            first.close();
            objects.put("later", bytes("at the third attempt"), "text/plain");
            assertThat(attempts).hasValue(3);
            assertThat(succession.served()).isTrue();
        }
        try (Workspace again = Workspace.open(temporary, 0)) {
            assertThat(again.served()).isTrue();
        }
    }

    @Test
    void whoNeverServedLeavesTheWorkspaceFree() throws InterruptedException {
        Workspace first = Workspace.open(temporary, 0);
        Workspace.open(temporary, 0).close();
        first.close();
        // as long as who still waited would need to have it
        Thread.sleep(500);
        try (Workspace again = Workspace.open(temporary, 0)) {
            assertThat(again.served()).isTrue();
        }
    }

    @Test
    void theLockIsReleased() {
        for (int i = 0; i < 3; i++) {
            try (Workspace workspace = Workspace.open(temporary, 0)) {
                assertThat(workspace.served()).isTrue();
            }
        }
        assertThat(temporary.resolve(".sclera/endpoint.json")).doesNotExist();
    }

    @Test
    void aPortThatIsTakenIsAnErrorThatLeavesTheWorkspaceFree() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Workspace.open(temporary, taken.getLocalPort()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
        try (Workspace workspace = Workspace.open(temporary, 0)) {
            assertThat(workspace.served()).isTrue();
        }
    }

    @Test
    void whatLetsOthersInIsForTheUserAlone() throws IOException {
        try (Workspace workspace = Workspace.open(temporary, 0)) {
            Path endpoint = temporary.resolve(".sclera/endpoint.json");
            assumeTrue(
                    endpoint.getFileSystem().supportedFileAttributeViews().contains("posix"),
                    "this file system knows no owners");
            assertThat(Files.getPosixFilePermissions(endpoint)).hasSize(2);
            assertThat(workspace.access().toString())
                    .doesNotContain(workspace.access().secretKey());
        }
    }

    @Test
    void aFileInPlaceOfTheFolderIsAnErrorThatSaysSo() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "text");
        assertThatThrownBy(() -> Workspace.open(file, 0))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("workspace")
                .hasMessageContaining(file.toString())
                .hasMessageContaining("a folder that can be written to");
    }

    @Test
    void whereTheProcessThatServesItIsKilledAnotherServesItOn() throws Exception {
        Process child = servingChild();
        try (Workspace joined = Workspace.open(temporary, 0);
                S3ObjectStore objects = joined.objects()) {
            assertThat(joined.served()).isFalse();
            child.destroyForcibly();
            byte[] large = new byte[ServingChild.SIZE];
            for (int i = 0; i < 5; i++) {
                objects.put("from/parent/" + i, large, "application/octet-stream");
            }
            assertThat(joined.served()).isTrue();
            assertThat(objects.get("from/child")).isEqualTo(bytes("kept"));
            assertThat(objects.list("from/parent/")).hasSize(5);
            assertThatAllThatWasStreamedIsWhole(objects);
        }
    }

    @Test
    void anotherProcessIsJoinedAndWhenKilledItsWorkspaceOpens() throws Exception {
        Process child = servingChild();
        try (Workspace joined = Workspace.open(temporary, 0);
                S3ObjectStore objects = joined.objects()) {
            assertThat(joined.served()).isFalse();
            assertThat(objects.get("from/child")).isEqualTo(bytes("kept"));
            objects.put("from/parent", bytes("through the child"), "text/plain");
        }
        // SIGKILL, while it writes
        child.destroyForcibly();
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        // however the timing was, there is one half-written file
        Files.write(
                temporary.resolve(Workspace.BUCKET).resolve("stream/last.bin-9d907010-d895-4c59-b247-eb94337c59f4"),
                new byte[7]);
        try (Workspace reopened = Workspace.open(temporary, 0);
                S3ObjectStore objects = reopened.objects()) {
            assertThat(reopened.served()).isTrue();
            assertThat(objects.get("from/child")).isEqualTo(bytes("kept"));
            assertThat(objects.get("from/parent")).isEqualTo(bytes("through the child"));
            assertThatAllThatWasStreamedIsWhole(objects);
        }
    }

    @Test
    void aReadOnlyDiskIsAnErrorThatSaysWhatIsAllowed() throws Exception {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        try (Tmpfs mounted = Tmpfs.mount(disk, "1m,ro")) {
            assertThatThrownBy(() -> Workspace.open(mounted.folder().resolve("workspace"), 0))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageContaining("a folder that can be written to, on a disk with room");
        }
    }

    @Test
    void aFullDiskIsAStorageFailureAndLeavesNothingHalfWritten() throws Exception {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        try (Tmpfs mounted = Tmpfs.mount(disk, "4m");
                Workspace workspace = Workspace.open(mounted.folder().resolve("workspace"), 0);
                S3ObjectStore objects = workspace.objects()) {
            objects.put("small", bytes("fits"), "text/plain");
            byte[] large = new byte[8 << 20];
            assertThatThrownBy(() -> objects.put("large", large, "text/plain"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("\"large\"")
                    .hasMessageContaining("the disk is not full");
            assertThatThrownBy(() -> objects.createOrAdopt("large", large, "text/plain"))
                    .isInstanceOf(StorageException.class);
            assertThat(objects.exists("large")).isFalse();
            assertThat(objects.list("")).containsExactly("small");
            assertThat(objects.get("small")).isEqualTo(bytes("fits"));
            try (Stream<Path> left = Files.walk(workspace.file("small").getParent())) {
                assertThat(left.filter(Files::isRegularFile)).containsExactly(workspace.file("small"));
            }
            objects.put("later", new byte[100_000], "text/plain");
            assertThat(objects.get("later")).hasSize(100_000);
        }
    }

    /** Of what a killed child was writing, each object is whole or is not there. */
    private static void assertThatAllThatWasStreamedIsWhole(S3ObjectStore objects) {
        for (String key : objects.list("stream/")) {
            assertThat(objects.get(key).length).as(key).isEqualTo(ServingChild.SIZE);
        }
    }

    /** Another process, which serves the workspace by now; to be killed by the caller. */
    private Process servingChild() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ServingChild.class.getName()));
        command.add(temporary.toString());
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(awaited(child.inputReader(StandardCharsets.UTF_8), "serving"))
                .isEqualTo("serving true");
        return child;
    }

    private static String awaited(BufferedReader said, String start) throws IOException {
        String line = said.readLine();
        while (line != null && !line.startsWith(start)) {
            line = said.readLine();
        }
        return String.valueOf(line);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
