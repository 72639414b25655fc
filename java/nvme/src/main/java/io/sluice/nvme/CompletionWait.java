package io.sluice.nvme;

import io.sluice.pci.Interrupt;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Waits for a completion in a session's queue: on the interrupt where there is one, by looking again and again otherwise. */
final class CompletionWait {
    /** Why a wait ended. */
    enum End {
        /** A completion is there. */
        COMPLETION,
        /** The controller failed, or a command is overdue. */
        TROUBLE,
        /** Somebody wanted it to end. */
        WOKEN,
        /** The time is over. */
        TIME,
        /** The session was closed meanwhile. */
        CLOSED
    }

    /** How long it sleeps before it looks at the queue by itself, in case an interrupt was lost. */
    private static final long LONGEST_SLEEP_NANOS = 100_000_000;

    private final NvmeSession session;
    private final QueuePair queue;
    private final Lookout lookout;
    private final @Nullable Interrupt interrupt;
    private volatile boolean woken;

    CompletionWait(NvmeSession session, QueuePair queue, Lookout lookout, @Nullable Interrupt interrupt) {
        this.session = session;
        this.queue = queue;
        this.lookout = lookout;
        this.interrupt = interrupt;
    }

    boolean hasInterrupt() {
        return interrupt != null;
    }

    /** Ends the wait that is under way, or else the next one. Any thread. */
    void wake() {
        woken = true;
        if (interrupt != null) {
            interrupt.wake();
        }
    }

    /**
     * Waits. The session's thread.
     *
     * @param timeoutNanos nanoseconds, 0 only looks
     */
    End await(long timeoutNanos) throws IOException {
        if (queue.ready()) {
            return End.COMPLETION;
        }
        long start = System.nanoTime();
        long nextLook = start + LONGEST_SLEEP_NANOS;
        while (true) {
            long now = System.nanoTime();
            long left = timeoutNanos - (now - start);
            if (left <= 0) {
                return End.TIME;
            }
            if (interrupt != null) {
                boolean ignored = interrupt.await(Math.min(left, LONGEST_SLEEP_NANOS));
            } else {
                Thread.onSpinWait();
            }
            if (session.isClosed()) {
                return End.CLOSED;
            }
            if (queue.ready()) {
                return End.COMPLETION;
            }
            if (woken) {
                woken = false;
                return End.WOKEN;
            }
            if (now - nextLook > 0) {
                nextLook = now + LONGEST_SLEEP_NANOS;
                if (lookout.seesTrouble(now)) {
                    return End.TROUBLE;
                }
            }
        }
    }
}
