package dev.sclera.dataset;

import dev.sclera.problem.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Rows of bytes in a temporary file, so that a dataset's pixels need not fit into memory. Safe for use by several
 * threads that use different rows.
 */
final class Spill implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;
    private final int rowBytes;

    /**
     * @param rows how many rows it will hold
     * @param rowBytes bytes per row
     * @throws StorageException where the temporary folder has not that much space
     */
    Spill(long rows, int rowBytes) {
        this.rowBytes = rowBytes;
        try {
            file = Files.createTempFile("sclera-", ".pixels");
            long free = Files.getFileStore(file).getUsableSpace();
            if (rows * rowBytes > free) {
                Files.delete(file);
                throw full(rows * rowBytes, new IOException("%d bytes are free".formatted(free)));
            }
            channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw full(rows * rowBytes, e);
        }
    }

    void write(long row, byte[] bytes) {
        try {
            ByteBuffer from = ByteBuffer.wrap(bytes, 0, rowBytes);
            while (from.hasRemaining()) {
                channel.write(from, row * rowBytes + from.position());
            }
        } catch (IOException e) {
            throw full(rowBytes, e);
        }
    }

    /** Reads a row into {@code target} from {@code offset} on. */
    void read(long row, byte[] target, int offset) {
        try {
            ByteBuffer into = ByteBuffer.wrap(target, offset, rowBytes);
            while (into.hasRemaining()) {
                if (channel.read(into, row * rowBytes + into.position() - offset) < 0) {
                    throw new IOException("row " + row + " was never written");
                }
            }
        } catch (IOException e) {
            throw new StorageException("The temporary file " + file + " could not be read back. Repeat the import.", e);
        }
    }

    byte[] read(long row) {
        byte[] bytes = new byte[rowBytes];
        read(row, bytes, 0);
        return bytes;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StorageException("The temporary file " + file + " could not be removed. Remove it.", e);
        }
    }

    private static StorageException full(long bytes, IOException cause) {
        return new StorageException(
                "The import needs %d MB in the temporary folder %s, and could not have them: %s. Free some space, or name another folder with -Djava.io.tmpdir=…."
                        .formatted(bytes / 1_000_000 + 1, System.getProperty("java.io.tmpdir"), cause.getMessage()),
                cause);
    }
}
