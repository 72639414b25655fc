package io.sluice.emulator;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The doorbell registers (sections 3.1.24, 3.1.25): memory that the host stores to, and that the controller looks at. The load of a doorbell is
 * an acquire load, so that the queue entries that the host wrote before it rang are there when they are read.
 */
final class Doorbells {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer memory;
    private final int strideBytes;
    private final int queues;

    /**
     * Doorbells of queues 0 to {@code queues - 1}.
     *
     * @param strideBytes distance of two doorbells (CAP.DSTRD)
     */
    Doorbells(ByteBuffer memory, int strideBytes, int queues) {
        this.memory = memory;
        this.strideBytes = strideBytes;
        this.queues = queues;
    }

    int submissionTail(int queue) {
        return (int) INT.getAcquire(memory, 2 * queue * strideBytes) & 0xffff;
    }

    int completionHead(int queue) {
        return (int) INT.getAcquire(memory, (2 * queue + 1) * strideBytes) & 0xffff;
    }

    /** Puts a valid value in the place of one that was refused, unless the host has rung again: the next ring is to be seen, be it the same value. */
    void restoreSubmissionTail(int queue, int refused, int value) {
        restore(2 * queue * strideBytes, refused, value);
    }

    void restoreCompletionHead(int queue, int refused, int value) {
        restore((2 * queue + 1) * strideBytes, refused, value);
    }

    private void restore(int at, int refused, int value) {
        int there = (int) INT.getVolatile(memory, at);
        if ((there & 0xffff) == refused) {
            boolean ignored = INT.compareAndSet(memory, at, there, value);
        }
    }

    void clear(int queue) {
        clearSubmission(queue);
        clearCompletion(queue);
    }

    void clearSubmission(int queue) {
        INT.setVolatile(memory, 2 * queue * strideBytes, 0);
    }

    void clearCompletion(int queue) {
        INT.setVolatile(memory, (2 * queue + 1) * strideBytes, 0);
    }

    /** Whether a doorbell of a queue that does not exist was rung; takes the value away. */
    boolean takeStray(int queue, boolean completion) {
        int at = (2 * queue + (completion ? 1 : 0)) * strideBytes;
        if ((int) INT.getOpaque(memory, at) == 0) {
            return false;
        }
        INT.setVolatile(memory, at, 0);
        return true;
    }

    int queues() {
        return queues;
    }
}
