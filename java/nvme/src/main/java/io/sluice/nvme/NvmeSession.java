package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.Geometry;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.IoBuffer;
import io.sluice.block.LatencyStatistics;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.block.SessionStatistics;
import io.sluice.block.driver.Counters;
import io.sluice.block.driver.DiscardedCompletions;
import io.sluice.block.driver.LatencyRecorder;
import io.sluice.block.driver.LeasedSession;
import io.sluice.block.driver.SlotFacts;
import io.sluice.block.driver.WriteBarrier;
import io.sluice.pci.DmaMemory;
import io.sluice.pci.Interrupt;
import java.io.IOException;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A session on a namespace: one I/O queue pair, the window of blocks that it may name, and its memory.
 *
 * <p>Commands are those of the NVM command set (section 6). A {@link Operation#SYNC} becomes a Flush that is held back until
 * every write submitted before it is complete, since the controller owes a Flush nothing about commands that are still on
 * their way (section 6.8).
 */
public final class NvmeSession extends LeasedSession {
    private static final int FLUSH = 0x00;
    private static final int WRITE = 0x01;
    private static final int READ = 0x02;
    private static final int WRITE_ZEROES = 0x08;
    private static final int DATASET_MANAGEMENT = 0x09;
    private static final long FORCE_UNIT_ACCESS = 1L << 30;
    private static final long DEALLOCATE = 1L << 2;
    /** PSDT 01b: data is described by an SGL. */
    private static final int USES_SGL = 1 << 14;

    /** How many polls may pass between two looks at the clock. */
    private static final int POLLS_PER_LOOK = 1024;
    /** How long it is at least between two looks at the controller: reading a register takes as long as many operations. */
    private static final long LOOK_NANOS = 10_000_000;
    /** More completions than any queue holds. */
    private static final int MOST_COMPLETIONS = 1 << 16;
    /** How long {@link #await} sleeps before it looks at the queue by itself, in case an interrupt was lost. */
    private static final long LONGEST_SLEEP_NANOS = 100_000_000;

    // What every operation touches.
    private final QueuePair queue;
    private final LongBuffer submissions;
    private final NvmeBuffer buffer;
    private final SlotFacts slots;
    private final WriteBarrier barrier;
    private final Counters counters = new Counters();
    private final LatencyRecorder latency;
    private final long firstBlock;
    private final long blockCount;
    /** Most blocks of a transfer, which window and buffer hold. */
    private final long mostBlocks;

    private final int blockShift;
    private final int alignmentMask;
    private final int namespaceId;
    /** Doublewords 0 and 1 of the transfers, but for the command identifier. */
    private final long readHeader;

    private final long writeHeader;
    private final boolean writeable;
    private final boolean scatterGatherLists;
    /** Size of a page for the controller; 0, into which nothing fits, where pages play no part. */
    private final long pageBytes;

    private final boolean releaseAtOnce;
    private final long bufferAddress;
    private final int bufferBytes;
    private int pollsUntilLook = POLLS_PER_LOOK;
    private volatile boolean closed;

    // What only set-up and trouble touch.
    private final NvmeNamespace namespace;
    private final Geometry geometry;
    private final TrimRanges trimRanges;
    private final DmaMemory queueMemory;
    private final @Nullable Interrupt interrupt;
    private final int vector;
    private final long deadlineNanos;
    private final Failures failures;
    private @Nullable String failure;
    private long lastLook = System.nanoTime();
    /** Somebody wants {@link #await} to return. */
    private volatile boolean woken;

    NvmeSession(
            NvmeNamespace namespace,
            SessionOptions options,
            QueuePair queue,
            NvmeBuffer buffer,
            TrimRanges trimRanges,
            DmaMemory queueMemory,
            @Nullable Interrupt interrupt,
            int vector,
            boolean scatterGatherLists) {
        this.namespace = namespace;
        this.queue = queue;
        this.submissions = queue.submissions();
        this.buffer = buffer;
        this.trimRanges = trimRanges;
        this.queueMemory = queueMemory;
        this.interrupt = interrupt;
        this.vector = vector;
        this.scatterGatherLists = scatterGatherLists;
        this.pageBytes = scatterGatherLists ? 0 : namespace.controller().pageBytes();
        this.releaseAtOnce = interrupt != null;
        this.bufferAddress = buffer.deviceAddress();
        this.bufferBytes = buffer.size();
        this.namespaceId = namespace.identify().namespaceId();
        long common = ((long) namespaceId << 32) | (scatterGatherLists ? USES_SGL : 0);
        this.readHeader = READ | common;
        this.writeHeader = WRITE | common;
        this.firstBlock = options.firstBlock();
        this.blockCount = options.blockCount();
        this.writeable = options.writeable();
        this.deadlineNanos = options.deadline().toNanos();
        Geometry whole = namespace.geometry();
        this.blockShift = whole.blockShift();
        this.alignmentMask = whole.alignmentBytes() - 1;
        int maxTransfer = Math.min(whole.maxTransferBlocks(), bufferBytes >> blockShift);
        this.mostBlocks = Math.min(maxTransfer, blockCount);
        this.geometry = whole.window(blockCount, writeable).maxTransferBlocks(maxTransfer);
        this.slots = new SlotFacts(queue.slots());
        this.barrier = new WriteBarrier(queue.slots());
        this.latency = new LatencyRecorder(slots, options);
        this.failures = new Failures(namespace.name(), slots, deadlineNanos);
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public int queueDepth() {
        return queue.slots();
    }

    @Override
    public IoBuffer buffer() {
        return buffer;
    }

    @Override
    public boolean hasInterrupt() {
        return interrupt != null;
    }

    @Override
    public void wakeup() {
        woken = true;
        if (interrupt != null) {
            interrupt.wake();
        }
    }

    @Override
    public int inFlight() {
        return queue.inFlight();
    }

    @Override
    public SessionStatistics statistics() {
        return counters.read(queue.strays());
    }

    @Override
    public LatencyStatistics latency() {
        return latency.read();
    }

    @Override
    public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        if (barred() || failure != null) {
            throw unusable();
        }
        if (operation.transfers()) {
            return transfer(operation, block, count, memory, offset, tag);
        }
        return switch (operation) {
            case SYNC -> sync(tag);
            case TRIM -> trim(block, count, tag);
            case WRITE_ZEROES -> writeZeroes(block, count, tag);
            default -> throw new IllegalArgumentException(operation + " is not known here");
        };
    }

    private boolean transfer(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        if (misfit(block, count, offset) < 0 || memory != buffer || (operation != Operation.READ && !writeable)) {
            throw refusal(operation, block, count, memory, offset);
        }
        int slot = queue.acquire();
        if (slot < 0) {
            return false;
        }
        slots.set(slot, operation, block, count, tag);
        if (operation == Operation.READ) {
            pushTransfer(slot, readHeader, block, count, 0, offset);
        } else {
            barrier.submitted(slot);
            long forced = operation == Operation.WRITE_DURABLE ? FORCE_UNIT_ACCESS : 0;
            pushTransfer(slot, writeHeader, block, count, forced, offset);
        }
        return true;
    }

    /**
     * Negative when a transfer does not fit into window and buffer: each term is negative when one thing is wrong. One branch for all is
     * half the code of one for each, so that the compiler can make this a part of the caller's loop.
     *
     * <p>Nothing that wraps gets through. Where the first three terms allow it, {@code count} is from 1 to {@link #mostBlocks}, which
     * neither the window nor the buffer falls short of; so the subtractions below them start from zero or more and take something
     * from zero up away. Where they do not, no later term can make the result positive again.
     */
    private long misfit(long block, long count, long offset) {
        return block
                | offset
                | ((count - 1) | (mostBlocks - count))
                | (blockCount - count - block)
                | (bufferBytes - (count << blockShift) - offset)
                | -(offset & alignmentMask);
    }

    private void pushTransfer(int slot, long header, long block, long count, long flags, long offset) {
        LongBuffer entry = submissions;
        int at = queue.entry();
        long bytes = count << blockShift;
        entry.put(at, header | ((long) queue.commandId(slot) << 16));
        entry.put(at + 3, bufferAddress + offset);
        // PRP2 is nothing for what lies within a page (section 4.3), which is most there is.
        entry.put(at + 4, (offset & (pageBytes - 1)) + bytes <= pageBytes ? 0 : secondPointer(offset, bytes));
        entry.put(at + 5, firstBlock + block);
        entry.put(at + 6, (count - 1) | flags);
        queue.push();
    }

    /** PRP2, or the length in an SGL Data Block descriptor (section 4.4.1): the buffer is contiguous for the controller. */
    private long secondPointer(long offset, long bytes) {
        return scatterGatherLists ? bytes : buffer.secondEntry(offset, bytes);
    }

    private boolean trim(long block, long count, long tag) throws BlockIoException {
        checkChange(Operation.TRIM, block, count, geometry.maxTrimBlocks());
        int slot = queue.acquire();
        if (slot < 0) {
            return false;
        }
        beginChange(slot, Operation.TRIM, block, count, tag);
        pushWithoutBuffer(
                slot, DATASET_MANAGEMENT, trimRanges.write(slot, firstBlock + block, count), DEALLOCATE << 32, 0);
        return true;
    }

    private boolean writeZeroes(long block, long count, long tag) throws BlockIoException {
        checkChange(Operation.WRITE_ZEROES, block, count, geometry.maxZeroBlocks());
        int slot = queue.acquire();
        if (slot < 0) {
            return false;
        }
        beginChange(slot, Operation.WRITE_ZEROES, block, count, tag);
        pushWithoutBuffer(slot, WRITE_ZEROES, 0, firstBlock + block, count - 1);
        return true;
    }

    private void beginChange(int slot, Operation operation, long block, long count, long tag) {
        slots.set(slot, operation, block, count, tag);
        barrier.submitted(slot);
    }

    private boolean sync(long tag) {
        if (barrier.full()) {
            return false;
        }
        int slot = queue.acquire();
        if (slot < 0) {
            return false;
        }
        slots.set(slot, Operation.SYNC, 0, 0, tag);
        if (barrier.passes(slot)) {
            pushWithoutBuffer(slot, FLUSH, 0, 0, 0);
        }
        return true;
    }

    private void pushWithoutBuffer(int slot, int opcode, long address, long dwords10and11, long dwords12and13) {
        LongBuffer entry = submissions;
        int at = queue.entry();
        entry.put(at, opcode | ((long) queue.commandId(slot) << 16) | ((long) namespaceId << 32));
        entry.put(at + 3, address);
        entry.put(at + 4, 0);
        entry.put(at + 5, dwords10and11);
        entry.put(at + 6, dwords12and13);
        queue.push();
    }

    @Override
    public void commit() {
        try {
            if (!closed && queue.ring()) {
                counters.committed();
                latency.committed();
            }
        } catch (InternalError doorbellGone) {
            // The function was removed or its memory decoding is off (see RegisterSpace#mapped): poll looks at once,
            // and says so.
            pollsUntilLook = 0;
        }
    }

    @Override
    public int poll(Completion completion, int max) throws BlockIoException {
        if (closed || (failure != null && queue.inFlight() == 0)) {
            throw unusable();
        }
        return pollOpen(completion, max);
    }

    private int pollOpen(Completion completion, int max) throws BlockIoException {
        int reported = 0;
        boolean empty = false;
        if (pollsUntilLook <= -MOST_COMPLETIONS) {
            // The queue never ran empty, but whatever was in it at the last look was taken: that look is the one to
            // judge by.
            long now = System.nanoTime();
            reported = look(completion, max, now, deadlineNanos + (now - lastLook));
        }
        try {
            while (reported < max) {
                int slot = queue.reap();
                if (slot >= 0) {
                    reported++;
                    report(slot, completion);
                } else if (slot == QueuePair.EMPTY || closed) {
                    empty = true;
                    break;
                }
            }
        } finally {
            // A handler that closed the session against the rules has given the doorbell away.
            if (!closed) {
                queue.releaseCompletions(releaseAtOnce);
            }
            latency.endRound();
        }
        // What is overdue is judged only after everything that the controller finished was taken.
        if (--pollsUntilLook <= 0 && empty) {
            reported += look(completion, max - reported, System.nanoTime(), deadlineNanos);
        }
        return reported;
    }

    private void report(int slot, Completion completion) {
        if (slots.changes(slot) && barrier.completed(slot)) {
            pushHeldSyncs();
        }
        long tag = slots.tag(slot);
        int status = queue.status();
        if (status == 0) {
            counters.done(slots.kind(slot), slots.count(slot));
            if (latency.done(slot, slots.kind(slot))) {
                latency.reportSlow(namespace.name(), slot);
            }
            completion.completed(tag);
        } else {
            counters.failed();
            completion.failed(tag, failures.answer(slot, status));
        }
    }

    private void pushHeldSyncs() {
        for (int slot = barrier.nextReady(); slot >= 0; slot = barrier.nextReady()) {
            pushWithoutBuffer(slot, FLUSH, 0, 0, 0);
        }
        // Whoever submitted the sync committed it already, or will: what is told early does no harm.
        if (queue.ring()) {
            counters.committed();
            latency.committed();
        }
    }

    /** Looks at the controller and at the time of each command, and reports what failed for good. */
    private int look(Completion completion, int max, long now, long deadline) {
        pollsUntilLook = POLLS_PER_LOOK;
        if (queue.inFlight() == 0 || now - lastLook < LOOK_NANOS) {
            return 0;
        }
        if (failure == null) {
            failure = namespace.controller().failure();
        }
        int reported = 0;
        for (int slot = 0; slot < queue.slots() && reported < max; slot++) {
            if (queue.inFlight(slot) && (failure != null || slots.overdue(slot, now, deadline))) {
                reported++;
                giveUp(slot, completion);
            }
        }
        if (reported == max) {
            // There may be more: go on at the next poll.
            pollsUntilLook = 0;
        } else {
            lastLook = now;
        }
        return reported;
    }

    private void giveUp(int slot, Completion completion) {
        Operation operation = slots.operation(slot);
        long tag = slots.tag(slot);
        BlockIoException trouble = failure != null ? failures.gone(slot, failure) : failures.overdue(slot);
        if (barrier.holds(slot)) {
            // It was never sent.
            barrier.drop(slot);
            queue.cancel(slot);
        } else {
            queue.abandon(slot);
            if (operation.changes() && barrier.completed(slot)) {
                pushHeldSyncs();
            }
        }
        counters.failed();
        completion.failed(tag, trouble);
    }

    @Override
    public boolean await(long timeoutNanos) throws IOException {
        if (closed || (failure != null && queue.inFlight() == 0)) {
            throw unusable();
        }
        commit();
        if (queue.ready()) {
            return true;
        }
        long start = System.nanoTime();
        long nextLook = start + LONGEST_SLEEP_NANOS;
        while (true) {
            long now = System.nanoTime();
            long left = timeoutNanos - (now - start);
            if (left <= 0) {
                pollsUntilLook = 0;
                return false;
            }
            if (interrupt != null) {
                boolean ignored = interrupt.await(Math.min(left, LONGEST_SLEEP_NANOS));
            } else {
                Thread.onSpinWait();
            }
            if (closed) {
                throw unusable();
            }
            if (queue.ready()) {
                return true;
            }
            if (woken) {
                woken = false;
                return false;
            }
            if (now - nextLook > 0) {
                nextLook = now + LONGEST_SLEEP_NANOS;
                if (lookFindsFailure(now)) {
                    pollsUntilLook = 0;
                    return true;
                }
            }
        }
    }

    private boolean lookFindsFailure(long now) {
        if (queue.inFlight() == 0) {
            return false;
        }
        boolean found = namespace.controller().failure() != null;
        for (int slot = 0; slot < queue.slots(); slot++) {
            found |= queue.inFlight(slot) && slots.overdue(slot, now, deadlineNanos);
        }
        return found;
    }

    private BlockIoException unusable() {
        String reason = failure;
        return closed || reason == null
                ? barredFailure(namespace.name(), closed)
                : new DeviceGoneException(namespace.name(), reason);
    }

    private void checkChange(Operation operation, long block, long count, long max) throws BlockIoException {
        if ((block | count - 1) < 0 || count > max || block > blockCount - count || !writeable) {
            throw refusal(operation, block, count, buffer, 0);
        }
    }

    /** Says why an operation was refused. */
    private BlockIoException refusal(Operation operation, long block, long count, IoBuffer memory, long offset) {
        return new InvalidRequestException(
                namespace.name(), operation, block, count, reason(operation, block, count, memory, offset));
    }

    private String reason(Operation operation, long block, long count, IoBuffer memory, long offset) {
        if (operation.changes() && !writeable) {
            return "the session is read-only; open it writeable";
        }
        if (count < 1) {
            return "the number of blocks must be at least 1";
        }
        if (block < 0 || block > blockCount - count) {
            return "the range must lie within the session's window of " + blockCount + " blocks";
        }
        long max = operation.transfers()
                ? geometry.maxTransferBlocks()
                : operation == Operation.TRIM ? geometry.maxTrimBlocks() : geometry.maxZeroBlocks();
        if (max == 0) {
            return "the device cannot do that";
        }
        if (count > max) {
            return "at most " + max + " blocks at once";
        }
        if (memory != buffer) {
            return "the memory is not of this session; use its buffer()";
        }
        if (offset < 0 || offset > bufferBytes - (count << blockShift)) {
            return (count << blockShift) + " bytes at offset " + offset + " do not fit into the buffer of "
                    + bufferBytes;
        }
        return "offset " + offset + " in the buffer is no multiple of " + (alignmentMask + 1);
    }

    NvmeNamespace namespace() {
        return namespace;
    }

    Counters counters() {
        return counters;
    }

    int vector() {
        return vector;
    }

    int queueId() {
        return queue.id();
    }

    void freeMemory() {
        queueMemory.close();
        buffer.close();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            commit();
            drain();
            closed = true;
            bar();
        }
        namespace.controller().release(this);
        ended();
    }

    /** Waits for what is in flight; what fails or takes too long is left to the deletion of the queue. */
    private void drain() {
        try {
            while (queue.inFlight() > 0) {
                if (pollOpen(DiscardedCompletions.INSTANCE, Integer.MAX_VALUE) == 0 && !await(LONGEST_SLEEP_NANOS)) {
                    pollsUntilLook = 0;
                }
            }
        } catch (IOException unusable) {
            // The session ends anyway, and its memory is freed only after the controller confirmed that the queue is
            // deleted.
            failure = unusable.getMessage();
        }
    }

    @Override
    public String toString() {
        return namespace.name() + " session of " + blockCount + " blocks at " + firstBlock + ", " + queue;
    }
}
