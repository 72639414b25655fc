package io.sluice.block.driver;

import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.Segments;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Transfers whose data goes by a copy, since the device does not reach their memory or cannot name so many places: for each slot a piece of memory that the
 * device reaches. One thread at a time; nothing here allocates but the constructor.
 *
 * <p>The memory of segments may be a mapping that its other side cut short; then a copy throws {@link InternalError}.
 */
public final class Bounces {
    private final BounceMemory memory;
    private final ByteBuffer bytes;
    private final Counters counters;
    private final int[] offsets;
    private final int[] sizes;

    /**
     * Bounces through a buffer.
     *
     * @param buffer at least as large as the largest transfer, which then always fits while no other is under way
     * @param counters count what was done
     */
    public Bounces(IoBuffer buffer, Geometry geometry, Counters counters, int slots) {
        this.memory = new BounceMemory(buffer, buffer.size(), geometry);
        this.bytes = memory.bytes();
        this.counters = counters;
        this.offsets = new int[slots];
        this.sizes = new int[slots];
    }

    /**
     * Takes memory for the transfer of a slot, and copies what is to be written.
     *
     * @param segments as many bytes as the transfer has
     * @return its offset in the buffer; negative when there is no memory now
     * @throws InternalError when memory of the segments is gone; then none was taken
     */
    public int begin(int slot, Operation operation, Segments segments) {
        int size = (int) segments.bytes();
        int offset = memory.take(size);
        if (offset < 0) {
            return offset;
        }
        offsets[slot] = offset;
        sizes[slot] = size;
        if (operation.changes()) {
            boolean copied = false;
            try {
                copyOut(offset, segments);
                copied = true;
            } finally {
                if (!copied) {
                    memory.giveBack(offset, size);
                }
            }
        }
        return offset;
    }

    private void copyOut(int offset, Segments from) {
        int at = offset;
        for (int i = 0; i < from.count(); i++) {
            bytes.put(at, from.memory(i).bytes(), from.offset(i), from.length(i));
            at += from.length(i);
        }
    }

    private void copyIn(int offset, Segments to) {
        int at = offset;
        for (int i = 0; i < to.count(); i++) {
            to.memory(i).bytes().put(to.offset(i), bytes, at, to.length(i));
            at += to.length(i);
        }
    }

    /**
     * Gives the memory of a slot back, which the device does not touch any more, and copies what was read.
     *
     * @param done whether the transfer was done
     * @return null, or what a copy met: memory of the segments is gone
     */
    public @Nullable InternalError end(int slot, Operation operation, boolean done, Segments segments) {
        try {
            if (done) {
                if (operation == Operation.READ) {
                    copyIn(offsets[slot], segments);
                }
                counters.bounced(sizes[slot]);
            }
            return null;
        } catch (InternalError memoryGone) {
            return memoryGone;
        } finally {
            memory.giveBack(offsets[slot], sizes[slot]);
        }
    }
}
