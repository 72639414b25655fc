package io.sluice.partition;

import io.sluice.block.IoBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The memory of a client of a multiplexer: its own, zeroed, and nobody else's ever after.
 *
 * @param size bytes
 * @param bytes all of it
 */
record ClientMemory(int size, ByteBuffer bytes) implements IoBuffer {
    /** New memory whose address and size are multiples of a unit, which is a power of two. */
    static ClientMemory allocate(int wanted, int unitBytes) {
        int size = (wanted + unitBytes - 1) & -unitBytes;
        ByteBuffer whole = ByteBuffer.allocateDirect(size + unitBytes);
        int start = (unitBytes - whole.alignmentOffset(0, unitBytes)) & (unitBytes - 1);
        return new ClientMemory(size, whole.slice(start, size).order(ByteOrder.LITTLE_ENDIAN));
    }
}
