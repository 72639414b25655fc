package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.LatencyStatistics;
import io.sluice.block.Operation;
import io.sluice.block.Segments;
import io.sluice.block.SessionOptions;
import io.sluice.block.SessionStatistics;
import io.sluice.block.driver.Counters;
import io.sluice.block.driver.DiscardedCompletions;
import io.sluice.block.driver.LatencyRecorder;
import io.sluice.block.driver.LeasedSession;
import io.sluice.block.driver.SlotFacts;
import io.sluice.block.driver.SyncFailure;
import io.sluice.block.driver.Window;
import io.sluice.block.driver.WriteBarrier;
import io.sluice.pci.DmaMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A session on a namespace: one I/O queue pair, the window of blocks that it may name, and its memory.
 *
 * <p>Commands are those of the NVM command set (section 6). A {@link Operation#SYNC} becomes a Flush that is held back until
 * every write submitted before it is complete, since the controller owes a Flush nothing about commands that are still on
 * their way (section 6.8).
 */
public final class NvmeSession extends LeasedSession {
    /** How many polls may pass between two looks at the clock. */
    private static final int POLLS_PER_LOOK = 1024;
    /** How many commits may pass before it is seen whether the queue ever ran empty meanwhile. A power of two. */
    private static final int COMMITS_PER_LOOK = 1024;
    /** So many operations that, with all in flight that there can be, a whole queue of completions was taken since. */
    private static final int MOST_OPERATIONS = 2 << 16;
    /** How long {@link #close} waits before it looks for what is overdue. */
    private static final long DRAIN_NANOS = 100_000_000;

    private static final int READ = Operation.READ.ordinal();

    // What every operation touches.
    private final QueuePair queue;
    private final Window window;
    private final NvmCommands commands;
    private final NvmeBuffer buffer;
    private final SlotFacts slots;
    private final WriteBarrier barrier;
    private final Counters counters = new Counters();
    private final LatencyRecorder latency;
    private final boolean writeable;
    /** Whether all data is described by SGLs. */
    private final boolean allSgl;

    private final boolean releaseAtOnce;
    private final int blockShift;
    private final int bufferBytes;
    private final long bufferAddress;
    /** Size of a page for the controller; 0, into which nothing fits, where pages play no part. */
    private final long pageBytes;

    /** Polls that find nothing, until a look; negative when one is due before the next poll takes anything. */
    private int pollsUntilLook = POLLS_PER_LOOK;

    private volatile boolean closed;

    // What only other memory, set-up and trouble touch.
    private final ScatteredTransfers scattered;
    private final Segments one = new Segments(1);
    private final NvmeNamespace namespace;
    private final SessionQueue parts;
    private final Failures failures;
    private final Lookout lookout;
    private final CompletionWait wait;
    private long commitsAtLook;

    /** What the session's own buffer lies in: its size, and the PRP lists of it. */
    record BufferMemory(DmaMemory memory, int bytes, PrpLists lists) {}

    NvmeSession(
            NvmeNamespace namespace,
            Window window,
            SessionOptions options,
            SessionQueue parts,
            BufferMemory bufferMemory,
            PageAllocator allocator,
            SglRules sgl) {
        this.namespace = namespace;
        this.window = window;
        this.parts = parts;
        this.queue = parts.pair();
        this.releaseAtOnce = parts.interrupt() != null;
        this.allSgl = sgl.use() == SglUse.ALWAYS;
        this.pageBytes = allSgl ? 0 : 1L << allocator.pageShift();
        this.buffer = new NvmeBuffer(
                this, bufferMemory.memory(), bufferMemory.bytes(), bufferMemory.lists(), allocator.pageShift());
        this.bufferAddress = buffer.deviceAddress();
        this.bufferBytes = buffer.size();
        this.writeable = window.writeable();
        this.blockShift = window.geometry().blockShift();
        this.commands = new NvmCommands(queue, namespace.identify().namespaceId(), parts.trimRanges());
        this.slots = new SlotFacts(queue.slots());
        this.barrier = new WriteBarrier(queue.slots());
        this.latency = new LatencyRecorder(slots, options);
        long deadlineNanos = options.deadline().toNanos();
        this.failures = new Failures(namespace.name(), slots, deadlineNanos);
        this.lookout =
                new Lookout(this, namespace.controller(), queue, slots, barrier, counters, failures, deadlineNanos);
        this.wait = new CompletionWait(this, queue, lookout, parts.interrupt());
        this.scattered =
                new ScatteredTransfers(this, namespace.name(), window, allocator, sgl, counters, queue.slots());
    }

    @Override
    public Geometry geometry() {
        return window.geometry();
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
        return wait.hasInterrupt();
    }

    @Override
    public void wakeup() {
        wait.wake();
    }

    @Override
    public int inFlight() {
        return queue.inFlight();
    }

    @Override
    public int givenUp() {
        return queue.abandoned();
    }

    @Override
    public SessionStatistics statistics() {
        return allSgl ? counters.readAllSgl(queue.strays()) : counters.readDescribed(queue.strays());
    }

    @Override
    public LatencyStatistics latency() {
        return latency.read();
    }

    @Override
    public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        if (barred()) {
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
        if (memory != buffer) {
            return transferOther(operation, block, count, memory, offset, tag);
        }
        if (window.misfit(block, count, offset, bufferBytes) < 0 || (operation != Operation.READ && !writeable)) {
            throw window.refusal(operation, block, count, bufferBytes, offset);
        }
        int commandId = queue.begin();
        if (commandId < 0) {
            return full(operation, block, count);
        }
        int slot = queue.slot(commandId);
        slots.set(slot, operation, block, count, tag);
        if (operation != Operation.READ) {
            barrier.submitted(slot);
        }
        long bytes = count << blockShift;
        // PRP2 is nothing for what lies within a page (section 4.3), which is most there is.
        long second = (offset & (pageBytes - 1)) + bytes <= pageBytes ? 0 : secondPointer(offset, bytes);
        commands.transfer(commandId, operation, window.onDevice(block), count, bufferAddress + offset, second, allSgl);
        return true;
    }

    /** PRP2, or the length in an SGL Data Block descriptor (section 4.4.1): the buffer is contiguous for the controller. */
    private long secondPointer(long offset, long bytes) {
        return allSgl ? bytes : buffer.secondEntry(offset, bytes);
    }

    /** A transfer from or into memory that was wrapped. */
    private boolean transferOther(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        long size = memory instanceof NvmeMemory known && known.belongsTo(this) ? known.size() : Window.FOREIGN;
        if (size == Window.FOREIGN || window.misfit(block, count, offset, size) < 0) {
            throw window.refusal(operation, block, count, size, offset);
        }
        try {
            return submit(operation, block, count, one.clear().add(memory, offset, count << blockShift), tag);
        } finally {
            Segments ignored = one.clear();
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>PRPs describe segments of which every one but the first begins on a page of the controller's memory and every one but the last ends on one;
     * others are described by an SGL where the controller offers them and {@link ControllerOptions#sglUse} allows it, and copied where not.
     */
    @Override
    public boolean submit(Operation operation, long block, long count, Segments segments, long tag)
            throws BlockIoException {
        if (barred()) {
            throw unusable();
        }
        int slot = queue.acquire();
        if (slot < 0) {
            return full(operation, block, count);
        }
        int way = ScatteredTransfers.NO_ROOM;
        try {
            way = scattered.begin(slot, operation, block, count, segments);
        } finally {
            if (way == ScatteredTransfers.NO_ROOM) {
                queue.cancel(slot);
            }
        }
        if (way == ScatteredTransfers.NO_ROOM) {
            return full(operation, block, count);
        }
        slots.set(slot, operation, block, count, tag);
        slots.attach(slot);
        if (operation != Operation.READ) {
            barrier.submitted(slot);
        }
        commands.transfer(
                queue.commandId(slot),
                operation,
                window.onDevice(block),
                count,
                scattered.first(),
                scattered.second(),
                way == DataPointers.SGL);
        return true;
    }

    /** Says that there is no room now; or, where no poll can ever make any, that there is none any more. */
    private boolean full(Operation operation, long block, long count) throws DeadlineException {
        if (queue.inFlight() > 0 || queue.ready()) {
            return false;
        }
        throw failures.noRoomLeft(operation, block, count, queue.slots());
    }

    @Override
    public IoBuffer wrap(ByteBuffer memory) throws BlockIoException {
        if (closed) {
            throw unusable();
        }
        return scattered.wrap(memory);
    }

    @Override
    public void unwrap(IoBuffer memory) throws BlockIoException {
        scattered.unwrap(memory);
    }

    private boolean trim(long block, long count, long tag) throws BlockIoException {
        int slot = beginChange(Operation.TRIM, block, count, window.geometry().maxTrimBlocks(), tag);
        if (slot >= 0) {
            commands.trim(slot, window.onDevice(block), count);
        }
        return slot >= 0;
    }

    private boolean writeZeroes(long block, long count, long tag) throws BlockIoException {
        int slot = beginChange(
                Operation.WRITE_ZEROES, block, count, window.geometry().maxZeroBlocks(), tag);
        if (slot >= 0) {
            commands.writeZeroes(slot, window.onDevice(block), count);
        }
        return slot >= 0;
    }

    /** Takes a slot for an operation that changes blocks without a transfer; negative when there is none now. */
    private int beginChange(Operation operation, long block, long count, long max, long tag) throws BlockIoException {
        if (!window.allowsChange(block, count, max)) {
            throw window.refusal(operation, block, count);
        }
        int slot = queue.acquire();
        if (slot >= 0) {
            slots.set(slot, operation, block, count, tag);
            barrier.submitted(slot);
        } else {
            boolean ignored = full(operation, block, count);
        }
        return slot;
    }

    private boolean sync(long tag) throws BlockIoException {
        int slot = barrier.full() ? QueuePair.EMPTY : queue.acquire();
        if (slot < 0) {
            return full(Operation.SYNC, 0, 0);
        }
        slots.set(slot, Operation.SYNC, 0, 0, tag);
        if (barrier.passes(slot)) {
            commands.flush(slot);
        }
        return true;
    }

    @Override
    public void commit() {
        try {
            if (!closed && queue.ring()) {
                countCommit();
            }
        } catch (InternalError doorbellGone) {
            // The function was removed or its memory decoding is off (see RegisterSpace#mapped): poll looks at once,
            // and says so.
            pollsUntilLook = 0;
        }
    }

    private void countCommit() {
        long commits = counters.committed();
        latency.committed(commits);
        if ((commits & COMMITS_PER_LOOK - 1) == 0 && commits - commitsAtLook >= MOST_OPERATIONS) {
            // No poll found the queue empty since the last look, but whatever was in it then was taken: that look is
            // the one to judge by.
            pollsUntilLook = -1;
        }
    }

    @Override
    public int poll(Completion completion, int max) throws BlockIoException {
        if (barred() && nothingToCome()) {
            throw unusable();
        }
        return pollOpen(completion, max);
    }

    /** Kept small: what the compiler would not make a part of the caller's loop costs a tenth more when one operation is in flight. */
    private int pollOpen(Completion completion, int max) throws BlockIoException {
        int reported = pollsUntilLook >= 0 ? 0 : look(completion, max, false);
        // Counted here, and once for the round: two loads and two stores less for each.
        long reads = 0;
        long readBlocks = 0;
        boolean empty = false;
        boolean timed = latency.timing();
        try {
            while (reported < max) {
                int slot = queue.reap();
                if (slot >= 0) {
                    reported++;
                    long blocks = slots.plainReadBlocks(slot);
                    if (blocks >= 0 && queue.status() == 0) {
                        reads++;
                        readBlocks += blocks;
                        long tag = slots.tag(slot);
                        if (timed) {
                            record(slot, READ);
                        }
                        completion.completed(tag);
                    } else {
                        report(slot, completion, timed);
                    }
                } else if (slot == QueuePair.EMPTY || closed) {
                    empty = true;
                    break;
                } else {
                    endLate(queue.late());
                }
            }
        } finally {
            endRound(reads, readBlocks, timed);
        }
        // What is overdue is judged only after everything that the controller finished was taken.
        if (empty && --pollsUntilLook <= 0) {
            reported += look(completion, max - reported, true);
        }
        return reported;
    }

    private void endRound(long reads, long readBlocks, boolean timed) {
        counters.doneReads(reads, readBlocks);
        // A handler that closed the session against the rules has given the doorbell away.
        if (releaseAtOnce && !closed) {
            queue.releaseCompletions();
        }
        if (timed) {
            latency.endRound();
        }
    }

    private void record(int slot, int kind) {
        if (latency.record(slot, kind)) {
            latency.reportSlow(namespace.name(), slot);
        }
    }

    private void report(int slot, Completion completion, boolean timed) {
        if (slots.changes(slot) && barrier.completed(slot)) {
            pushHeldSyncs();
        }
        long tag = slots.tag(slot);
        int status = queue.status();
        InternalError lost = slots.attached(slot) ? scattered.end(slot, slots.operation(slot), status == 0) : null;
        BlockIoException failure = null;
        if (lost != null) {
            failure = failures.memoryLost(slot, lost);
        } else if (status != 0) {
            failure = failures.answer(slot, status);
        }
        if (slots.operation(slot) == Operation.SYNC) {
            failure = syncAnswered(failure);
        }
        if (failure == null) {
            counters.done(slots.kind(slot), slots.count(slot));
            if (timed) {
                record(slot, slots.kind(slot));
            }
            completion.completed(tag);
        } else {
            counters.failed();
            completion.failed(tag, failure);
        }
    }

    /** What a sync ends with: a Flush succeeds for data that an earlier one has lost. */
    private @Nullable BlockIoException syncAnswered(@Nullable BlockIoException failure) {
        SyncFailure before = namespace.syncFailure();
        if (failure == null) {
            return before.standing(namespace.name());
        }
        before.record(failure);
        return failure;
    }

    /** An operation was answered that was given up before; negative when there was none. */
    private void endLate(int slot) {
        if (slot >= 0 && slots.attached(slot)) {
            InternalError ignored = scattered.end(slot, slots.operation(slot), false);
        }
    }

    /** Sends the syncs that had to wait for writes that have ended now. */
    void pushHeldSyncs() {
        for (int slot = barrier.nextReady(); slot >= 0; slot = barrier.nextReady()) {
            commands.flush(slot);
        }
        // Whoever submitted the sync committed it already, or will: what is told early does no harm.
        if (queue.ring()) {
            countCommit();
        }
    }

    /**
     * Looks at the controller and at the time of each command, and reports what failed for good.
     *
     * @param punctual see {@link Lookout#giveUp}
     */
    private int look(Completion completion, int max, boolean punctual) {
        pollsUntilLook = POLLS_PER_LOOK;
        commitsAtLook = counters.commits();
        long now = System.nanoTime();
        if (queue.inFlight() == 0 || !lookout.isDue(now)) {
            return 0;
        }
        latency.look();
        if (lookout.controllerFailed()) {
            bar();
        }
        int reported = lookout.giveUp(completion, max, now, punctual);
        if (reported == max) {
            // There may be more: go on at the next poll.
            pollsUntilLook = 0;
        }
        return reported;
    }

    @Override
    public boolean await(long timeoutNanos) throws IOException {
        if (barred() && nothingToCome()) {
            throw unusable();
        }
        commit();
        if (queue.ready()) {
            return true;
        }
        latency.look();
        CompletionWait.End end = wait.await(timeoutNanos);
        if (end == CompletionWait.End.CLOSED) {
            throw unusable();
        }
        if (end == CompletionWait.End.TIME || end == CompletionWait.End.TROUBLE) {
            pollsUntilLook = 0;
        }
        return end == CompletionWait.End.COMPLETION || end == CompletionWait.End.TROUBLE;
    }

    /** Whether no poll can report anything any more. */
    private boolean nothingToCome() {
        return closed || (lookout.failure() != null && queue.inFlight() == 0);
    }

    private BlockIoException unusable() {
        String reason = lookout.failure();
        return closed || reason == null
                ? barredFailure(namespace.name(), closed)
                : new DeviceGoneException(namespace.name(), reason);
    }

    NvmeNamespace namespace() {
        return namespace;
    }

    Counters counters() {
        return counters;
    }

    boolean isClosed() {
        return closed;
    }

    int vector() {
        return parts.vector();
    }

    int queueId() {
        return queue.id();
    }

    /** The controller does not touch it any more. */
    void freeMemory() throws BlockIoException {
        try {
            scattered.close();
        } catch (UncheckedIOException failure) {
            BlockIoException stuck = new BlockIoException(
                    namespace.name(),
                    "the controller may still reach memory that was wrapped; close it before the memory is freed: "
                            + failure.getCause().getMessage());
            stuck.initCause(failure);
            throw stuck;
        } finally {
            parts.memory().close();
            buffer.close();
        }
    }

    /** The controller of a session whose queues it did not confirm to be deleted is stopped. */
    void controllerStopped() {
        ended();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            commit();
            drain();
            bar();
            closed = true;
        }
        try {
            namespace.controller().release(this);
        } finally {
            if (!namespace.controller().mayServe(this)) {
                ended();
            }
        }
    }

    /** Waits for what is in flight; what fails or takes too long is left to the deletion of the queue. */
    private void drain() {
        try {
            while (queue.inFlight() > 0) {
                if (pollOpen(DiscardedCompletions.INSTANCE, Integer.MAX_VALUE) == 0 && !await(DRAIN_NANOS)) {
                    pollsUntilLook = 0;
                }
            }
        } catch (IOException unusable) {
            // The session ends anyway, and its memory is freed only after the controller confirmed that the queue is
            // deleted.
            lookout.failed(String.valueOf(unusable.getMessage()));
        }
    }

    @Override
    public String toString() {
        return "session of " + window + ", " + queue;
    }
}
