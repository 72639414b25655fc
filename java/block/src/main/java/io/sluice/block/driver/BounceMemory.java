package io.sluice.block.driver;

import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * The end of a session's buffer, handed out piece by piece for data on its way between blocks and memory that the device cannot reach. Pieces are
 * whole units, so that each starts where a page of a device does.
 */
public final class BounceMemory {
    private static final int SMALLEST_UNIT_BYTES = 4096;
    /** As many of the largest pieces are there at least, where the memory is large enough for more than one. */
    private static final int LARGEST_PIECES = 8;

    private final IoBuffer buffer;
    private final ByteBuffer bytes;
    private final int start;
    private final int unitShift;
    private final int units;
    private final int largestBytes;
    private final BitSet taken;
    /** Those of the taken units that stay taken until {@link #endQuarantine}. */
    private final BitSet quarantined;

    private int next;

    /**
     * Takes the end of a buffer.
     *
     * @param wantedBytes how much of it, 0 = half
     */
    public BounceMemory(IoBuffer buffer, int wantedBytes, Geometry geometry) {
        this.buffer = buffer;
        this.bytes = buffer.bytes();
        // Where the buffer is smaller than a unit, a block is one.
        int unit = buffer.size() < SMALLEST_UNIT_BYTES
                ? geometry.blockBytes()
                : Math.max(SMALLEST_UNIT_BYTES, Math.max(geometry.blockBytes(), geometry.alignmentBytes()));
        this.unitShift = Integer.numberOfTrailingZeros(unit);
        int all = buffer.size() >> unitShift;
        long wanted = wantedBytes == 0 ? (all + 1) >> 1 : ((long) wantedBytes + unit - 1) >> unitShift;
        if (all < 1 || wanted > all) {
            throw new IllegalArgumentException(wantedBytes + " bytes for bounces do not fit into a buffer of "
                    + buffer.size() + "; open the session with a larger one");
        }
        this.units = (int) wanted;
        this.start = (all - units) << unitShift;
        this.largestBytes = Math.max(1, units / LARGEST_PIECES) << unitShift;
        this.taken = new BitSet(units);
        this.quarantined = new BitSet(units);
    }

    /** The buffer. */
    public IoBuffer buffer() {
        return buffer;
    }

    /** The whole buffer: offsets that {@link #take} returns count from its start. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Where the memory starts: what is before it in the buffer is the caller's. */
    public int start() {
        return start;
    }

    /** The largest piece to ask for, bytes. */
    public int largestBytes() {
        return largestBytes;
    }

    /** Takes a piece; returns its offset in the buffer, negative when there is none: it comes back when another is given back. */
    public int take(int size) {
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
        return start + (found << unitShift);
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

    /** Gives a piece back. */
    public void giveBack(int offset, int size) {
        int first = (offset - start) >> unitShift;
        taken.clear(first, first + unitsOf(size));
    }

    /** Keeps a piece that its user gives up while the device may still touch it. */
    public void quarantine(int offset, int size) {
        int first = (offset - start) >> unitShift;
        quarantined.set(first, first + unitsOf(size));
    }

    /** Whether pieces are kept in quarantine. */
    public boolean hasQuarantine() {
        return !quarantined.isEmpty();
    }

    /** Gives back every piece in quarantine: the device does not touch them any more. */
    public void endQuarantine() {
        taken.andNot(quarantined);
        quarantined.clear();
    }

    private int unitsOf(int size) {
        return (size + (1 << unitShift) - 1) >> unitShift;
    }

    /** How many bytes are taken. */
    public int takenBytes() {
        return taken.cardinality() << unitShift;
    }
}
