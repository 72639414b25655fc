package io.sluice.emulator;

import io.sluice.pci.DmaMap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A completion queue (section 4.1) as the controller sees it. An entry is written with its last two doublewords at the end, by one release store: they
 * hold the phase bit, on which the host waits.
 */
final class CompletionQueue {
    static final int ENTRY_BYTES = 16;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int id;
    private final int entries;
    private final long address;
    private final int vector;
    private int tail;
    private int head;
    private int reserved;
    private int users;
    private int phase = 1;
    private boolean interruptDue;
    private @Nullable ByteBuffer memory;
    private int base;

    /**
     * An empty queue.
     *
     * @param vector interrupt vector, -1 = none
     */
    CompletionQueue(int id, int entries, long address, int vector) {
        this.id = id;
        this.entries = entries;
        this.address = address;
        this.vector = vector;
    }

    /** Finds the queue's memory; false when it is not there, or not in one piece. */
    boolean locate(DmaMap map) {
        int piece = map.find(address);
        if (piece < 0 || map.available(piece, address) < entries * ENTRY_BYTES || !map.writeable(piece)) {
            memory = null;
            return false;
        }
        base = map.position(piece, address);
        // Entries are written by single stores, which memory that is not aligned as its address says does not take.
        memory = map.memory(piece).alignmentOffset(base, Long.BYTES) == 0 ? map.memory(piece) : null;
        return memory != null;
    }

    void forget() {
        memory = null;
    }

    int id() {
        return id;
    }

    int entries() {
        return entries;
    }

    int vector() {
        return vector;
    }

    int head() {
        return head;
    }

    /**
     * Takes over what the host's doorbell says.
     *
     * @return false when it names an entry that was not written
     */
    boolean head(int value) {
        int ahead = value - head;
        if (ahead < 0) {
            ahead += entries;
        }
        if (value >= entries || ahead > used()) {
            return false;
        }
        head = value;
        return true;
    }

    private int used() {
        int used = tail - head;
        return used < 0 ? used + entries : used;
    }

    /** Whether one more entry has room beside those that commands under way will need. */
    boolean hasRoom() {
        return used() + reserved < entries - 1;
    }

    /** Keeps room for the completion of a command that was fetched. */
    void reserve() {
        reserved++;
    }

    void release() {
        reserved--;
    }

    /** Submission queues that complete here. */
    int users() {
        return users;
    }

    void users(int change) {
        users += change;
    }

    /**
     * Writes an entry, for which there is room.
     *
     * @param identifiers SQ head pointer, SQ identifier and command identifier, in the bits of doublewords 2 and 3
     * @param flipped whether to write the phase bit of the round before
     * @return false when the queue's memory was taken away
     */
    boolean post(int result, long identifiers, int status, boolean flipped) {
        ByteBuffer entry = memory;
        if (entry == null) {
            return false;
        }
        int at = base + tail * ENTRY_BYTES;
        entry.putLong(at, result & 0xffff_ffffL);
        int bit = flipped ? 1 - phase : phase;
        LONG.setRelease(entry, at + 8, identifiers | (long) (status << 1 | bit) << 48);
        if (!flipped) {
            tail++;
            if (tail == entries) {
                tail = 0;
                phase = 1 - phase;
            }
        }
        interruptDue = vector >= 0;
        return true;
    }

    /** Whether an interrupt is to be raised for what was written since the last call. */
    boolean takeInterrupt() {
        boolean due = interruptDue;
        interruptDue = false;
        return due;
    }
}
