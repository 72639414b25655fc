package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.Segments;
import io.sluice.block.SessionClosedException;
import io.sluice.block.driver.Bounces;
import io.sluice.block.driver.Counters;
import io.sluice.block.driver.SlotSegments;
import io.sluice.block.driver.Window;
import io.sluice.pci.DmaMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session's transfers whose memory is not one part of its own buffer: memory in several places, memory of others. Describes it to the controller, or
 * copies it where that cannot be; and knows what memory the controller may still touch. Memory for lists and copies is allocated with the first transfer that
 * needs it.
 *
 * <p>For the session's thread alone, but for {@link #close}.
 */
final class ScatteredTransfers {
    /** Of {@link #begin}: no memory for a list or a copy is left until an operation ends. Otherwise {@link DataPointers#PRP} or {@link DataPointers#SGL}. */
    static final int NO_ROOM = DataPointers.NO_ROOM;

    /** Pages for lists beside those of the largest transfer, bytes. */
    private static final int LIST_BYTES = 1 << 20;
    /** A buffer holds no more. */
    private static final long MOST_BOUNCE_BYTES = 1 << 30;

    /** Beside {@link DataPointers#PRP} and {@link DataPointers#SGL}: the data is copied, and PRPs or an SGL describe the copy. */
    private static final byte BOUNCED = 4;

    private final NvmeSession session;
    private final String device;
    private final Window window;
    private final PageAllocator allocator;
    private final SglRules sgl;
    private final Counters counters;
    private final SlotSegments segments;
    private final byte[] ways;
    private final List<NvmeMemory> wrapped = new ArrayList<>();
    private @Nullable Lists lists;
    private @Nullable BounceMemory bounce;
    private boolean closed;
    private long first;
    private long second;

    ScatteredTransfers(
            NvmeSession session,
            String device,
            Window window,
            PageAllocator allocator,
            SglRules sgl,
            Counters counters,
            int slots) {
        this.session = session;
        this.device = device;
        this.window = window;
        this.allocator = allocator;
        this.sgl = sgl;
        this.counters = counters;
        this.segments = new SlotSegments(slots);
        this.ways = new byte[slots];
    }

    /** See {@link io.sluice.block.BlockSession#wrap}. */
    synchronized IoBuffer wrap(ByteBuffer bytes) throws BlockIoException {
        try {
            Optional<DmaMemory> shared = allocator.map(bytes);
            NvmeMemory memory = new NvmeMemory(session, bytes, shared.orElse(null));
            if (closed) {
                memory.close();
                throw new SessionClosedException(device, "the session is closed");
            }
            wrapped.add(memory);
            return memory;
        } catch (BlockIoException closedMeanwhile) {
            throw closedMeanwhile;
        } catch (IOException failure) {
            throw failed("other memory cannot be shared with the controller", failure);
        }
    }

    /** See {@link io.sluice.block.BlockSession#unwrap}. */
    synchronized void unwrap(IoBuffer buffer) throws BlockIoException {
        if (!(buffer instanceof NvmeMemory memory) || !wrapped.contains(memory)) {
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
        try {
            memory.close();
        } catch (UncheckedIOException failure) {
            // It stays in the list, and its owner has to keep it until the function is closed.
            throw failed(
                    "the controller may still reach the memory; close it before the memory is freed",
                    failure.getCause());
        }
        wrapped.remove(memory);
    }

    private BlockIoException failed(String what, IOException cause) {
        BlockIoException failure = new BlockIoException(device, what + ": " + cause.getMessage());
        failure.initCause(cause);
        return failure;
    }

    /**
     * Begins the transfer of a slot.
     *
     * @return {@link #NO_ROOM}, or whether {@link #first} and {@link #second} are PRPs or an SGL descriptor
     * @throws InvalidRequestException when it can never be done
     * @throws BlockIoException when there is no memory for lists or copies; in both cases nothing was begun
     */
    int begin(int slot, Operation operation, long block, long count, Segments named) throws BlockIoException {
        Segments copy = segments.hold(slot, named);
        window.check(operation, block, count, copy);
        boolean reachable = true;
        for (int i = 0; i < copy.count(); i++) {
            if (!(copy.memory(i) instanceof NvmeMemory memory) || !memory.belongsTo(session)) {
                throw window.refusal(operation, block, count, Window.NOT_ITS_MEMORY);
            }
            if (operation == Operation.READ && memory.isReadOnly()) {
                throw window.refusal(operation, block, count, Window.READ_ONLY_MEMORY);
            }
            reachable &= memory.isReachable();
        }
        int way = DataPointers.IMPOSSIBLE;
        if (reachable) {
            DataPointers describing = pointers();
            way = describing.describe(slot, copy);
            first = describing.first();
            second = describing.second();
            ways[slot] = (byte) way;
        }
        if (way == DataPointers.IMPOSSIBLE) {
            way = bounce(slot, operation, block, count, copy);
        }
        if (way != NO_ROOM) {
            for (int i = 0; i < copy.count(); i++) {
                ((NvmeMemory) copy.memory(i)).begin();
            }
        }
        return way;
    }

    private int bounce(int slot, Operation operation, long block, long count, Segments copy) throws BlockIoException {
        BounceMemory through = bounceMemory();
        int size = (int) copy.bytes();
        int offset;
        try {
            offset = through.bounces.begin(slot, operation, copy);
        } catch (InternalError memoryGone) {
            throw window.refusal(operation, block, count, memoryGone);
        }
        if (offset < 0) {
            return NO_ROOM;
        }
        boolean bySgl = sgl.use() == SglUse.ALWAYS;
        first = through.buffer.deviceAddress() + offset;
        second = bySgl ? size : through.buffer.secondEntry(offset, size);
        ways[slot] = BOUNCED;
        return bySgl ? DataPointers.SGL : DataPointers.PRP;
    }

    /** PRP1, or the address of an SGL descriptor, of the transfer that was begun last. */
    long first() {
        return first;
    }

    /** PRP2, or the rest of the descriptor. */
    long second() {
        return second;
    }

    /**
     * Ends the transfer of a slot: the controller does not touch its memory any more.
     *
     * @param done whether it was done, so that its data is to be copied and counted
     * @return null, or why the data could not be copied
     */
    @Nullable
    InternalError end(int slot, Operation operation, boolean done) {
        Segments named = segments.of(slot);
        byte way = ways[slot];
        InternalError trouble = null;
        if (way == BOUNCED && bounce != null) {
            trouble = bounce.bounces.end(slot, operation, done, named);
        } else if (lists != null) {
            lists.pointers.release(slot);
        }
        for (int i = 0; i < named.count(); i++) {
            ((NvmeMemory) named.memory(i)).end();
        }
        if (done && way == DataPointers.SGL) {
            counters.describedBySgl();
        }
        // Memory that is unwrapped from now on is not to be kept alive by this.
        Segments ignored = named.clear();
        return trouble;
    }

    /** Pages for lists, and what writes them. */
    private record Lists(ListPages pages, DataPointers pointers) {}

    private DataPointers pointers() throws BlockIoException {
        Lists known = lists;
        if (known == null) {
            int pageShift = allocator.pageShift();
            long mostBytes = mostBytes();
            int largest = Math.max(
                    DataPointers.listPages((mostBytes >> pageShift) + 2, pageShift),
                    sgl.use() == SglUse.NEVER ? 1 : DataPointers.segmentPages(Segments.MOST, pageShift));
            int count = largest + Math.min(ways.length, LIST_BYTES >> pageShift);
            try {
                ListPages pages = new ListPages(allocator, count, ways.length);
                known = new Lists(pages, new DataPointers(pages, sgl, pageShift));
            } catch (IOException failure) {
                throw failed("no memory for lists of memory in several places", failure);
            }
            lists = known;
        }
        return known.pointers;
    }

    /** Memory for copies, and who has which part of it. */
    private record BounceMemory(NvmeBuffer buffer, Bounces bounces) {}

    private BounceMemory bounceMemory() throws BlockIoException {
        BounceMemory known = bounce;
        if (known == null) {
            // Two of the largest, so that one can be filled while the other is under way.
            long unit = Math.max(1L << allocator.pageShift(), window.geometry().blockBytes());
            long size = (Math.min(2 * mostBytes(), MOST_BOUNCE_BYTES) + unit - 1) & -unit;
            try {
                NvmeBuffer buffer = NvmeBuffer.allocate(session, allocator, (int) size);
                known = new BounceMemory(buffer, new Bounces(buffer, window.geometry(), counters, ways.length));
            } catch (IOException failure) {
                throw failed("no memory for copies of what the controller does not reach", failure);
            }
            bounce = known;
        }
        return known;
    }

    private long mostBytes() {
        return (long) window.geometry().maxTransferBlocks() << window.geometry().blockShift();
    }

    /**
     * Takes everything away from the controller, which does not touch it any more.
     *
     * @throws UncheckedIOException when the machine did not let go of memory that was wrapped; everything else is taken away all the same
     */
    synchronized void close() {
        closed = true;
        if (lists != null) {
            lists.pages.close();
        }
        if (bounce != null) {
            bounce.buffer.close();
        }
        @Nullable UncheckedIOException stuck = null;
        for (NvmeMemory memory : wrapped) {
            try {
                memory.close();
            } catch (UncheckedIOException failure) {
                stuck = failure;
            }
        }
        wrapped.clear();
        if (stuck != null) {
            throw stuck;
        }
    }
}
