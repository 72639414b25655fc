package io.sluice.block.driver;

import io.sluice.block.BlockSession;
import io.sluice.block.IoBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Memory that operations of one session may name, and how many in flight do. For the owner's thread alone, but for the bytes. */
public abstract class SessionMemory implements IoBuffer {
    private @Nullable BlockSession session;
    private final ByteBuffer bytes;
    private int inFlight;

    /**
     * All of the given memory.
     *
     * @param memory its position and limit play no part
     * @throws IllegalArgumentException when it is not direct, or empty
     */
    protected SessionMemory(BlockSession session, ByteBuffer memory) {
        if (!memory.isDirect() || memory.capacity() == 0) {
            throw new IllegalArgumentException(
                    "the memory of a session must be a direct buffer of at least a byte, this is " + memory);
        }
        this.session = session;
        this.bytes = memory.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public final int size() {
        return bytes.capacity();
    }

    @Override
    public final ByteBuffer bytes() {
        return bytes;
    }

    /** Whether operations of a session may name it. */
    public final boolean belongsTo(BlockSession other) {
        return session == other;
    }

    /** Whether nothing can be read into it. */
    public final boolean isReadOnly() {
        return bytes.isReadOnly();
    }

    /** No operation may name it any more. */
    public final void forget() {
        session = null;
    }

    /** An operation names it. */
    public final void begin() {
        inFlight++;
    }

    /** An operation that named it has ended: nothing touches it for that any more. */
    public final void end() {
        inFlight--;
    }

    /** How many operations name it. */
    public final int inFlight() {
        return inFlight;
    }
}
