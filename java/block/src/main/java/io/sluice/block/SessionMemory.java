package io.sluice.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory that one {@link StoreSession} may move data into and out of: its own, or memory that it was shown. */
final class SessionMemory implements IoBuffer {
    private final StoreSession owner;
    private final ByteBuffer bytes;
    private final ByteBuffer cursor;

    /**
     * All of the given memory.
     *
     * @param memory direct; its position and limit play no part
     */
    SessionMemory(StoreSession owner, ByteBuffer memory) {
        this.owner = owner;
        this.bytes = memory.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
        this.cursor = bytes.duplicate();
    }

    @Override
    public int size() {
        return bytes.capacity();
    }

    @Override
    public ByteBuffer bytes() {
        return bytes;
    }

    boolean belongsTo(StoreSession session) {
        return owner == session;
    }

    /** A part of the memory for a channel, which moves position and limit: always the same object, for the owner's thread alone. */
    ByteBuffer part(int offset, int length) {
        return cursor.limit(offset + length).position(offset);
    }
}
