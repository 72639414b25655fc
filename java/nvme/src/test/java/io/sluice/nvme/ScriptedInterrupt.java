package io.sluice.nvme;

import io.sluice.pci.Interrupt;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An interrupt that a test raises. */
final class ScriptedInterrupt implements Interrupt {
    private final Semaphore raised = new Semaphore(0);
    private volatile Runnable beforeWait = () -> {};

    void raise() {
        raised.release();
    }

    @Override
    public void wake() {
        raise();
    }

    /** What happens each time that the host goes to sleep on it. */
    void beforeWait(Runnable action) {
        beforeWait = action;
    }

    @Override
    public boolean await(long timeoutNanos) throws IOException {
        beforeWait.run();
        try {
            boolean came = raised.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS);
            int ignored = raised.drainPermits();
            return came;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
