package dev.sclera.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.store.ObjectCreated;
import dev.sclera.store.S3ObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the embedded S3 tells of what any S3 client writes. */
class ObjectEventsTest {

    private static final String BUCKET = Workspace.BUCKET;

    @TempDir
    Path folder;

    private final List<ObjectCreated> told = new CopyOnWriteArrayList<>();
    private Workspace workspace;
    private S3Client client;

    @BeforeEach
    void open() {
        workspace = Workspace.open(folder, 0, told::add);
        client = workspace.access().client();
    }

    @AfterEach
    void close() {
        client.close();
        workspace.close();
    }

    private void assertToldOfTheObjectAsItIs(String key, long size) {
        try (S3ObjectStore objects = workspace.objects()) {
            assertThat(told).last().satisfies(object -> {
                assertThat(object.bucket()).isEqualTo(BUCKET);
                assertThat(object.key()).isEqualTo(key);
                assertThat(object.size()).isEqualTo(size);
                assertThat(object.etag())
                        .isEqualTo(objects.state(key).orElseThrow().etag());
            });
        }
    }

    @Test
    void everyWayOfWritingIsTold() {
        client.putObject(put -> put.bucket(BUCKET).key("a"), RequestBody.fromString("hello"));
        assertToldOfTheObjectAsItIs("a", 5);
        client.copyObject(copy -> copy.sourceBucket(BUCKET)
                .sourceKey("a")
                .destinationBucket(BUCKET)
                .destinationKey("models/b c+d/model.onnx"));
        assertToldOfTheObjectAsItIs("models/b c+d/model.onnx", 5);
        String upload = client.createMultipartUpload(
                        begin -> begin.bucket(BUCKET).key("c"))
                .uploadId();
        String etag = client.uploadPart(
                        part -> part.bucket(BUCKET).key("c").uploadId(upload).partNumber(1),
                        RequestBody.fromString("part"))
                .eTag();
        assertThat(told).hasSize(2);
        client.completeMultipartUpload(end -> end.bucket(BUCKET)
                .key("c")
                .uploadId(upload)
                .multipartUpload(parts -> parts.parts(
                        CompletedPart.builder().partNumber(1).eTag(etag).build())));
        assertToldOfTheObjectAsItIs("c", 4);
        assertThat(told).hasSize(3);
    }

    @Test
    void whatIsRefusedReadOrDeletedIsNotTold() {
        client.putObject(put -> put.bucket(BUCKET).key("a"), RequestBody.fromString("hello"));
        assertThatThrownBy(() -> client.putObject(
                        put -> put.bucket(BUCKET).key("a").ifNoneMatch("*"), RequestBody.fromString("other")))
                .isInstanceOf(S3Exception.class);
        client.getObjectAsBytes(get -> get.bucket(BUCKET).key("a"));
        client.deleteObject(delete -> delete.bucket(BUCKET).key("a"));
        assertThat(told).hasSize(1);
    }
}
