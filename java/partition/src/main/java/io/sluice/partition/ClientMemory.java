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
    private static final int PAGE_BYTES = 4096;

    /** New memory that begins and ends with a page. */
    static ClientMemory allocate(int wanted) {
        int size = (wanted + PAGE_BYTES - 1) & -PAGE_BYTES;
        ByteBuffer whole = ByteBuffer.allocateDirect(size + PAGE_BYTES);
        int start = (PAGE_BYTES - whole.alignmentOffset(0, PAGE_BYTES)) & (PAGE_BYTES - 1);
        return new ClientMemory(size, whole.slice(start, size).order(ByteOrder.LITTLE_ENDIAN));
    }
}
