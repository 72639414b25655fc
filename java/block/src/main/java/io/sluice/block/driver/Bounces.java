package io.sluice.block.driver;

import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.Segments;
import java.nio.ByteBuffer;

/**
 * Transfers whose data goes by a copy, since the device does not reach their memory or cannot name so many places: for each slot a piece of memory that the
 * device reaches. One thread at a time; nothing here allocates but the constructor.
 *
 * <p>The memory of segments may be a mapping that its other side cut short; then a copy throws {@link InternalError}, here or soon after.
 */
public final class Bounces {
    private final BounceMemory memory;
    private final ByteBuffer bytes;
    private final int[] offsets;
    private final int[] sizes;

    /**
     * Bounces through a buffer.
     *
     * @param buffer at least as large as the largest transfer, which then always fits while no other is under way
     */
    public Bounces(IoBuffer buffer, Geometry geometry, int slots) {
        this.memory = new BounceMemory(buffer, buffer.size(), geometry);
        this.bytes = memory.bytes();
        this.offsets = new int[slots];
        this.sizes = new int[slots];
    }

    /** Takes memory for the transfer of a slot; returns its offset in the buffer, negative when there is none now. */
    public int begin(int slot, int size) {
        int offset = memory.take(size);
        offsets[slot] = offset;
        sizes[slot] = size;
        return offset;
    }

    /** Copies what is to be written; the segments have as many bytes as the transfer. */
    public void copyOut(int slot, Segments from) {
        int at = offsets[slot];
        for (int i = 0; i < from.count(); i++) {
            bytes.put(at, from.memory(i).bytes(), from.offset(i), from.length(i));
            at += from.length(i);
        }
    }

    /** Copies what was read. */
    public void copyIn(int slot, Segments to) {
        int at = offsets[slot];
        for (int i = 0; i < to.count(); i++) {
            to.memory(i).bytes().put(to.offset(i), bytes, at, to.length(i));
            at += to.length(i);
        }
    }

    /** Bytes of the transfer of a slot. */
    public int size(int slot) {
        return sizes[slot];
    }

    /** Gives the memory of a slot back: the device does not touch it any more. */
    public void end(int slot) {
        memory.giveBack(offsets[slot], sizes[slot]);
    }
}
