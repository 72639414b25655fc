package io.sluice.uring;

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
import io.sluice.block.driver.Window;
import io.sluice.block.driver.WriteBarrier;
import io.sluice.linux.MappedMemory;
import io.sluice.linux.Ring;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/**
 * A session on a file or node: a pair of rings shared with the kernel, the window of blocks that it may name, and its memory.
 *
 * <p>A transfer that the kernel does in part is continued until it is done or makes no headway. A {@link Operation#SYNC} is held back until
 * every write submitted before it is complete, since {@code fsync} and Flush know nothing of writes that are still on their way.
 *
 * <p>{@link #await} sleeps in the kernel whether or not the session was opened with interrupts, which let {@link #wakeup} end the sleep; with {@link
 * UringOptions#devicePolling} it looks again and again, as that is what it is for, and there are no interrupts.
 */
public final class UringSession extends LeasedSession {
    /** How many polls may pass between two looks at the clock. */
    private static final int POLLS_PER_LOOK = 1024;
    /** The least time between two looks at what is overdue. */
    private static final long LOOK_NANOS = 10_000_000;
    /** How long {@link #await} sleeps before it looks whether something is overdue. */
    private static final long LONGEST_SLEEP_NANOS = 100_000_000;
    /** Between two looks whether the owner left. */
    private static final long LEAVING_LOOK_NANOS = 100_000;

    // What every operation touches.
    private final Rings rings;
    private final Ring ring;
    private final Commands commands;
    private final Window window;
    private final Slots slots;
    private final SlotFacts facts;
    private final WriteBarrier barrier;
    private final Counters counters = new Counters();
    private final LatencyRecorder latency;
    private final UringBuffer buffer;
    private final long bufferAddress;
    private final int blockShift;
    private final Headway headway;
    private int pollsUntilLook = POLLS_PER_LOOK;
    private volatile boolean closed;
    /** Closed, or about to be by another thread: the owner's calls fail from now on. */
    private volatile boolean leaving;
    /** Who polled, waited or committed last. Not volatile: read only after the owner was stopped for a look. */
    private Thread owner = Thread.currentThread();

    // What only other memory, waiting, set-up and trouble touch.
    private final ScatteredTransfers scattered;
    private final Segments one = new Segments(1);
    private volatile boolean woken;
    /** The owner met {@link #leaving}, and touches nothing any more. */
    private volatile boolean left;

    private final UringDevice device;
    private final long deadlineNanos;
    private final Failures failures;
    private long strays;
    private long lastLook = System.nanoTime();

    UringSession(
            UringDevice device,
            Window window,
            Rings rings,
            Commands commands,
            MappedMemory memory,
            int depth,
            SessionOptions options)
            throws IOException {
        this.device = device;
        this.window = window;
        this.rings = rings;
        this.ring = rings.transfers();
        this.commands = commands;
        this.buffer = new UringBuffer(
                this, memory, Math.max(options.bufferBytes(), window.geometry().blockBytes()));
        this.bufferAddress = buffer.address();
        this.blockShift = window.geometry().blockShift();
        this.slots = new Slots(depth);
        this.facts = new SlotFacts(depth);
        this.barrier = new WriteBarrier(depth);
        this.latency = new LatencyRecorder(facts, options);
        this.deadlineNanos = options.deadline().toNanos();
        this.failures = new Failures(device.name(), commands, facts, blockShift, deadlineNanos);
        this.scattered = new ScatteredTransfers(this, device.name(), window, commands, counters, depth);
        this.headway = new Headway(commands, scattered, facts, window, bufferAddress, depth);
    }

    @Override
    public Geometry geometry() {
        return window.geometry();
    }

    @Override
    public int queueDepth() {
        return slots.count();
    }

    @Override
    public IoBuffer buffer() {
        return buffer;
    }

    @Override
    public int inFlight() {
        return slots.inFlight();
    }

    @Override
    public int givenUp() {
        return slots.abandoned();
    }

    @Override
    public SessionStatistics statistics() {
        return counters.read(strays);
    }

    @Override
    public LatencyStatistics latency() {
        return latency.read();
    }

    Counters counters() {
        return counters;
    }

    @Override
    public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        if (barred() || rings.failure() != null) {
            throw unusable();
        }
        if (operation.transfers()) {
            return transfer(operation, block, count, memory, offset, tag);
        }
        return switch (operation) {
            case SYNC -> sync(tag);
            case TRIM -> change(operation, block, count, window.geometry().maxTrimBlocks(), tag);
            case WRITE_ZEROES ->
                change(operation, block, count, window.geometry().maxZeroBlocks(), tag);
            default -> throw new IllegalArgumentException(operation + " is not known here");
        };
    }

    private boolean transfer(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        if (memory != buffer) {
            return transferOther(operation, block, count, memory, offset, tag);
        }
        if (window.misfit(block, count, offset, buffer.size()) < 0 || (operation.changes() && !window.writeable())) {
            throw window.refusal(operation, block, count, buffer.size(), offset);
        }
        int slot = slots.acquire();
        if (slot < 0) {
            return full(operation, block, count);
        }
        begin(slot, operation, block, count, tag);
        headway.buffer(slot, offset);
        commands.transfer(slot, operation, window.onDevice(block), count, 0, bufferAddress + offset, true);
        return true;
    }

    private void begin(int slot, Operation operation, long block, long count, long tag) {
        facts.set(slot, operation, block, count, tag);
        headway.begin(slot);
        if (operation != Operation.READ) {
            barrier.submitted(slot);
        }
    }

    /** A transfer from or into memory that was wrapped. */
    private boolean transferOther(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        long size = memory instanceof UringMemory known && known.belongsTo(this) ? known.size() : Window.FOREIGN;
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
     * <p>The kernel takes memory in several places. It is copied here where memory that was wrapped is not aligned as direct I/O asks for. For an NVMe
     * character device the kernel itself copies it, and nobody counts that, where the drive could not be told of it by PRPs: where a segment but the first does not
     * begin on a page, or one but the last does not end on one.
     */
    @Override
    public boolean submit(Operation operation, long block, long count, Segments segments, long tag)
            throws BlockIoException {
        if (barred() || rings.failure() != null) {
            throw unusable();
        }
        int slot = slots.acquire();
        if (slot < 0) {
            return full(operation, block, count);
        }
        boolean begun = false;
        try {
            begun = scattered.begin(slot, operation, block, count, segments);
        } finally {
            if (!begun) {
                slots.release(slot);
            }
        }
        if (!begun) {
            return full(operation, block, count);
        }
        begin(slot, operation, block, count, tag);
        facts.attach(slot);
        scattered.send(slot, operation, window.onDevice(block), count, 0);
        return true;
    }

    @Override
    public IoBuffer wrap(ByteBuffer memory) throws BlockIoException {
        if (leaving) {
            throw unusable();
        }
        return scattered.wrap(memory);
    }

    @Override
    public void unwrap(IoBuffer memory) throws BlockIoException {
        scattered.unwrap(memory);
    }

    /** Says that there is no room now; or, where no poll can ever make any, that there is none any more. */
    private boolean full(Operation operation, long block, long count) throws DeadlineException {
        if (slots.inFlight() > 0 || rings.ready() || rings.needKernel()) {
            return false;
        }
        throw failures.noRoomLeft(operation, block, count, slots.count());
    }

    /** An operation that changes blocks without a transfer. */
    private boolean change(Operation operation, long block, long count, long max, long tag) throws BlockIoException {
        if (!window.allowsChange(block, count, max)) {
            throw window.refusal(operation, block, count);
        }
        int slot = slots.acquire();
        if (slot < 0) {
            return full(operation, block, count);
        }
        begin(slot, operation, block, count, tag);
        headway.send(slot, operation);
        return true;
    }

    private boolean sync(long tag) throws BlockIoException {
        int slot = barrier.full() ? -1 : slots.acquire();
        if (slot < 0) {
            return full(Operation.SYNC, 0, 0);
        }
        facts.set(slot, Operation.SYNC, 0, 0, tag);
        headway.begin(slot);
        if (barrier.passes(slot)) {
            commands.sync(slot);
        }
        return true;
    }

    @Override
    public void commit() {
        owner = Thread.currentThread();
        if (!leaving && rings.tell()) {
            committed();
        }
    }

    private void committed() {
        latency.committed(counters.committed());
    }

    @Override
    public int poll(Completion completion, int max) throws BlockIoException {
        owner = Thread.currentThread();
        if (leaving || (rings.failure() != null && slots.inFlight() == 0)) {
            throw left();
        }
        return pollOpen(completion, max);
    }

    private int pollOpen(Completion completion, int max) {
        int reported = reap(ring, completion, max);
        if (rings.areTwo() && reported < max && !closed) {
            reported += reap(rings.others(), completion, max - reported);
        }
        latency.endRound();
        // What is overdue is judged only after everything that the kernel finished was taken.
        if ((--pollsUntilLook <= 0 || rings.failure() != null) && reported < max && !closed) {
            reported += look(completion, max - reported, System.nanoTime());
        }
        return reported;
    }

    private int reap(Ring from, Completion completion, int max) {
        if (!from.ready() && !rings.fetch(from)) {
            return 0;
        }
        int reported = 0;
        try {
            while (reported < max && !closed && from.ready()) {
                long slot = from.userData();
                int result = from.result();
                from.next();
                if (!slots.isSent(slot)) {
                    strays++;
                } else if (answered((int) slot, result, completion)) {
                    reported++;
                }
            }
        } finally {
            // A handler that closed the session against the rules has given the ring away.
            if (!closed) {
                from.release();
            }
        }
        if (!closed && rings.tellWhatIsOwed()) {
            committed();
        }
        return reported;
    }

    /** Takes the kernel's answer to the operation of a slot; returns whether it was reported. */
    private boolean answered(int slot, int result, Completion completion) {
        if (!slots.isTaken(slot)) {
            // It was given up before; what it says of data that is lost holds all the same.
            if (commands.moved(result, 0) < 0) {
                device.noteFailure(facts.operation(slot), result, failures.answer(slot, result, -1, 0));
            }
            if (facts.attached(slot)) {
                InternalError ignored = scattered.end(slot, facts.operation(slot), false);
            }
            slots.release(slot);
            return false;
        }
        Operation operation = facts.operation(slot);
        long rest = headway.rest(slot);
        long done = commands.moved(result, rest);
        BlockIoException trouble = null;
        if (done != rest) {
            if (headway.goesOn(slot, result, done)) {
                rings.owe();
                return false;
            }
            trouble = failures.answer(slot, result, done, headway.moved(slot));
            device.noteFailure(operation, result, trouble);
        } else if (operation == Operation.SYNC) {
            trouble = failures.stillLost(slot, device.losses().first());
        }
        if (facts.attached(slot)) {
            InternalError lost = scattered.end(slot, operation, trouble == null);
            trouble = lost == null ? trouble : failures.memoryLost(slot, lost);
        }
        if (trouble != null) {
            counters.failed();
        } else {
            counters.done(facts.kind(slot), facts.count(slot));
            if (latency.done(slot, facts.kind(slot))) {
                latency.reportSlow(device.name(), slot);
            }
        }
        long tag = facts.tag(slot);
        ended(slot);
        slots.release(slot);
        if (trouble == null) {
            completion.completed(tag);
        } else {
            completion.failed(tag, trouble);
        }
        return true;
    }

    /** An operation ended, one way or the other: syncs that waited for it alone go now. */
    private void ended(int slot) {
        if (facts.changes(slot) && barrier.completed(slot)) {
            for (int held = barrier.nextReady(); held >= 0; held = barrier.nextReady()) {
                commands.sync(held);
                // Whoever submitted the sync committed it already, or will: what is told early does no harm.
                rings.owe();
            }
        }
    }

    /** Looks at the time of each operation, and reports what is overdue. */
    private int look(Completion completion, int max, long now) {
        pollsUntilLook = POLLS_PER_LOOK;
        String failure = rings.failure();
        if (slots.inFlight() == 0 || (failure == null && now - lastLook < LOOK_NANOS)) {
            return 0;
        }
        int reported = 0;
        for (int slot = 0; slot < slots.count() && reported < max && !closed; slot++) {
            if (slots.isTaken(slot) && (failure != null || facts.overdue(slot, now, deadlineNanos))) {
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
        if (!closed && rings.tellWhatIsOwed()) {
            committed();
        }
        return reported;
    }

    private void giveUp(int slot, Completion completion) {
        long tag = facts.tag(slot);
        String failure = rings.failure();
        BlockIoException trouble = failure != null ? failures.gone(slot, failure) : failures.overdue(slot);
        if (barrier.holds(slot)) {
            // It was never sent.
            barrier.drop(slot);
            slots.release(slot);
        } else {
            slots.abandon(slot);
            ended(slot);
        }
        counters.failed();
        completion.failed(tag, trouble);
    }

    @Override
    public boolean await(long timeoutNanos) throws IOException {
        return await(1, timeoutNanos);
    }

    @Override
    public boolean await(int operations, long timeoutNanos) throws IOException {
        owner = Thread.currentThread();
        if (leaving || (rings.failure() != null && slots.inFlight() == 0)) {
            throw left();
        }
        if (rings.ready() || timeoutNanos <= 0) {
            commit();
            return rings.ready();
        }
        if (rings.hasPending()) {
            committed();
        }
        latency.look();
        long start = System.nanoTime();
        long nextLook = start + LONGEST_SLEEP_NANOS;
        while (true) {
            long now = System.nanoTime();
            long left = timeoutNanos - (now - start);
            if (left <= 0) {
                pollsUntilLook = 0;
                return false;
            }
            rings.sleep(operations, Math.min(left, LONGEST_SLEEP_NANOS));
            if (leaving) {
                throw left();
            }
            if (rings.ready()) {
                return true;
            }
            if (woken) {
                woken = false;
                return false;
            }
            if (rings.failure() != null || (now - nextLook > 0 && isAnythingOverdue(now))) {
                pollsUntilLook = 0;
                return true;
            }
        }
    }

    @Override
    public boolean hasInterrupt() {
        return rings.haveEvents();
    }

    @Override
    public void wakeup() {
        woken = true;
        rings.wake();
    }

    private boolean isAnythingOverdue(long now) {
        boolean overdue = false;
        for (int slot = 0; slot < slots.count(); slot++) {
            overdue |= slots.isTaken(slot) && facts.overdue(slot, now, deadlineNanos);
        }
        return overdue;
    }

    private BlockIoException unusable() {
        String reason = rings.failure();
        return leaving || reason == null
                ? barredFailure(device.name(), leaving)
                : new DeviceGoneException(device.name(), reason);
    }

    /** The same, when the owner touches nothing any more once it has it. */
    private BlockIoException left() {
        if (leaving) {
            left = true;
        }
        return unusable();
    }

    /** Lets the owner start nothing any more, so that another thread can close. Any thread. */
    void askToLeave() {
        leaving = true;
        bar();
        if (rings.haveEvents()) {
            wakeup();
        }
    }

    /**
     * Closes from any thread, after {@link #askToLeave}, once the owner is out of its calls. An owner that does not leave in time keeps the session, whose memory
     * it may be using, until it closes it itself.
     *
     * @param since when the closing began: the deadline counts from then
     */
    void closeForOwner(long since) throws IOException {
        while (!closed && !left && isOwnerInside()) {
            if (System.nanoTime() - since > deadlineNanos) {
                throw new DeadlineException(
                        device.name(),
                        "a session's owner, thread " + owner.getName() + ", did not leave it within "
                                + deadlineNanos / 1_000_000 + " ms; the session stays until the owner closes it");
            }
            LockSupport.parkNanos(LEAVING_LOOK_NANOS);
        }
        close(since);
    }

    /**
     * Whether the owner is in a call of a session. Its stack tells, so that the calls themselves need not: submission costs nothing more, and looking at a
     * thread's stack is a fence for it too, after which it sees that it is barred.
     */
    private boolean isOwnerInside() {
        Thread thread = owner;
        if (thread == Thread.currentThread()) {
            return false;
        }
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals(UringSession.class.getName())) {
                return true;
            }
        }
        return thread != owner;
    }

    @Override
    public void close() throws IOException {
        close(System.nanoTime());
    }

    private void close(long since) throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            drain(since);
            closed = true;
            leaving = true;
            bar();
        }
        device.release(this);
        int left = slots.inFlight() + slots.abandoned();
        if (left > 0) {
            Unanswered.keep(this);
            throw new DeadlineException(
                    device.name(),
                    left + " operations did not end within " + deadlineNanos / 1_000_000
                            + " ms; the memory that they may still change, "
                            + buffer.memory().size()
                            + " bytes, is kept until they do");
        }
        free();
    }

    /** Gives rings and memory back. */
    void free() throws IOException {
        try (rings) {
            scattered.close();
            buffer.memory().close();
        } finally {
            ended();
        }
    }

    /** For a session that has ended: whether the kernel has answered everything by now. */
    synchronized boolean isAnswered() {
        rings.collect(slots);
        return slots.inFlight() + slots.abandoned() == 0;
    }

    /** Waits for what is in flight, and for what was given up: all of it may still change memory. */
    private void drain(long start) throws IOException {
        boolean ignored = rings.tell();
        while (slots.inFlight() + slots.abandoned() > 0 && rings.failure() == null) {
            long left = deadlineNanos - (System.nanoTime() - start);
            if (pollOpen(DiscardedCompletions.INSTANCE, Integer.MAX_VALUE) == 0) {
                if (left <= 0) {
                    return;
                }
                rings.sleep(1, Math.min(left, LONGEST_SLEEP_NANOS));
                pollsUntilLook = 0;
            }
        }
    }

    @Override
    public String toString() {
        return "session of " + window + ", " + slots.inFlight() + " of " + slots.count() + " operations in flight";
    }
}
