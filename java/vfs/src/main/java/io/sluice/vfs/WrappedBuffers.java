package io.sluice.vfs;

import io.sluice.block.BlockIoException;
import io.sluice.block.IoBuffer;
import io.sluice.block.Jobs;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers of callers that the device reaches as they are, so that nothing is copied. A buffer is shown to the session when it is used again and again, and is taken back when
 * others are used in its place; it is known by its object, so that a program has to use the same one. Belongs to the owner of the session.
 */
final class WrappedBuffers {
    private static final int SLOTS = 64;
    /** How often others are used in the place of a buffer that is not, before it is given up for them. */
    private static final int PATIENCE = 16;

    private final Jobs jobs;
    private final long mostBytes;
    private final @Nullable ByteBuffer[] buffers = new ByteBuffer[SLOTS];
    private final @Nullable IoBuffer[] memories = new IoBuffer[SLOTS];
    /** Of the buffer that was used last in a place: enough to know that it comes again, and no reason to keep it alive. */
    private final int[] hashes = new int[SLOTS];

    private final int[] misses = new int[SLOTS];
    private long bytes;
    private boolean refused;

    /**
     * None yet.
     *
     * @param mostBytes how much of others' memory may be held in all, 0 = nothing
     */
    WrappedBuffers(Jobs jobs, long mostBytes) {
        this.jobs = jobs;
        this.mostBytes = mostBytes;
        this.refused = mostBytes == 0;
    }

    /** The buffer as memory of the session; null when it is to be copied. */
    @SuppressWarnings("ReferenceEquality") // Two buffers with the same content are not the same memory.
    @Nullable
    IoBuffer find(ByteBuffer buffer) {
        int hash = System.identityHashCode(buffer);
        int slot = hash & SLOTS - 1;
        if (buffers[slot] == buffer) {
            if (misses[slot] != 0) {
                misses[slot] = 0;
            }
            return memories[slot];
        }
        return refused || !buffer.isDirect() ? null : miss(buffer, hash, slot);
    }

    private @Nullable IoBuffer miss(ByteBuffer buffer, int hash, int slot) {
        boolean again = hashes[slot] == hash;
        hashes[slot] = hash;
        if (!again || (buffers[slot] != null && ++misses[slot] < PATIENCE) || !giveUp(slot)) {
            return null;
        }
        if (buffer.capacity() > mostBytes - bytes) {
            return null;
        }
        try {
            IoBuffer memory = jobs.wrap(buffer);
            buffers[slot] = buffer;
            memories[slot] = memory;
            misses[slot] = 0;
            bytes += buffer.capacity();
            return memory;
        } catch (BlockIoException noRoom) {
            // It is copied, as everything is from now on that is not known: it would fail each time.
            refused = true;
            return null;
        }
    }

    private boolean giveUp(int slot) {
        IoBuffer memory = memories[slot];
        ByteBuffer buffer = buffers[slot];
        if (memory == null || buffer == null) {
            return true;
        }
        try {
            jobs.unwrap(memory);
        } catch (BlockIoException inFlight) {
            misses[slot] = 0;
            return false;
        }
        bytes -= buffer.capacity();
        buffers[slot] = null;
        memories[slot] = null;
        return true;
    }
}
