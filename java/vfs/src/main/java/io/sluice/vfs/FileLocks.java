package io.sluice.vfs;

import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.List;

/** The locks on one file. They hold within this JVM, on whose behalf every lock is taken; who else may reach a device is not theirs to say. Any thread. */
final class FileLocks {
    private final List<Held> held = new ArrayList<>();

    /** Takes a lock; the channel is open. */
    synchronized FileLock take(FileChannel channel, long position, long size, boolean shared) {
        return add(new Held(this, channel, position, size, shared));
    }

    /** Takes a lock; the channel is open. */
    synchronized FileLock take(AsynchronousFileChannel channel, long position, long size, boolean shared) {
        return add(new Held(this, channel, position, size, shared));
    }

    private FileLock add(Held lock) {
        for (Held other : held) {
            if (other.overlaps(lock.position(), lock.size())) {
                throw new OverlappingFileLockException();
            }
        }
        held.add(lock);
        return lock;
    }

    /** Gives up the locks of a channel that is closed. */
    synchronized void releaseAll(Object channel) {
        held.removeIf(lock -> lock.acquiredBy() == channel && lock.invalidate());
    }

    private synchronized void release(Held lock) {
        if (lock.invalidate()) {
            boolean ignored = held.remove(lock);
        }
    }

    private static final class Held extends FileLock {
        private final FileLocks locks;
        private volatile boolean valid = true;

        Held(FileLocks locks, FileChannel channel, long position, long size, boolean shared) {
            super(channel, position, size, shared);
            this.locks = locks;
        }

        Held(FileLocks locks, AsynchronousFileChannel channel, long position, long size, boolean shared) {
            super(channel, position, size, shared);
            this.locks = locks;
        }

        boolean invalidate() {
            boolean was = valid;
            valid = false;
            return was;
        }

        @Override
        public boolean isValid() {
            return valid && acquiredBy().isOpen();
        }

        @Override
        public void release() throws ClosedChannelException {
            if (!acquiredBy().isOpen()) {
                throw new ClosedChannelException();
            }
            locks.release(this);
        }
    }
}
