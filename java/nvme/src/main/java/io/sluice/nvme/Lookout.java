package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.driver.Counters;
import io.sluice.block.driver.SlotFacts;
import io.sluice.block.driver.WriteBarrier;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then whether the controller of a session still works and which of its commands are overdue, and gives up what will not be answered. For the
 * session's thread alone.
 */
final class Lookout {
    /** How long it is at least between two looks at the controller: reading a register takes as long as many operations. */
    private static final long LOOK_NANOS = 10_000_000;

    private final NvmeSession session;
    private final NvmeController controller;
    private final QueuePair queue;
    private final SlotFacts slots;
    private final WriteBarrier barrier;
    private final Counters counters;
    private final Failures failures;
    private final long deadlineNanos;
    private @Nullable String failure;
    private long lastLook = System.nanoTime();

    /**
     * For a session that was just made.
     *
     * @param deadlineNanos how long a command may take
     */
    Lookout(
            NvmeSession session,
            NvmeController controller,
            QueuePair queue,
            SlotFacts slots,
            WriteBarrier barrier,
            Counters counters,
            Failures failures,
            long deadlineNanos) {
        this.session = session;
        this.controller = controller;
        this.queue = queue;
        this.slots = slots;
        this.barrier = barrier;
        this.counters = counters;
        this.failures = failures;
        this.deadlineNanos = deadlineNanos;
    }

    /** Why nothing will be answered any more; null as far as is known that it will. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Nothing will be answered any more. */
    void failed(String reason) {
        failure = reason;
    }

    /** Whether the last look is long enough ago. */
    boolean isDue(long now) {
        return now - lastLook >= LOOK_NANOS;
    }

    /** Reads the controller's status; returns whether it failed. */
    boolean controllerFailed() {
        if (failure == null) {
            failure = controller.failure();
        }
        return failure != null;
    }

    /**
     * Gives up what is overdue, or everything once the controller failed.
     *
     * @param max most commands to give up: when it is as many, there may be more
     * @param now {@link System#nanoTime}
     * @param punctual whether the queue was seen empty just now; otherwise a command may have been answered since the last look, and has the time since then too
     * @return how many were given up
     */
    int giveUp(Completion completion, int max, long now, boolean punctual) {
        long deadline = punctual ? deadlineNanos : deadlineNanos + (now - lastLook);
        int reported = 0;
        for (int slot = 0; slot < queue.slots() && reported < max; slot++) {
            if (queue.inFlight(slot) && (failure != null || slots.overdue(slot, now, deadline))) {
                reported++;
                giveUp(slot, completion);
            }
        }
        if (reported < max) {
            lastLook = now;
        }
        return reported;
    }

    private void giveUp(int slot, Completion completion) {
        Operation operation = slots.operation(slot);
        long tag = slots.tag(slot);
        BlockIoException trouble = failure != null ? failures.gone(slot, failure) : failures.overdue(slot);
        if (barrier.holds(slot)) {
            // It was never sent.
            barrier.drop(slot);
            queue.cancel(slot);
        } else {
            queue.abandon(slot);
            if (operation.changes() && barrier.completed(slot)) {
                session.pushHeldSyncs();
            }
        }
        counters.failed();
        completion.failed(tag, trouble);
    }

    /** Whether {@link #giveUp} would find something, for whoever waits and reports nothing. */
    boolean seesTrouble(long now) {
        if (queue.inFlight() == 0) {
            return false;
        }
        boolean found = controller.failure() != null;
        for (int slot = 0; slot < queue.slots(); slot++) {
            found |= queue.inFlight(slot) && slots.overdue(slot, now, deadlineNanos);
        }
        return found;
    }
}
