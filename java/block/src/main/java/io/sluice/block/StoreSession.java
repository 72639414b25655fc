package io.sluice.block;

import io.sluice.block.driver.Counters;
import io.sluice.block.driver.DiscardedCompletions;
import io.sluice.block.driver.LatencyRecorder;
import io.sluice.block.driver.LeasedSession;
import io.sluice.block.driver.SlotFacts;
import io.sluice.block.driver.SlotSegments;
import io.sluice.block.driver.Window;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A session on a {@link Store}. It does what was submitted when it is polled, on the thread that polls, in the order of submission; so a
 * {@link Operation#SYNC} finds every earlier write done.
 */
final class StoreSession extends LeasedSession {
    private final StoreDevice device;
    private final Store store;
    private final Window window;
    private final Geometry geometry;
    private final int blockShift;
    private final StoreMemory buffer;
    private final Counters counters = new Counters();
    private final LatencyRecorder latency;

    /** What was submitted and not yet done; the slots are used as a ring. */
    private final SlotFacts slots;

    private final @Nullable StoreMemory[] memories;
    private final int[] offsets;
    /** Of transfers without a memory of their own. */
    private final SlotSegments segments;

    private int head;
    private int submitted;
    private int committed;
    private volatile boolean closed;

    /**
     * A session on a window of the device.
     *
     * @param options size of its buffer and depth of its queue
     */
    StoreSession(StoreDevice device, Store store, Window window, SessionOptions options) {
        this.device = device;
        this.store = store;
        this.window = window;
        this.geometry = window.geometry();
        this.blockShift = geometry.blockShift();
        this.buffer = new StoreMemory(this, ByteBuffer.allocateDirect(options.bufferBytes()));
        int depth = options.queueDepth();
        this.slots = new SlotFacts(depth);
        this.memories = new StoreMemory[depth];
        this.offsets = new int[depth];
        this.segments = new SlotSegments(depth);
        this.latency = new LatencyRecorder(slots, options);
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
        return new StoreMemory(this, memory);
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
    public void unwrap(IoBuffer memory) throws BlockIoException {
        if (memory instanceof StoreMemory known && known.belongsTo(this) && known != buffer) {
            if (known.inFlight() > 0) {
                throw new BlockIoException(
                        device.name(),
                        known.inFlight() + " operations in flight name the memory; poll until they are reported");
            }
            known.forget();
        }
    }

    @Override
    public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        requireUnbarred();
        StoreMemory transferred = null;
        if (operation.transfers()) {
            StoreMemory known = memory instanceof StoreMemory m && m.belongsTo(this) ? m : null;
            long size = known == null ? Window.FOREIGN : known.size();
            if (known == null
                    || window.misfit(block, count, offset, size) < 0
                    || (operation.changes() && !window.writeable())
                    || (operation == Operation.READ && known.isReadOnly())) {
                throw refusal(operation, block, count, size, offset);
            }
            transferred = known;
        } else if (operation == Operation.TRIM) {
            checkChange(operation, block, count, geometry.maxTrimBlocks());
        } else if (operation == Operation.WRITE_ZEROES) {
            checkChange(operation, block, count, geometry.maxZeroBlocks());
        }
        if (submitted == offsets.length) {
            return false;
        }
        int at = add(operation, block, count, tag);
        if (transferred != null) {
            transferred.begin();
        }
        memories[at] = transferred;
        offsets[at] = (int) offset;
        return true;
    }

    @Override
    public boolean submit(Operation operation, long block, long count, Segments segments, long tag)
            throws BlockIoException {
        requireUnbarred();
        if (submitted == offsets.length) {
            return false;
        }
        Segments copy = this.segments.hold(end(), segments);
        boolean accepted = false;
        try {
            check(operation, block, count, copy);
            accepted = true;
        } finally {
            if (!accepted) {
                Segments ignored = copy.clear();
            }
        }
        int at = add(operation, block, count, tag);
        memories[at] = null;
        for (int i = 0; i < copy.count(); i++) {
            ((StoreMemory) copy.memory(i)).begin();
        }
        return true;
    }

    private void check(Operation operation, long block, long count, Segments copy) throws BlockIoException {
        window.check(operation, block, count, copy);
        for (int i = 0; i < copy.count(); i++) {
            if (!(copy.memory(i) instanceof StoreMemory known) || !known.belongsTo(this)) {
                throw window.refusal(operation, block, count, Window.NOT_ITS_MEMORY);
            }
            if (operation == Operation.READ && known.isReadOnly()) {
                throw window.refusal(operation, block, count, Window.READ_ONLY_MEMORY);
            }
        }
    }

    private void requireUnbarred() throws BlockIoException {
        if (barred()) {
            throw barredFailure(device.name(), closed);
        }
    }

    private void requireOpen() throws SessionClosedException {
        if (closed) {
            throw new SessionClosedException(device.name(), "the session is closed");
        }
    }

    private void checkChange(Operation operation, long block, long count, long most) throws BlockIoException {
        if (!window.allowsChange(block, count, most)) {
            throw window.refusal(operation, block, count);
        }
    }

    private BlockIoException refusal(Operation operation, long block, long count, long size, long offset) {
        boolean readOnlyMemory =
                operation == Operation.READ && size >= 0 && window.misfit(block, count, offset, size) >= 0;
        return readOnlyMemory
                ? window.refusal(operation, block, count, Window.READ_ONLY_MEMORY)
                : window.refusal(operation, block, count, size, offset);
    }

    /** Where the next operation goes. */
    private int end() {
        int at = head + submitted;
        return at >= offsets.length ? at - offsets.length : at;
    }

    private int add(Operation operation, long block, long count, long tag) {
        int at = end();
        slots.set(at, operation, block, operation == Operation.SYNC ? 0 : count, tag);
        submitted++;
        return at;
    }

    @Override
    public void commit() {
        if (committed != submitted && !closed) {
            committed = submitted;
            latency.committed(counters.committed());
        }
    }

    @Override
    public int poll(Completion completion, int max) throws BlockIoException {
        requireOpen();
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
        } catch (BlockIoException e) {
            failure = e;
        } catch (IOException e) {
            failure = failure(at, String.valueOf(e.getMessage()), e);
        } catch (InternalError memoryGone) {
            // Memory that was wrapped can be a mapping that its other side cut short.
            failure = failure(at, Window.MEMORY_GONE, memoryGone);
        } finally {
            letGo(operation, at);
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

    private void letGo(Operation operation, int at) {
        StoreMemory memory = memories[at];
        if (memory != null) {
            memory.end();
            // A slot that is not used again for long would keep memory of others from being freed.
            memories[at] = null;
        } else if (operation.transfers()) {
            Segments named = segments.of(at);
            for (int i = 0; i < named.count(); i++) {
                ((StoreMemory) named.memory(i)).end();
            }
            Segments ignored = named.clear();
        }
    }

    private void carryOut(Operation operation, int at) throws IOException {
        if (operation == Operation.SYNC) {
            force(at);
            return;
        }
        long position = window.onDevice(slots.block(at)) << blockShift;
        long bytes = slots.count(at) << blockShift;
        if (operation == Operation.TRIM) {
            store.discard(position, bytes);
            return;
        }
        if (operation == Operation.WRITE_ZEROES) {
            store.zero(position, bytes);
            return;
        }
        StoreMemory memory = memories[at];
        if (memory != null) {
            move(operation, position, memory, offsets[at], (int) bytes);
        } else {
            Segments named = segments.of(at);
            for (int i = 0; i < named.count(); i++) {
                move(operation, position, (StoreMemory) named.memory(i), named.offset(i), named.length(i));
                position += named.length(i);
            }
        }
        if (operation == Operation.WRITE_DURABLE) {
            force(at);
        }
    }

    private void force(int at) throws IOException {
        try {
            store.force();
        } catch (IOException e) {
            BlockIoException failure = failure(at, String.valueOf(e.getMessage()), e);
            device.syncFailure().record(failure);
            throw failure;
        }
        // It succeeds for data that an earlier one has lost.
        BlockIoException standing = device.syncFailure().standing(device.name());
        if (standing != null) {
            throw standing;
        }
    }

    private void move(Operation operation, long position, StoreMemory memory, int offset, int bytes)
            throws IOException {
        if (operation == Operation.READ) {
            store.read(position, memory, offset, bytes);
        } else {
            store.write(position, memory, offset, bytes);
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
        requireOpen();
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
            ended();
        }
    }

    /** From the device, perhaps on another thread: what was submitted and not polled is not done any more. */
    void abandon() {
        closed = true;
        bar();
        ended();
    }

    Counters counters() {
        return counters;
    }

    @Override
    public String toString() {
        return "session of " + window;
    }
}
