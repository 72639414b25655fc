package io.sluice.block.driver;

import io.sluice.block.Segments;
import org.jspecify.annotations.Nullable;

/**
 * The segments of the transfer in each slot, for a session that needs them after the submission. They are copies, so that nobody changes them once they
 * were checked, and are made with the first such transfer of a slot. One thread at a time.
 */
public final class SlotSegments {
    private static final int SMALLEST = 16;

    private final @Nullable Segments[] copies;

    /** Segments of that many slots, numbered from 0. */
    public SlotSegments(int slots) {
        this.copies = new Segments[slots];
    }

    /** Copies the segments of the transfer that takes a slot; allocates only where the slot never held as many. */
    public Segments hold(int slot, Segments segments) {
        Segments copy = copies[slot];
        if (copy == null || copy.capacity() < segments.count()) {
            copy = new Segments(Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, 2 * segments.count() - 1))));
            copies[slot] = copy;
        }
        return copy.copy(segments);
    }

    /** What {@link #hold} returned last. */
    public Segments of(int slot) {
        Segments copy = copies[slot];
        if (copy == null) {
            throw new IllegalStateException("slot " + slot + " never held segments");
        }
        return copy;
    }
}
