package io.sluice.vfs;

import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A {@link FileChannel} on a device or partition: a file whose size is fixed. Any offset and length, any buffer. What is written has reached the device when the call
 * returns, and is durable after {@link #force}. A write that would end behind the file throws, and writes nothing.
 *
 * <p>A read or write runs on the thread that calls it, which submits and polls itself unless another thread that uses the same file is about it. Interrupting that thread, or
 * closing the channel, ends the call as {@link java.nio.channels.InterruptibleChannel} says, once the device no longer uses the memory; the device stays as
 * it is.
 */
final class BlockChannel extends FileChannel {
    private static final int COPY_BYTES = 1 << 20;

    private final Handle handle;
    private final Gate gate;
    private final ReentrantLock positionLock = new ReentrantLock();
    private long position;

    BlockChannel(Handle handle) {
        this.handle = handle;
        this.gate = handle.gate();
    }

    private void enter() throws ClosedChannelException {
        if (!gate.enter()) {
            throw new ClosedChannelException();
        }
    }

    private void checkOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private void checkReadable() throws ClosedChannelException {
        checkOpen();
        if (!handle.mode().read()) {
            throw new NonReadableChannelException();
        }
    }

    private void checkWriteable() throws ClosedChannelException {
        checkOpen();
        if (!handle.mode().write()) {
            throw new NonWritableChannelException();
        }
    }

    private static void checkPosition(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("position " + position + ": expected 0 or more");
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        checkReadable();
        positionLock.lock();
        try {
            int read = readAt(into, position);
            position += Math.max(read, 0);
            return read;
        } finally {
            positionLock.unlock();
        }
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
        Objects.requireNonNull(into, "into");
        checkPosition(at);
        checkReadable();
        return readAt(into, at);
    }

    private int readAt(ByteBuffer into, long at) throws IOException {
        boolean completed = false;
        try {
            begin();
            enter();
            try {
                int read = handle.read(into, at);
                completed = true;
                return read;
            } finally {
                gate.leave();
            }
        } finally {
            end(completed);
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        checkWriteable();
        positionLock.lock();
        try {
            long at = writePosition();
            int written = writeAt(from, at);
            position = at + written;
            return written;
        } finally {
            positionLock.unlock();
        }
    }

    private long writePosition() {
        return handle.mode().append() ? handle.size() : position;
    }

    @Override
    public int write(ByteBuffer from, long at) throws IOException {
        Objects.requireNonNull(from, "from");
        checkPosition(at);
        checkWriteable();
        return writeAt(from, at);
    }

    private int writeAt(ByteBuffer from, long at) throws IOException {
        boolean completed = false;
        try {
            begin();
            enter();
            try {
                int written = handle.write(from, at);
                completed = true;
                return written;
            } finally {
                gate.leave();
            }
        } finally {
            end(completed);
        }
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        checkReadable();
        long wanted = 0;
        for (int i = offset; i < offset + length; i++) {
            if (into[i].isReadOnly()) {
                throw new IllegalArgumentException("buffer " + i + " to read into is read-only");
            }
            wanted += into[i].remaining();
        }
        positionLock.lock();
        try {
            if (wanted > 0 && position >= handle.size()) {
                return -1;
            }
            long read = transferAll(Operation.READ, into, offset, length, position);
            position += read;
            return read;
        } finally {
            positionLock.unlock();
        }
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        checkWriteable();
        long wanted = 0;
        for (int i = offset; i < offset + length; i++) {
            wanted += from[i].remaining();
        }
        positionLock.lock();
        try {
            long at = writePosition();
            if (wanted > 0) {
                handle.checkFits(at, wanted);
            }
            long written = transferAll(handle.writing(), from, offset, length, at);
            position = at + written;
            return written;
        } finally {
            positionLock.unlock();
        }
    }

    private long transferAll(Operation operation, ByteBuffer[] buffers, int offset, int length, long at)
            throws IOException {
        boolean completed = false;
        try {
            begin();
            enter();
            try {
                long transferred = handle.transferAll(operation, buffers, offset, length, at);
                completed = true;
                return transferred;
            } finally {
                gate.leave();
            }
        } finally {
            end(completed);
        }
    }

    @Override
    public long position() throws IOException {
        checkOpen();
        positionLock.lock();
        try {
            return writePosition();
        } finally {
            positionLock.unlock();
        }
    }

    @Override
    public FileChannel position(long at) throws IOException {
        checkOpen();
        checkPosition(at);
        positionLock.lock();
        try {
            position = at;
            return this;
        } finally {
            positionLock.unlock();
        }
    }

    @Override
    public long size() throws IOException {
        checkOpen();
        return handle.size();
    }

    /**
     * Does nothing but move a position that is behind the new end.
     *
     * @throws java.nio.file.FileSystemException when the new size is smaller: the size of a device is fixed
     */
    @Override
    public FileChannel truncate(long size) throws IOException {
        checkPosition(size);
        checkWriteable();
        handle.checkTruncate(size);
        positionLock.lock();
        try {
            position = Math.min(position, size);
            return this;
        } finally {
            positionLock.unlock();
        }
    }

    @Override
    public void force(boolean metadata) throws IOException {
        checkOpen();
        boolean completed = false;
        try {
            begin();
            enter();
            try {
                handle.sync();
                completed = true;
            } finally {
                gate.leave();
            }
        } finally {
            end(completed);
        }
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        Objects.requireNonNull(target, "target");
        checkReadable();
        checkTransfer(from, count);
        if (!target.isOpen()) {
            throw new ClosedChannelException();
        }
        long wanted = Math.min(count, handle.size() - from);
        if (wanted <= 0) {
            return 0;
        }
        ByteBuffer copy = ByteBuffer.allocateDirect((int) Math.min(wanted, COPY_BYTES));
        long done = 0;
        while (done < wanted) {
            int length = (int) Math.min(copy.capacity(), wanted - done);
            int read = readAt(copy.clear().limit(length), from + done);
            if (read <= 0) {
                break;
            }
            int written = target.write(copy.flip());
            done += written;
            if (written < read) {
                // The target takes no more for now.
                break;
            }
        }
        return done;
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) throws IOException {
        Objects.requireNonNull(source, "source");
        checkWriteable();
        checkTransfer(to, count);
        if (!source.isOpen()) {
            throw new ClosedChannelException();
        }
        if (to > handle.size() || count == 0) {
            return 0;
        }
        ByteBuffer copy = ByteBuffer.allocateDirect((int) Math.min(count, COPY_BYTES));
        long done = 0;
        while (done < count) {
            // At the end of the file one byte shows whether the source has more than fits.
            long fits = Math.max(1, handle.size() - to - done);
            int length = (int) Math.min(Math.min(copy.capacity(), count - done), fits);
            int read = source.read(copy.clear().limit(length));
            if (read <= 0) {
                break;
            }
            done += writeAt(copy.flip(), to + done);
        }
        return done;
    }

    private static void checkTransfer(long at, long count) {
        if (at < 0 || count < 0) {
            throw new IllegalArgumentException(count + " bytes at byte " + at + ": neither can be negative");
        }
    }

    /** Not supported: what is not in the page cache cannot be mapped. */
    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) {
        throw new UnsupportedOperationException(
                "the blocks of a device that no kernel knows cannot be mapped into memory; read them into a buffer");
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) throws IOException {
        // What another channel of this JVM holds is refused, not waited for; and nobody else can hold anything.
        return tryLock(at, size, shared);
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) throws IOException {
        checkOpen();
        if (shared && !handle.mode().read()) {
            throw new NonReadableChannelException();
        }
        if (!shared && !handle.mode().write()) {
            throw new NonWritableChannelException();
        }
        FileLock lock = handle.file().locks().take(this, at, size, shared);
        if (!isOpen()) {
            // Its close may have been through with the locks.
            handle.file().locks().releaseAll(this);
            throw new ClosedChannelException();
        }
        return lock;
    }

    @Override
    protected void implCloseChannel() throws IOException {
        handle.close(this);
    }

    @Override
    public String toString() {
        return handle.path();
    }
}
