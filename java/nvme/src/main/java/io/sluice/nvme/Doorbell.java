package io.sluice.nvme;

import io.sluice.pci.RegisterSpace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A doorbell of a queue (sections 3.1.24, 3.1.25), with its shadow in memory where the controller was given one (section 5.7). One
 * thread at a time.
 *
 * <p>Memory order: the value is stored by a release store, so that no compiler and no CPU lets the controller see it before what
 * it tells of. With a shadow the controller's index must be read after the shadow is in memory, or each side could miss what
 * the other just wrote: the controller that it is to look once more, this side that it is to ring. Only a full fence keeps a
 * load behind a store.
 */
final class Doorbell {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int INDEX = 0xffff;

    private final @Nullable ByteBuffer mapped;
    private final @Nullable ByteBuffer shadow;
    private final @Nullable ByteBuffer eventIndex;
    private int told;
    private final RegisterSpace registers;
    private final long offset;

    /**
     * A doorbell that stands at 0, as after its queue was created.
     *
     * @param offset in the registers, bytes
     * @param shadow 4 bytes that hold 0, for the controller to read; null = none
     * @param eventIndex 4 bytes that the controller writes; null = none
     */
    Doorbell(RegisterSpace registers, long offset, @Nullable ByteBuffer shadow, @Nullable ByteBuffer eventIndex) {
        this.registers = registers;
        this.offset = offset;
        this.mapped = registers.mapped(offset, Integer.BYTES);
        this.shadow = shadow;
        this.eventIndex = eventIndex;
    }

    /** Tells the controller a new value: the tail of a submission queue, the head of a completion queue. */
    void ring(int value) {
        if (shadow != null && eventIndex != null && !passesEvent(shadow, eventIndex, value)) {
            return;
        }
        if (mapped != null) {
            INT.setRelease(mapped, 0, value);
        } else {
            registers.write32(offset, value);
        }
    }

    /** Stores the shadow; whether the value passes the index up to which the controller looks by itself. */
    private boolean passesEvent(ByteBuffer shadow, ByteBuffer eventIndex, int value) {
        INT.setRelease(shadow, 0, value);
        VarHandle.fullFence();
        int event = (int) INT.getOpaque(eventIndex, 0);
        int before = told;
        told = value;
        // Whether the event is one of before … value - 1, counted modulo 2^16. Where the queue wrapped this also holds
        // for
        // indexes that it does not have, which no controller waits at.
        return (value - event - 1 & INDEX) < (value - before & INDEX);
    }
}
