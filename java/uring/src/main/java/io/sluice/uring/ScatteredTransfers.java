package io.sluice.uring;

import io.sluice.block.BlockIoException;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.Segments;
import io.sluice.block.driver.Bounces;
import io.sluice.block.driver.Counters;
import io.sluice.block.driver.SlotSegments;
import io.sluice.block.driver.Window;
import io.sluice.linux.MappedMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A session's transfers whose memory is not one part of its own buffer: memory in several places, memory of others. Names it to the kernel, or copies it
 * where file or device cannot take it so; and knows what memory the kernel may still touch. For the session's thread alone.
 */
final class ScatteredTransfers {
    /** Of {@link #begin}: no memory for a copy is left until an operation ends. */
    static final boolean NO_ROOM = false;

    private static final byte ONE_PLACE = 0;
    private static final byte SEVERAL_PLACES = 1;
    private static final byte BOUNCED = 2;

    private final UringSession session;
    private final String device;
    private final Window window;
    private final Commands commands;
    private final Counters counters;
    private final SlotSegments segments;
    private final Vectors vectors;
    private final byte[] ways;
    private final long[] addresses;
    private final int alignmentMask;
    private @Nullable Copies copies;

    /** Memory for copies, and who has which part of it. */
    private record Copies(UringBuffer buffer, Bounces bounces) {}

    ScatteredTransfers(
            UringSession session, String device, Window window, Commands commands, Counters counters, int slots) {
        this.session = session;
        this.device = device;
        this.window = window;
        this.commands = commands;
        this.counters = counters;
        this.segments = new SlotSegments(slots);
        this.vectors = new Vectors(slots);
        this.ways = new byte[slots];
        this.addresses = new long[slots];
        this.alignmentMask = window.geometry().alignmentBytes() - 1;
    }

    /** See {@link io.sluice.block.BlockSession#wrap}. */
    IoBuffer wrap(ByteBuffer bytes) throws BlockIoException {
        try {
            return new UringMemory(session, bytes);
        } catch (IOException failure) {
            throw failed("other memory cannot be used", failure);
        }
    }

    /** See {@link io.sluice.block.BlockSession#unwrap}. */
    void unwrap(IoBuffer buffer) throws BlockIoException {
        if (!(buffer instanceof UringMemory memory) || !memory.belongsTo(session) || buffer == session.buffer()) {
            return;
        }
        if (memory.inFlight() > 0) {
            throw new BlockIoException(
                    device,
                    memory.inFlight()
                            + " operations in flight name the memory; poll until they are reported, or close the session if they were given"
                            + " up after their deadline");
        }
        memory.forget();
    }

    private BlockIoException failed(String what, IOException cause) {
        BlockIoException failure = new BlockIoException(device, what + ": " + cause.getMessage());
        failure.initCause(cause);
        return failure;
    }

    /**
     * Begins the transfer of a slot; {@link #send} makes it known to the ring.
     *
     * @return whether there was room for it
     * @throws InvalidRequestException when it can never be done
     * @throws BlockIoException when there is no memory for copies; in both cases nothing was begun
     */
    boolean begin(int slot, Operation operation, long block, long count, Segments named) throws BlockIoException {
        Segments copy = segments.hold(slot, named);
        window.check(operation, block, count, copy);
        long addressBits = 0;
        for (int i = 0; i < copy.count(); i++) {
            if (!(copy.memory(i) instanceof UringMemory memory) || !memory.belongsTo(session)) {
                throw window.refusal(operation, block, count, Window.NOT_ITS_MEMORY);
            }
            if (operation == Operation.READ && memory.isReadOnly()) {
                throw window.refusal(operation, block, count, Window.READ_ONLY_MEMORY);
            }
            addressBits |= memory.address();
        }
        boolean several = copy.count() > 1;
        if ((addressBits & alignmentMask) != 0) {
            if (!bounce(slot, operation, block, count, copy)) {
                return NO_ROOM;
            }
        } else if (several) {
            try {
                vectors.prepare(slot, copy.count());
            } catch (IOException failure) {
                throw failed("no memory in several places", failure);
            }
            ways[slot] = SEVERAL_PLACES;
        } else {
            ways[slot] = ONE_PLACE;
            addresses[slot] = ((UringMemory) copy.memory(0)).address() + copy.offset(0);
        }
        for (int i = 0; i < copy.count(); i++) {
            ((UringMemory) copy.memory(i)).begin();
        }
        return true;
    }

    private boolean bounce(int slot, Operation operation, long block, long count, Segments copy)
            throws BlockIoException {
        Copies through = copies();
        int offset;
        try {
            offset = through.bounces.begin(slot, operation, copy);
        } catch (InternalError memoryGone) {
            throw window.refusal(operation, block, count, memoryGone);
        } catch (RuntimeException untouchable) {
            throw window.refusal(operation, block, count, memoryLost(untouchable));
        }
        if (offset < 0) {
            return NO_ROOM;
        }
        ways[slot] = BOUNCED;
        addresses[slot] = through.buffer.address() + offset;
        return true;
    }

    private Copies copies() throws BlockIoException {
        Copies known = copies;
        if (known == null) {
            long unit = Math.max(4096, Math.max(window.geometry().blockBytes(), alignmentMask + 1));
            long most = (long) window.geometry().maxTransferBlocks()
                    << window.geometry().blockShift();
            // Two of the largest, so that one can be filled while the other is under way; a buffer holds no more than
            // 2^30.
            long size = (Math.min(2 * most, 1 << 30) + unit - 1) & -unit;
            try {
                MappedMemory memory = UringBuffer.allocate(size);
                UringBuffer buffer = new UringBuffer(session, memory, (int) size);
                known = new Copies(buffer, new Bounces(buffer, window.geometry(), counters, ways.length));
            } catch (IOException failure) {
                throw failed("no memory for copies of what file or device does not take where it lies", failure);
            }
            copies = known;
        }
        return known;
    }

    /**
     * Puts the transfer of a slot, or the rest of it, into a ring.
     *
     * @param block of the device
     * @param skip bytes that were moved before
     */
    void send(int slot, Operation operation, long block, long count, int skip) {
        if (ways[slot] == SEVERAL_PLACES) {
            int entries = vectors.write(slot, segments.of(slot), skip);
            commands.transferSeveral(slot, operation, block, count, skip, vectors.address(slot), entries);
        } else {
            commands.transfer(slot, operation, block, count, skip, addresses[slot], false);
        }
    }

    /**
     * Ends the transfer of a slot: the kernel does not touch its memory any more.
     *
     * @param done whether it was done, so that its data is to be copied and counted
     * @return null, or why the data could not be copied
     */
    @Nullable
    InternalError end(int slot, Operation operation, boolean done) {
        Segments named = segments.of(slot);
        InternalError trouble = null;
        if (ways[slot] == BOUNCED && copies != null) {
            try {
                trouble = copies.bounces.end(slot, operation, done, named);
            } catch (RuntimeException untouchable) {
                trouble = memoryLost(untouchable);
            }
        }
        for (int i = 0; i < named.count(); i++) {
            ((UringMemory) named.memory(i)).end();
        }
        // Memory that is unwrapped from now on is not to be kept alive by this.
        Segments ignored = named.clear();
        return trouble;
    }

    /** Memory of an arena that was closed, or that is another thread's alone, as memory that is gone. */
    private static InternalError memoryLost(RuntimeException untouchable) {
        return new InternalError(untouchable.getMessage(), untouchable);
    }

    /** Frees the memory for copies, which the kernel does not touch any more. */
    void close() throws IOException {
        if (copies != null) {
            copies.buffer.memory().close();
        }
    }
}
