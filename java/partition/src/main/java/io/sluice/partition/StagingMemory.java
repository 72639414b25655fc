package io.sluice.partition;

import io.sluice.block.IoBuffer;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** The buffer of the one session under a multiplexer, handed out piece by piece for data on its way. One thread; a piece is whole units. */
final class StagingMemory {
    private final IoBuffer buffer;
    private final ByteBuffer bytes;
    private final int unitShift;
    private final int units;
    private final BitSet taken;
    private int next;

    /**
     * All of a buffer.
     *
     * @param unitBytes what pieces begin and end with, a power of two
     */
    StagingMemory(IoBuffer buffer, int unitBytes) {
        this.buffer = buffer;
        this.bytes = buffer.bytes();
        this.unitShift = Integer.numberOfTrailingZeros(unitBytes);
        this.units = buffer.size() >> unitShift;
        this.taken = new BitSet(units);
    }

    IoBuffer buffer() {
        return buffer;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** Takes a piece; returns its offset in the buffer, negative when there is none until another is given back. */
    int take(int size) {
        int wanted = unitsOf(size);
        int found = find(next, units, wanted);
        if (found < 0) {
            found = find(0, Math.min(units, next + wanted - 1), wanted);
            if (found < 0) {
                return -1;
            }
        }
        taken.set(found, found + wanted);
        next = found + wanted;
        return found << unitShift;
    }

    private int find(int from, int to, int wanted) {
        int at = taken.nextClearBit(from);
        while (at + wanted <= to) {
            int end = taken.nextSetBit(at);
            if (end < 0 || end - at >= wanted) {
                return at;
            }
            at = taken.nextClearBit(end);
        }
        return -1;
    }

    void giveBack(int offset, int size) {
        int first = offset >> unitShift;
        taken.clear(first, first + unitsOf(size));
    }

    private int unitsOf(int size) {
        return (size + (1 << unitShift) - 1) >> unitShift;
    }
}
