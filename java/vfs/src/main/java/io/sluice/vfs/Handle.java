package io.sluice.vfs;

import io.sluice.block.BlockIoException;
import io.sluice.block.JobCancelledException;
import io.sluice.block.JobException;
import io.sluice.block.Operation;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * One opening of a file: what the channels have in common. Whoever calls has gone through the {@link #gate}. Any thread; nothing is allocated as long as
 * one thread at a time reads and writes, and succeeds.
 */
final class Handle {
    private static final VarHandle SPARE;

    static {
        try {
            SPARE = MethodHandles.lookup().findVarHandle(Handle.class, "spare", Request.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final String path;
    private final BlockFile file;
    private final OpenMode mode;
    private final long size;
    private final Relay relay;
    private final Gate gate = new Gate();
    private final Operation write;
    /** How many syncs of the device had failed when it was opened. */
    private final int failedSyncs;

    private final @Nullable Window window;
    private final Runnable forget;
    private boolean released;

    @SuppressWarnings("unused") // by SPARE
    private volatile @Nullable Request spare = new Request(gate);

    /**
     * Opens a file.
     *
     * @param path what messages call it
     * @param forget is run when the handle is closed
     */
    Handle(String path, BlockFile file, OpenMode mode, Runnable forget) throws IOException {
        this.path = path;
        this.file = file;
        this.mode = mode;
        this.size = file.size();
        this.write = mode.durable() ? Operation.WRITE_DURABLE : Operation.WRITE;
        Medium.FailedSync failed = file.medium().failedSync();
        this.failedSyncs = failed == null ? 0 : failed.count();
        this.relay = file.acquire(mode.write());
        this.window = mode.readAheadBytes() + mode.writeWindowBytes() == 0
                ? null
                : file.medium().windows().add(new Window(this, mode.readAheadBytes(), mode.writeWindowBytes()));
        this.forget = forget;
    }

    String path() {
        return path;
    }

    BlockFile file() {
        return file;
    }

    OpenMode mode() {
        return mode;
    }

    Relay relay() {
        return relay;
    }

    Gate gate() {
        return gate;
    }

    long size() {
        return size;
    }

    /** Reads as much as remains in the buffer and the file; -1 at its end. */
    int read(ByteBuffer into, long position) throws IOException {
        int length = readable(into, position);
        if (length <= 0) {
            return length;
        }
        file.settle(position, length, window);
        return window == null ? readDevice(into, position, length) : window.read(into, position, length);
    }

    /** How many bytes a read gives: -1 at the end of the file. */
    int readable(ByteBuffer into, long position) {
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("the buffer to read into is read-only");
        }
        if (!into.hasRemaining()) {
            return 0;
        }
        long left = size - position;
        return left <= 0 ? -1 : (int) Math.min(into.remaining(), left);
    }

    /** Reads without regard to windows. */
    int readDevice(ByteBuffer into, long position, int length) throws IOException {
        return transfer(Operation.READ, position, length, into);
    }

    /** Writes all that remains in the buffer, or nothing when it does not fit. */
    int write(ByteBuffer from, long position) throws IOException {
        int length = from.remaining();
        if (length == 0) {
            return 0;
        }
        checkFits(position, length);
        file.settle(position, length, window);
        try {
            return window == null ? writeDevice(from, position, length) : window.write(from, position, length);
        } finally {
            // Some of it may have been written, too, when the rest failed.
            file.outdate(position, length, window);
        }
    }

    /** Writes without regard to windows. */
    int writeDevice(ByteBuffer from, long position, int length) throws IOException {
        return transfer(write, position, length, from);
    }

    /** Refuses what would end behind the file. */
    void checkFits(long position, long length) throws FileSystemException {
        if (position > size - length) {
            throw new FileSystemException(
                    path,
                    null,
                    "no space left on the device: " + length + " bytes at byte " + position + " do not fit into its "
                            + size + " bytes, and nothing was written");
        }
    }

    /** Refuses a size that is smaller than it is: the size of a device is fixed. */
    void checkTruncate(long wanted) throws FileSystemException {
        if (wanted < size) {
            throw new FileSystemException(
                    path, null, "its size is fixed at " + size + " bytes; it cannot be cut to " + wanted);
        }
    }

    private int transfer(Operation operation, long position, int length, ByteBuffer bytes) throws IOException {
        Request request = (Request) SPARE.getAndSet(this, null);
        if (request == null) {
            request = new Request(gate);
        }
        relay.perform(request.of(operation, position, length, bytes));
        BlockIoException failure = request.failure();
        SPARE.setRelease(this, request);
        if (failure != null) {
            throw told(failure);
        }
        ByteBuffer ignored = bytes.position(bytes.position() + length);
        return length;
    }

    /** Reads or writes several buffers at neighbouring places, all in flight together; returns how many bytes. */
    long transferAll(Operation operation, ByteBuffer[] buffers, int offset, int count, long position)
            throws IOException {
        Request[] requests = new Request[count];
        ByteBuffer[] named = new ByteBuffer[count];
        int asked = 0;
        long at = position;
        for (int i = offset; i < offset + count && at < size; i++) {
            int length = (int) Math.min(buffers[i].remaining(), size - at);
            if (length > 0) {
                named[asked] = buffers[i];
                requests[asked++] = new Request(gate).of(operation, at, length, buffers[i]);
                at += length;
            }
        }
        file.settle(position, at - position, null);
        relay.performAll(requests, asked);
        if (operation != Operation.READ) {
            file.outdate(position, at - position, null);
        }
        BlockIoException first = null;
        for (int i = 0; i < asked; i++) {
            BlockIoException failure = requests[i].failure();
            if (first == null) {
                first = failure;
            } else if (failure != null && failure != first) {
                first.addSuppressed(failure);
            }
        }
        if (first != null) {
            throw told(first);
        }
        for (int i = 0; i < asked; i++) {
            // Who names a buffer twice has the same bytes of it transferred twice.
            ByteBuffer buffer = named[i];
            ByteBuffer ignored = buffer.position(Math.min(buffer.limit(), buffer.position() + requests[i].length()));
        }
        return at - position;
    }

    /** What writes are to be. */
    Operation writing() {
        return write;
    }

    /**
     * Makes durable what was written through any handle of the file. Once that failed, the device may have dropped what it could not keep: then no handle that was open
     * by then ever hears that its data is durable.
     */
    void sync() throws IOException {
        file.medium().windows().flushAll();
        checkSynced();
        Request request = new Request(gate).of(Operation.SYNC, 0, 0, null);
        relay.perform(request);
        BlockIoException failure = request.failure();
        if (failure != null) {
            syncFailed(file, failure, gate);
            throw told(failure);
        }
        // One that failed beside this one may have been about the same data.
        checkSynced();
    }

    /** Remembers a sync that failed, but not one that was given up. */
    static void syncFailed(BlockFile file, BlockIoException failure, Gate gate) {
        boolean given =
                failure instanceof JobCancelledException || (gate.isClosed() && !(failure instanceof JobException));
        if (!given) {
            file.medium().syncFailed(failure);
        }
    }

    void checkSynced() throws IOException {
        Medium.FailedSync failed = file.medium().failedSync();
        if (failed != null && failed.count() != failedSyncs) {
            FileSystemException again = new FileSystemException(
                    path,
                    null,
                    "a sync failed while it was open, so what was written before may be lost: open it again and write that again");
            again.initCause(failed.failure());
            throw again;
        }
    }

    private static IOException told(BlockIoException failure) {
        return failure instanceof JobException job ? job.again() : failure;
    }

    /**
     * Closes it: nothing more of its requests is begun, those that the device has are waited for, what its window holds is written, and the session is given back. Idempotent.
     *
     * @param channel whose locks end
     */
    void close(Object channel) throws IOException {
        gate.close();
        file.locks().releaseAll(channel);
        relay.drain(gate);
        synchronized (this) {
            if (released) {
                return;
            }
            released = true;
        }
        try {
            if (window != null) {
                file.medium().windows().remove(window);
                window.flush();
            }
        } finally {
            forget.run();
            file.release(relay);
        }
    }

    @Override
    public String toString() {
        return path;
    }
}
