package io.sluice.block;

import io.sluice.block.driver.SessionMemory;
import java.nio.ByteBuffer;

/** Memory that one {@link StoreSession} may move data into and out of: its own, or memory that it was shown. */
final class StoreMemory extends SessionMemory {
    private final ByteBuffer cursor;

    /** All of the given memory; see {@link SessionMemory}. */
    StoreMemory(StoreSession session, ByteBuffer memory) {
        super(session, memory);
        this.cursor = bytes().duplicate();
    }

    /** A part of the memory for a channel, which moves position and limit: always the same object, for the owner's thread alone. */
    ByteBuffer part(int offset, int length) {
        return cursor.limit(offset + length).position(offset);
    }
}
