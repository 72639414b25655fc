package io.sluice.block;

import io.sluice.block.driver.Counters;
import io.sluice.block.driver.DiscardedCompletions;
import io.sluice.block.driver.LatencyRecorder;
import io.sluice.block.driver.SlotFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A session on a {@link Store}. It does what was submitted when it is polled, on the thread that polls, in the order of submission; so a
 * {@link Operation#SYNC} finds every earlier write done.
 */
final class StoreSession implements BlockSession {
    private final StoreDevice device;
    private final Store store;
    private final Geometry geometry;
    private final long firstBlock;
    private final int blockShift;
    private final SessionMemory buffer;
    private final Counters counters = new Counters();
    private final LatencyRecorder latency;

    /** What was submitted and not yet done; the slots are used as a ring. */
    private final SlotFacts slots;

    private final @Nullable SessionMemory[] memories;
    private final int[] offsets;
    private int head;
    private int submitted;
    private int committed;
    private volatile boolean closed;

    /**
     * A session on a window that lies within the device.
     *
     * @param window the first block and the number of blocks are those of the window
     */
    StoreSession(StoreDevice device, Store store, SessionOptions window) {
        this.device = device;
        this.store = store;
        this.firstBlock = window.firstBlock();
        Geometry whole = device.geometry();
        this.blockShift = whole.blockShift();
        this.geometry = whole.window(window.blockCount(), window.writeable());
        this.buffer = new SessionMemory(this, ByteBuffer.allocateDirect(window.bufferBytes()));
        int depth = window.queueDepth();
        this.slots = new SlotFacts(depth);
        this.memories = new SessionMemory[depth];
        this.offsets = new int[depth];
        this.latency = new LatencyRecorder(slots, window);
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public int queueDepth() {
        return offsets.length;
    }

    @Override
    public IoBuffer buffer() {
        return buffer;
    }

    @Override
    public IoBuffer wrap(ByteBuffer memory) {
        if (!memory.isDirect()) {
            throw new IllegalArgumentException("the memory of a session must be a direct buffer, this is " + memory);
        }
        return new SessionMemory(this, memory);
    }

    @Override
    public int inFlight() {
        return submitted;
    }

    @Override
    public SessionStatistics statistics() {
        return counters.read(0);
    }

    @Override
    public LatencyStatistics latency() {
        return latency.read();
    }

    @Override
    public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        if (closed) {
            throw new SessionClosedException(device.name(), "the session is closed");
        }
        SessionMemory transferred = null;
        if (operation.transfers()) {
            checkRange(operation, block, count, geometry.maxTransferBlocks());
            transferred = checkMemory(operation, block, count, memory, offset);
        } else if (operation == Operation.TRIM) {
            checkRange(operation, block, count, geometry.maxTrimBlocks());
        } else if (operation == Operation.WRITE_ZEROES) {
            checkRange(operation, block, count, geometry.maxZeroBlocks());
        }
        if (submitted == offsets.length) {
            return false;
        }
        int at = head + submitted;
        if (at >= offsets.length) {
            at -= offsets.length;
        }
        slots.set(at, operation, block, operation == Operation.SYNC ? 0 : count, tag);
        memories[at] = transferred;
        offsets[at] = (int) offset;
        submitted++;
        return true;
    }

    private void checkRange(Operation operation, long block, long count, long most) throws BlockIoException {
        long there = geometry.blockCount();
        // In this order nothing wraps: count is from 1 to the window's blocks when it is subtracted.
        if (block < 0
                || count < 1
                || count > there
                || block > there - count
                || count > most
                || (operation.changes() && !geometry.writeable())) {
            throw refusal(operation, block, count, rangeReason(operation, block, count, most));
        }
    }

    private String rangeReason(Operation operation, long block, long count, long most) {
        if (operation.changes() && !geometry.writeable()) {
            return "the session is read-only; open it writeable";
        }
        if (count < 1) {
            return "the number of blocks must be at least 1";
        }
        if (block < 0 || count > geometry.blockCount() || block > geometry.blockCount() - count) {
            return "the range must lie within the session's window of " + geometry.blockCount() + " blocks";
        }
        return most == 0 ? "the device cannot do that" : "at most " + most + " blocks at once";
    }

    private SessionMemory checkMemory(Operation operation, long block, long count, IoBuffer memory, long offset)
            throws BlockIoException {
        if (!(memory instanceof SessionMemory known) || !known.belongsTo(this)) {
            throw refusal(
                    operation, block, count, "the memory is not of this session; use its buffer(), or wrap() yours");
        }
        long bytes = count << blockShift;
        if (offset < 0 || offset > known.size() - bytes) {
            throw refusal(
                    operation,
                    block,
                    count,
                    bytes + " bytes at offset " + offset + " do not fit into the buffer of " + known.size());
        }
        if ((offset & (geometry.alignmentBytes() - 1)) != 0) {
            throw refusal(
                    operation,
                    block,
                    count,
                    "offset " + offset + " in the buffer is no multiple of " + geometry.alignmentBytes());
        }
        return known;
    }

    private BlockIoException refusal(Operation operation, long block, long count, String reason) {
        return new InvalidRequestException(device.name(), operation, block, count, reason);
    }

    @Override
    public void commit() {
        if (committed != submitted && !closed) {
            committed = submitted;
            counters.committed();
            latency.committed();
        }
    }

    @Override
    public int poll(Completion completion, int max) throws BlockIoException {
        if (closed) {
            throw new SessionClosedException(device.name(), "the session is closed");
        }
        int reported = 0;
        while (reported < max && committed > 0) {
            int at = head;
            head = at + 1 == offsets.length ? 0 : at + 1;
            submitted--;
            committed--;
            reported++;
            finish(at, completion);
        }
        return reported;
    }

    private void finish(int at, Completion completion) {
        long tag = slots.tag(at);
        Operation operation = slots.operation(at);
        BlockIoException failure = null;
        try {
            carryOut(operation, at);
        } catch (IOException e) {
            failure = failure(at, String.valueOf(e.getMessage()), e);
        } catch (InternalError memoryGone) {
            // Memory that was wrapped can be a mapping that its other side cut short.
            failure = failure(at, "the memory of the transfer cannot be reached any more", memoryGone);
        }
        if (failure == null) {
            counters.done(operation.ordinal(), slots.count(at));
            if (latency.done(at, operation.ordinal())) {
                latency.reportSlow(device.name(), at);
            }
            // It was carried out here: each operation is a round of its own.
            latency.endRound();
            completion.completed(tag);
        } else {
            counters.failed();
            completion.failed(tag, failure);
        }
    }

    private void carryOut(Operation operation, int at) throws IOException {
        if (operation == Operation.SYNC) {
            store.force();
            return;
        }
        long position = (firstBlock + slots.block(at)) << blockShift;
        SessionMemory memory = memories[at];
        if (memory == null) {
            if (operation == Operation.TRIM) {
                store.discard(position, slots.count(at) << blockShift);
            } else {
                store.zero(position, slots.count(at) << blockShift);
            }
            return;
        }
        int bytes = (int) (slots.count(at) << blockShift);
        if (operation == Operation.READ) {
            store.read(position, memory, offsets[at], bytes);
        } else {
            store.write(position, memory, offsets[at], bytes);
            if (operation == Operation.WRITE_DURABLE) {
                store.force();
            }
        }
    }

    private BlockIoException failure(int at, String reason, Throwable cause) {
        BlockIoException failure =
                new BlockIoException(device.name(), slots.operation(at), slots.block(at), slots.count(at), reason);
        failure.initCause(cause);
        return failure;
    }

    @Override
    public boolean await(long timeoutNanos) throws BlockIoException {
        if (closed) {
            throw new SessionClosedException(device.name(), "the session is closed");
        }
        commit();
        // What was submitted is done by the next poll, and nothing else can come meanwhile.
        return committed > 0;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        try {
            commit();
            while (poll(DiscardedCompletions.INSTANCE, Integer.MAX_VALUE) > 0) {
                commit();
            }
        } catch (BlockIoException closedMeanwhile) {
            // Another thread was faster.
            return;
        } finally {
            device.closed(this);
        }
    }

    /** From the device, perhaps on another thread: what was submitted and not polled is not done any more. */
    void abandon() {
        closed = true;
    }

    Counters counters() {
        return counters;
    }

    @Override
    public String toString() {
        return device.name() + " session of " + geometry.blockCount() + " blocks at " + firstBlock;
    }
}
