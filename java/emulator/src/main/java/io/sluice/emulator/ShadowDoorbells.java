package io.sluice.emulator;

import io.sluice.pci.DmaMap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The doorbell buffers (section 5.7): the host keeps its doorbell values in memory, and rings in earnest only when a value passes the one that the controller wrote
 * beside it. Not for the admin queues. For the controller's thread alone.
 */
final class ShadowDoorbells {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final GuestMemory memory;
    private final int strideBytes;
    private final int bytes;
    private boolean configured;
    private long valuesAddress;
    private long eventsAddress;
    private @Nullable ByteBuffer values;
    private @Nullable ByteBuffer events;
    private int valuesAt;
    private int eventsAt;

    /** Off, as after every reset. */
    ShadowDoorbells(GuestMemory memory, int strideBytes, int queues) {
        this.memory = memory;
        this.strideBytes = strideBytes;
        this.bytes = 2 * queues * strideBytes;
    }

    int configure(Command command, int configuration) {
        int pageShift = 12 + (configuration >>> 7 & 0xf);
        long mask = (1L << pageShift) - 1;
        if (((command.pointer1() | command.pointer2()) & mask) != 0 || bytes > 1 << pageShift) {
            return Status.INVALID_FIELD;
        }
        valuesAddress = command.pointer1();
        eventsAddress = command.pointer2();
        configured = true;
        if (!locate(memory.map())) {
            reset();
            return Status.DATA_TRANSFER_ERROR;
        }
        return Status.SUCCESS;
    }

    void reset() {
        configured = false;
        forget();
    }

    void forget() {
        values = null;
        events = null;
    }

    /** Finds the buffers' memory again; where it is gone the doorbells themselves count. */
    boolean locate(DmaMap map) {
        if (!configured) {
            return true;
        }
        int piece = map.find(valuesAddress);
        int eventPiece = map.find(eventsAddress);
        if (piece < 0
                || eventPiece < 0
                || map.available(piece, valuesAddress) < bytes
                || map.available(eventPiece, eventsAddress) < bytes
                || !map.writeable(eventPiece)
                || map.memory(piece).alignmentOffset(map.position(piece, valuesAddress), Integer.BYTES) != 0
                || map.memory(eventPiece).alignmentOffset(map.position(eventPiece, eventsAddress), Integer.BYTES)
                        != 0) {
            forget();
            return false;
        }
        values = map.memory(piece);
        valuesAt = map.position(piece, valuesAddress);
        events = map.memory(eventPiece);
        eventsAt = map.position(eventPiece, eventsAddress);
        return true;
    }

    boolean active() {
        return values != null;
    }

    int submissionTail(int queue) {
        return (int) INT.getAcquire(values, valuesAt + 2 * queue * strideBytes) & 0xffff;
    }

    int completionHead(int queue) {
        return (int) INT.getAcquire(values, valuesAt + (2 * queue + 1) * strideBytes) & 0xffff;
    }

    /**
     * Says up to where the controller has seen the tail: a host that goes beyond rings the doorbell. The store must be in memory before the tail is looked at once
     * more, or both sides could wait for each other.
     */
    void seen(int queue, int tail) {
        INT.setVolatile(events, eventsAt + 2 * queue * strideBytes, tail);
    }
}
