package io.sluice.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A regular file as a device, through the kernel's page cache. Completed writes are in the cache: {@link Operation#SYNC} and {@link
 * Operation#WRITE_DURABLE} force them to the disk. The file is locked while it is open, so that two programs that use it through this class do not
 * destroy each other's data.
 *
 * <p>Interrupting a thread in the middle of an operation closes the file: every operation after that fails, and the device has to be opened again.
 */
public final class FileDevice implements BlockDevice {
    private static final int MOST_TRANSFER_BYTES = 1 << 30;

    private final StoreDevice device;

    FileDevice(StoreDevice device) {
        this.device = device;
    }

    /**
     * Opens a file.
     *
     * @throws IOException when it does not exist and no size is given, is no regular file, is empty, has a size that is no multiple of the block
     *     size, or is in use
     */
    public static FileDevice open(Path path, FileDeviceOptions options) throws IOException {
        boolean exists = Files.exists(path);
        if (exists && !Files.isRegularFile(path)) {
            throw new IOException(path + " is no regular file");
        }
        if (!exists && options.sizeBytes() == 0) {
            throw new IOException(path + " does not exist; give a size to create it");
        }
        Set<OpenOption> how = options.writeable()
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
                : Set.of(StandardOpenOption.READ);
        FileChannel channel = FileChannel.open(path, how);
        boolean opened = false;
        try {
            lock(path, channel, options.writeable());
            long bytes = extend(channel, options.sizeBytes());
            Geometry geometry = geometry(path, bytes, options);
            opened = true;
            return new FileDevice(new StoreDevice(path.toString(), geometry, new FileStore(channel)));
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    private static void lock(Path path, FileChannel channel, boolean exclusive) throws IOException {
        try {
            if (channel.tryLock(0, Long.MAX_VALUE, !exclusive) != null) {
                return;
            }
        } catch (OverlappingFileLockException inThisProcess) {
            throw new IOException(path + " is open as a device in this process already", inThisProcess);
        }
        throw new IOException(path + " is in use by another process, which locked it");
    }

    private static long extend(FileChannel channel, long wanted) throws IOException {
        long bytes = channel.size();
        if (bytes < wanted) {
            int ignored = channel.write(ByteBuffer.allocate(1), wanted - 1);
            return wanted;
        }
        return bytes;
    }

    private static Geometry geometry(Path path, long bytes, FileDeviceOptions options) throws IOException {
        int blockBytes = options.blockBytes();
        if (bytes < blockBytes || bytes % blockBytes != 0) {
            throw new IOException(path + " has " + bytes + " bytes, which is no whole number of blocks of " + blockBytes
                    + "; give a size or another block size");
        }
        long blocks = bytes / blockBytes;
        return new Geometry(
                blockBytes, blocks, options.writeable(), 1, MOST_TRANSFER_BYTES / blockBytes, blocks, blocks, true);
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public Geometry geometry() {
        return device.geometry();
    }

    /** Opens a session. There is no limit to their number, and each may be used by another thread. */
    @Override
    public BlockSession open(SessionOptions options) throws IOException {
        return device.open(options);
    }

    @Override
    public void acknowledgeDataLoss() {
        device.syncFailure().acknowledge();
    }

    /** Closes the file and every session. What was not synced is written by the kernel when it likes. */
    @Override
    public void close() throws IOException {
        device.close();
    }

    @Override
    public String toString() {
        return name() + " " + geometry().blockCount() + " blocks of "
                + geometry().blockBytes() + " bytes";
    }
}
