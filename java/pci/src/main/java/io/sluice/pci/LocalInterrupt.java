package io.sluice.pci;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An interrupt that one thread of this process raises for another. */
final class LocalInterrupt implements Interrupt {
    private volatile boolean came;
    private volatile boolean closed;
    private volatile @Nullable Thread waiter;

    void raise() {
        came = true;
        LockSupport.unpark(waiter);
    }

    void close() {
        closed = true;
        LockSupport.unpark(waiter);
    }

    @Override
    public boolean await(long timeoutNanos) throws IOException {
        long start = System.nanoTime();
        boolean interrupted = false;
        waiter = Thread.currentThread();
        try {
            while (!came) {
                long left = timeoutNanos - (System.nanoTime() - start);
                if (closed) {
                    throw new ClosedChannelException();
                }
                if (timeoutNanos < 0) {
                    LockSupport.park(this);
                } else if (left > 0) {
                    LockSupport.parkNanos(this, left);
                } else {
                    return false;
                }
                // A thread that is interrupted would not sleep at all: the flag is set again at the end.
                interrupted |= Thread.interrupted();
            }
            came = false;
            return true;
        } finally {
            waiter = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
