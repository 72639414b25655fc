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

    /** Reads from what was read ahead, or ahead, or neither. */
    int read(ByteBuffer into, long position, int length) throws IOException {
        lock.lock();
        try {
            flush();
            boolean follows = position == lastRead;
            lastRead = position + length;
            if (!holds(position)) {
                if (!follows || length > ahead.capacity() / 2) {
                    return handle.readDevice(into, position, length);
                }
                fill(position);
            }
            int there = (int) Math.min(length, aheadStart + aheadLength - position);
            into.put(into.position(), ahead, (int) (position - aheadStart), there);
            ByteBuffer ignored = into.position(into.position() + there);
            return there == length ? length : there + handle.readDevice(into, position + there, length - there);
        } finally {
            lock.unlock();
        }
    }

    private boolean holds(long position) {
        return position >= aheadStart && position < aheadStart + aheadLength;
    }

    private void fill(long position) throws IOException {
        aheadLength = 0;
        int length = (int) Math.min(ahead.capacity(), handle.size() - position);
        int read = handle.readDevice(ahead.clear(), position, length);
        aheadStart = position;
        aheadLength = read;
    }

    /** Gathers a write, or writes it. */
    int write(ByteBuffer from, long position, int length) throws IOException {
        lock.lock();
        try {
            forgetAhead(position, length);
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

    /** Writes what is gathered when some of it is among these bytes. */
    void flush(long position, long length) throws IOException {
        if (gatheredLength == 0) {
            return;
        }
        lock.lock();
        try {
            if (position < gatheredStart + gatheredLength && gatheredStart < position + length) {
                flush();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The device holds other bytes now. */
    void outdate(long position, long length) {
        lock.lock();
        try {
            forgetAhead(position, length);
        } finally {
            lock.unlock();
        }
    }

    private void forgetAhead(long position, long length) {
        if (position < aheadStart + aheadLength && aheadStart < position + length) {
            aheadLength = 0;
        }
    }
}
