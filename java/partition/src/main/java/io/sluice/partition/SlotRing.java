package io.sluice.partition;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A queue of slot numbers from one thread to one other, with room for all slots, so that it is never full. What is added becomes visible at the next {@link
 * #publish}, all at once.
 */
final class SlotRing {
    private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);

    // The counter that both sides look at has two cache lines of its own, against the prefetcher of pairs.
    private static final int LINE = 16;
    private static final int TAIL = LINE;

    private final long[] counters = new long[3 * LINE];
    private final int[] slots;
    private final int mask;

    /** The producer's: what it added, published or not. */
    private long added;
    /** The consumer's: what it took, and how much of what was published it has seen. */
    private long taken;

    private long seen;

    /**
     * An empty queue.
     *
     * @param room how many slots there are, 1 to 65535
     */
    SlotRing(int room) {
        int capacity = room == 1 ? 1 : Integer.highestOneBit(room - 1) << 1;
        this.slots = new int[capacity];
        this.mask = capacity - 1;
    }

    /** The producer. */
    void add(int slot) {
        slots[(int) added & mask] = slot;
        added++;
    }

    /** Makes visible what was added; a volatile store, so that whoever it wakes afterwards finds it. Returns whether there was anything. The producer. */
    boolean publish() {
        if ((long) COUNTER.getOpaque(counters, TAIL) == added) {
            return false;
        }
        COUNTER.setVolatile(counters, TAIL, added);
        return true;
    }

    /** How many were published and not taken. The consumer. */
    int size() {
        seen = (long) COUNTER.getAcquire(counters, TAIL);
        return (int) (seen - taken);
    }

    /** Whether more was published than {@link #size} saw last. The consumer. */
    boolean hasNews() {
        return (long) COUNTER.getVolatile(counters, TAIL) != seen;
    }

    /** The oldest one; there must be one. The consumer. */
    int peek() {
        return slots[(int) taken & mask];
    }

    /** Takes the oldest one; there must be one. The consumer. */
    int take() {
        int slot = slots[(int) taken & mask];
        taken++;
        return slot;
    }
}
