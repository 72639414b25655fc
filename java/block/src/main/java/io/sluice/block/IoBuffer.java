package io.sluice.block;

import java.nio.ByteBuffer;

/**
 * Memory that a device can move data into and out of without a copy. A session brings its own, and makes one of other memory
 * where it can ({@link BlockSession#wrap}); it is good for that session only. The owner of the session may read and write it at any time, but not the part that a transfer in flight names.
 */
public interface IoBuffer {
    /** Size in bytes. */
    int size();

    /**
     * The memory: direct, little-endian, position 0, limit {@link #size()}. The same object each time: its position and limit
     * are not to be changed, use absolute accesses or {@link ByteBuffer#slice}. After the session is closed it holds
     * nothing, and touching it is harmless.
     */
    ByteBuffer bytes();
}
