package dev.sclera.store.embedded;

import dev.sclera.store.ObjectCreated;
import java.io.InputStream;
import java.time.Instant;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** Tells of every object that came to be, however it was written: the "Object Created" events of the embedded S3. */
final class NotifyingBlobStore extends ForwardingBlobStore {

    /** What the server keeps of uploads in parts that are not complete, as if it were an object. */
    private static final String UNFINISHED = ".s3proxy-mpu-";

    private final ObjectCreated.Listener listener;

    NotifyingBlobStore(BlobStore beneath, ObjectCreated.Listener listener) {
        super(beneath);
        this.listener = listener;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
        PutObjectResponse written = super.putBlob(request, body);
        tell(request.bucket(), request.key());
        return written;
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        CopyObjectResponse written = super.copyBlob(request);
        tell(request.destinationBucket(), request.destinationKey());
        return written;
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        CompleteMultipartUploadResponse written = super.completeMultipartUpload(upload, request);
        tell(request.bucket(), request.key());
        return written;
    }

    /** Of the object as it is: answers to writers differ in what they say of it. */
    private void tell(String bucket, String key) {
        if (key.startsWith(UNFINISHED)) {
            return;
        }
        HeadObjectResponse now = blobMetadataIfPresent(bucket, key);
        if (now != null) {
            listener.created(new ObjectCreated(bucket, key, now.contentLength(), now.eTag(), Instant.now()));
        }
    }
}
