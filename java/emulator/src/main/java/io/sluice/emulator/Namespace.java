package io.sluice.emulator;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A namespace: a device, the session that its commands go through, and how it is formatted. For the controller's thread alone. */
final class Namespace {
    /** Operations in flight at once. */
    private static final int DEPTH = 1024;
    /** Where data goes that the device cannot move straight into the host's memory. */
    private static final int BUFFER_BYTES = 1 << 20;

    private final int id;
    private final BlockDevice device;
    private final BlockSession session;
    private final Geometry geometry;
    private final UUID uuid;
    private int blockShift;
    private boolean attached = true;
    /** Blocks made unreadable by Write Uncorrectable: first to the one after the last. */
    private final TreeMap<Long, Long> unreadable = new TreeMap<>();

    private @Nullable IoBuffer[] buffers = new IoBuffer[0];
    private long buffersGeneration = -1;
    /** What the session was shown of the host's memory. */
    private final IdentityHashMap<ByteBuffer, IoBuffer> wrapped = new IdentityHashMap<>();

    private Namespace(int id, BlockDevice device, BlockSession session, UUID uuid) {
        this.id = id;
        this.device = device;
        this.session = session;
        this.geometry = session.geometry();
        this.uuid = uuid;
        this.blockShift = geometry.blockShift();
    }

    /** A namespace over a device, which it owns from now on. */
    static Namespace open(int id, BlockDevice device, UUID uuid) throws IOException {
        Geometry geometry = device.geometry();
        BlockSession session = device.open(SessionOptions.defaults()
                .writeable(geometry.writeable())
                .queueDepth(DEPTH)
                .bufferBytes(Math.max(BUFFER_BYTES, 2 * geometry.blockBytes()))
                .label("namespace " + id));
        return new Namespace(id, device, session, uuid);
    }

    int id() {
        return id;
    }

    UUID uuid() {
        return uuid;
    }

    BlockSession session() {
        return session;
    }

    Geometry geometry() {
        return geometry;
    }

    /** Base-two logarithm of the size of a logical block (LBADS); not below that of the device. */
    int blockShift() {
        return blockShift;
    }

    /** How many blocks of the device a logical block is, as a base-two logarithm. */
    int deviceShift() {
        return blockShift - geometry.blockShift();
    }

    /** Number of logical blocks. */
    long blocks() {
        return geometry.blockCount() >>> deviceShift();
    }

    boolean attached() {
        return attached;
    }

    void attached(boolean value) {
        attached = value;
    }

    /** Changes the size of its logical blocks, and forgets what was wrong with them. */
    void format(int shift) {
        blockShift = shift;
        unreadable.clear();
    }

    /** Whether a range of logical blocks lies within the namespace; the numbers come from the host and may be anything. */
    boolean holds(long first, long count) {
        long there = blocks();
        return first >= 0 && count <= there && first <= there - count;
    }

    boolean unreadable(long first, long count) {
        if (unreadable.isEmpty()) {
            return false;
        }
        Map.Entry<Long, Long> before = unreadable.lowerEntry(first + count);
        return before != null && before.getValue() > first;
    }

    void makeUnreadable(long first, long count) {
        makeReadable(first, count);
        unreadable.put(first, first + count);
    }

    /** Blocks that are written are readable again. */
    void makeReadable(long first, long count) {
        if (unreadable.isEmpty()) {
            return;
        }
        long end = first + count;
        Map.Entry<Long, Long> range = unreadable.lowerEntry(end);
        while (range != null && range.getValue() > first) {
            unreadable.remove(range.getKey());
            if (range.getValue() > end) {
                unreadable.put(end, range.getValue());
            }
            if (range.getKey() < first) {
                unreadable.put(range.getKey(), first);
            }
            range = unreadable.lowerEntry(end);
        }
    }

    /** A piece of the host's memory as the session takes it; made when it is used first. */
    IoBuffer buffer(GuestMemory memory, int piece) throws BlockIoException {
        if (buffersGeneration != memory.generation()) {
            buffersGeneration = memory.generation();
            buffers = new IoBuffer[memory.map().pieces()];
        }
        IoBuffer buffer = buffers[piece];
        if (buffer == null) {
            buffer = wrap(memory.map().memory(piece));
            buffers[piece] = buffer;
        }
        return buffer;
    }

    private IoBuffer wrap(ByteBuffer memory) throws BlockIoException {
        IoBuffer buffer = wrapped.get(memory);
        if (buffer == null) {
            buffer = session.wrap(memory);
            wrapped.put(memory, buffer);
        }
        return buffer;
    }

    /** Lets go of what is not the host's memory any more; nothing is in flight. */
    void forgetMemory(GuestMemory memory) {
        buffers = new IoBuffer[0];
        buffersGeneration = -1;
        Set<ByteBuffer> there = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int piece = 0; piece < memory.map().pieces(); piece++) {
            there.add(memory.map().memory(piece));
        }
        wrapped.entrySet().removeIf(entry -> !there.contains(entry.getKey()) && unwrap(entry.getValue()));
    }

    private boolean unwrap(IoBuffer buffer) {
        try {
            session.unwrap(buffer);
            return true;
        } catch (BlockIoException unanswered) {
            // The device may still reach it: it stays wrapped until the next time, or until the session is closed.
            return false;
        }
    }

    void close() throws IOException {
        try (device) {
            session.close();
        }
    }
}
