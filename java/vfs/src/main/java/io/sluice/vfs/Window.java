package io.sluice.vfs;

import io.sluice.block.BlockIoException;
import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a handle keeps in memory because it was asked to: bytes that follow those that were read, and bytes that were written and have not reached the
 * device. Its lock is held while it reads and writes the device; nobody who holds it waits for the lock of another.
 */
final class Window {
    private final Handle handle;
    private final ReentrantLock lock = new ReentrantLock();
    /** Of its own, since what is gathered is written when the handle's is closed. */
    private final Gate gate = new Gate();

    private final ByteBuffer ahead;
    private long aheadStart;
    private int aheadLength;
    /** How often something was written, here or through another handle; may wrap. */
    private int outdated;
    /** Where the last read ended: one that starts there follows it. */
    private long lastRead = -1;

    private final ByteBuffer gathered;
    private long gatheredStart;
    private volatile int gatheredLength;

    Window(Handle handle, int aheadBytes, int gatheredBytes) {
        this.handle = handle;
        this.ahead = ByteBuffer.allocateDirect(aheadBytes);
        this.gathered = ByteBuffer.allocateDirect(gatheredBytes);
    }

    /** Reads from what was read ahead, or ahead, or neither. The caller holds no window's lock. */
    int read(ByteBuffer into, long position, int length) throws IOException {
        int before;
        lock.lock();
        try {
            flush();
            boolean follows = position == lastRead;
            lastRead = position + length;
            if (holds(position)) {
                return take(into, position, length);
            }
            if (!follows || length > ahead.capacity() / 2) {
                return handle.readDevice(into, position, length);
            }
            before = outdated;
        } finally {
            lock.unlock();
        }
        // Who has gathered by now is made to write it; who gathers from now on outdates this window before its write
        // returns.
        handle.file().settle(position, aheadBytes(position), this);
        lock.lock();
        try {
            flush();
            fill(position);
            int read = take(into, position, length);
            if (outdated != before) {
                aheadLength = 0;
            }
            return read;
        } finally {
            lock.unlock();
        }
    }

    private boolean holds(long position) {
        return position >= aheadStart && position < aheadStart + aheadLength;
    }

    private int aheadBytes(long position) {
        return (int) Math.min(ahead.capacity(), handle.size() - position);
    }

    private void fill(long position) throws IOException {
        aheadLength = 0;
        int read = handle.readDevice(ahead.clear(), position, aheadBytes(position));
        aheadStart = position;
        aheadLength = read;
    }

    private int take(ByteBuffer into, long position, int length) throws IOException {
        int there = (int) Math.min(length, aheadStart + aheadLength - position);
        into.put(into.position(), ahead, (int) (position - aheadStart), there);
        ByteBuffer ignored = into.position(into.position() + there);
        return there == length ? length : there + handle.readDevice(into, position + there, length - there);
    }

    /** Gathers a write, or writes it. */
    int write(ByteBuffer from, long position, int length) throws IOException {
        lock.lock();
        try {
            long end = position + length;
            forgetAhead(position < aheadStart + aheadLength && aheadStart < end);
            if (length > gathered.capacity()) {
                flush();
                return handle.writeDevice(from, position, length);
            }
            long offset = position - gatheredStart;
            // What begins within the gathered bytes or right behind them joins them.
            if (gatheredLength == 0 || offset < 0 || offset > gatheredLength || offset + length > gathered.capacity()) {
                flush();
                gatheredStart = position;
                offset = 0;
            }
            gathered.put((int) offset, from, from.position(), length);
            gatheredLength = Math.max(gatheredLength, (int) offset + length);
            ByteBuffer ignored = from.position(from.position() + length);
            return length;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is gathered. It stays when that fails, to be tried again. */
    void flush() throws IOException {
        if (gatheredLength == 0) {
            return;
        }
        lock.lock();
        try {
            int length = gatheredLength;
            if (length > 0) {
                Request request = new Request(gate).of(Operation.WRITE, gatheredStart, length, gathered.clear());
                handle.relay().perform(request);
                BlockIoException failure = request.failure();
                if (failure != null) {
                    throw failure;
                }
                gatheredLength = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is gathered when some of it is in these blocks of the device. */
    void flush(long firstBlock, long lastBlock) throws IOException {
        if (gatheredLength == 0) {
            return;
        }
        lock.lock();
        try {
            if (isIn(firstBlock, lastBlock, gatheredStart, gatheredLength)) {
                flush();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The device holds other bytes in these blocks now. */
    void outdate(long firstBlock, long lastBlock) {
        lock.lock();
        try {
            forgetAhead(isIn(firstBlock, lastBlock, aheadStart, aheadLength));
        } finally {
            lock.unlock();
        }
    }

    /** Something was written; what is being read ahead on another thread may be older than that wherever it was. */
    private void forgetAhead(boolean there) {
        outdated++;
        if (there) {
            aheadLength = 0;
        }
    }

    private boolean isIn(long firstBlock, long lastBlock, long start, int length) {
        BlockFile file = handle.file();
        return length > 0 && file.block(start) <= lastBlock && firstBlock <= file.block(start + length - 1);
    }
}
