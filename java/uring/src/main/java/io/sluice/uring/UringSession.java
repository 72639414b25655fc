package io.sluice.uring;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.Geometry;
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
import io.sluice.linux.EventDescriptor;
import io.sluice.linux.LinuxException;
import io.sluice.linux.Ring;
import java.io.IOException;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A session on a file or node: a pair of rings shared with the kernel, the window of blocks that it may name, and its memory.
 *
 * <p>A transfer that the kernel does in part is continued until it is done or makes no headway. A {@link Operation#SYNC} is held back until
 * every write submitted before it is complete, since {@code fsync} and Flush know nothing of writes that are still on their way.
 *
 * <p>{@link #await} sleeps in the kernel whether or not the session was opened with interrupts; with {@link
 * UringOptions#devicePolling} it looks again and again, as that is what it is for.
 */
public final class UringSession extends LeasedSession {
    /** How many polls may pass between two looks at the clock. */
    private static final int POLLS_PER_LOOK = 1024;
    /** How long it is at least between two looks at what is overdue. */
    private static final long LOOK_NANOS = 10_000_000;
    /** How long {@link #await} sleeps before it looks whether something is overdue. */
    private static final long LONGEST_SLEEP_NANOS = 100_000_000;

    private static final int EINTR = -Errno.EINTR.intValue();
    private static final int EAGAIN = -Errno.EAGAIN.intValue();
    private static final int EBUSY = -Errno.EBUSY.intValue();
    private static final int ETIME = -Errno.ETIME.intValue();

    // What every operation touches.
    private final Ring ring;
    /** Takes what is no transfer where the first ring cannot: when it polls the device. Otherwise the same. */
    private final Ring others;

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
    private final boolean writeable;
    /** Where in the buffer the data of each slot begins, and how much of it was moved. */
    private final int[] offsets;

    private final int[] moved;
    /** Which operations are on their second way. */
    private final boolean[] otherWay;

    private int pollsUntilLook = POLLS_PER_LOOK;
    /** Whether something is in a ring that the kernel could not take, or that it has not been told of yet though it must be. */
    private boolean owed;

    private volatile boolean closed;

    // What only set-up and trouble touch.
    private final UringDevice device;
    private final long deadlineNanos;
    private final Failures failures;
    private @Nullable String failure;
    private long strays;
    private long lastLook = System.nanoTime();

    UringSession(
            UringDevice device,
            Window window,
            Ring ring,
            Ring others,
            Commands commands,
            UringBuffer buffer,
            int depth,
            SessionOptions options) {
        this.device = device;
        this.window = window;
        this.ring = ring;
        this.others = others;
        this.commands = commands;
        this.buffer = buffer;
        this.bufferAddress = buffer.address();
        this.blockShift = window.geometry().blockShift();
        this.writeable = window.writeable();
        this.slots = new Slots(depth);
        this.facts = new SlotFacts(depth);
        this.barrier = new WriteBarrier(depth);
        this.latency = new LatencyRecorder(facts, options);
        this.offsets = new int[depth];
        this.moved = new int[depth];
        this.otherWay = new boolean[depth];
        this.deadlineNanos = options.deadline().toNanos();
        this.failures = new Failures(device.name(), commands, facts, blockShift, deadlineNanos);
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
        if (barred() || failure != null) {
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
        if (window.misfit(block, count, offset) < 0
                || memory != buffer
                || (operation != Operation.READ && !writeable)) {
            throw window.refusal(operation, block, count, memory != buffer, offset);
        }
        int slot = slots.acquire();
        if (slot < 0) {
            return false;
        }
        facts.set(slot, operation, block, count, tag);
        offsets[slot] = (int) offset;
        moved[slot] = 0;
        if (operation != Operation.READ) {
            barrier.submitted(slot);
        }
        commands.transfer(slot, operation, window.onDevice(block), count, 0, bufferAddress + offset);
        return true;
    }

    /** An operation that changes blocks without a transfer. */
    private boolean change(Operation operation, long block, long count, long max, long tag) throws BlockIoException {
        if (!window.allowsChange(block, count, max)) {
            throw window.refusal(operation, block, count, false, 0);
        }
        int slot = slots.acquire();
        if (slot < 0) {
            return false;
        }
        facts.set(slot, operation, block, count, tag);
        barrier.submitted(slot);
        send(slot, operation);
        return true;
    }

    private boolean sync(long tag) {
        if (barrier.full()) {
            return false;
        }
        int slot = slots.acquire();
        if (slot < 0) {
            return false;
        }
        facts.set(slot, Operation.SYNC, 0, 0, tag);
        if (barrier.passes(slot)) {
            commands.sync(slot);
        }
        return true;
    }

    @Override
    public void commit() {
        if (!closed && tell()) {
            committed();
        }
    }

    private void committed() {
        counters.committed();
        latency.committed();
    }

    /** Tells the kernel of what it does not know yet; what it cannot take now is told at the next poll. */
    private boolean tell() {
        boolean told = false;
        owed = false;
        if (ring.hasPending()) {
            judge(ring.submit());
            owed = ring.hasPending();
            told = true;
        }
        if (others != ring && others.hasPending()) {
            judge(others.submit());
            owed |= others.hasPending();
            told = true;
        }
        return told;
    }

    /** Judges what entering the kernel came to. What is no matter of time ends the session. */
    private void judge(int result) {
        if (result < 0
                && result != EINTR
                && result != EAGAIN
                && result != EBUSY
                && result != ETIME
                && failure == null) {
            failure = "the kernel takes no operations any more: io_uring_enter: " + LinuxException.describe(-result)
                    + "; close the session";
            pollsUntilLook = 0;
            lastLook = System.nanoTime() - LOOK_NANOS;
        }
    }

    @Override
    public int poll(Completion completion, int max) throws BlockIoException {
        if (closed || (failure != null && slots.inFlight() == 0)) {
            throw unusable();
        }
        return pollOpen(completion, max);
    }

    private int pollOpen(Completion completion, int max) {
        int reported = reap(ring, completion, max);
        if (others != ring && reported < max && !closed) {
            reported += reap(others, completion, max - reported);
        }
        latency.endRound();
        // What is overdue is judged only after everything that the kernel finished was taken.
        if (--pollsUntilLook <= 0 && reported < max && !closed) {
            reported += look(completion, max - reported, System.nanoTime());
        }
        return reported;
    }

    private int reap(Ring from, Completion completion, int max) {
        if (!from.ready() && !fetch(from)) {
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
        if (owed && !closed && tell()) {
            committed();
        }
        return reported;
    }

    /** Has the kernel do what it puts off until it is entered; returns whether there is a completion now. */
    private boolean fetch(Ring from) {
        if (from.inFlight() > 0 && (owed || from.needsKernel())) {
            judge(from.await(0, 0));
            owed = from.hasPending() && owed;
        }
        return from.ready();
    }

    /** Takes the kernel's answer to the operation of a slot; returns whether it was reported. */
    private boolean answered(int slot, int result, Completion completion) {
        if (!slots.isTaken(slot)) {
            // It was given up before.
            otherWay[slot] = false;
            slots.release(slot);
            return false;
        }
        Operation operation = facts.operation(slot);
        long rest = operation.transfers() ? (facts.count(slot) << blockShift) - moved[slot] : 0;
        long done = commands.moved(result, rest);
        BlockIoException trouble = null;
        if (done != rest) {
            if (goesOn(slot, operation, result, done)) {
                return false;
            }
            trouble = failures.answer(slot, result, done, moved[slot]);
            counters.failed();
        } else {
            counters.done(facts.kind(slot), facts.count(slot));
            if (latency.done(slot, facts.kind(slot))) {
                latency.reportSlow(device.name(), slot);
            }
        }
        long tag = facts.tag(slot);
        otherWay[slot] = false;
        ended(slot);
        slots.release(slot);
        if (trouble == null) {
            completion.completed(tag);
        } else {
            completion.failed(tag, trouble);
        }
        return true;
    }

    /** Sends what is left of an operation that came back too early, where that makes sense. */
    private boolean goesOn(int slot, Operation operation, int result, long done) {
        if (done > 0) {
            // Whole blocks count: direct I/O goes on at none but the beginning of one.
            int whole = (int) (moved[slot] + done) & -(1 << blockShift);
            if (whole <= moved[slot]) {
                return false;
            }
            moved[slot] = whole;
        } else if (result != EAGAIN && result != EINTR) {
            if (otherWay[slot] || !commands.hasOtherWay(operation, result)) {
                return false;
            }
            otherWay[slot] = true;
        }
        send(slot, operation);
        owed = true;
        return true;
    }

    private void send(int slot, Operation operation) {
        long block = window.onDevice(facts.block(slot));
        long count = facts.count(slot);
        switch (operation) {
            case READ, WRITE, WRITE_DURABLE ->
                commands.transfer(slot, operation, block, count, moved[slot], bufferAddress + offsets[slot]);
            case SYNC -> commands.sync(slot);
            case TRIM -> commands.trim(slot, block, count);
            case WRITE_ZEROES -> commands.writeZeroes(slot, block, count);
        }
    }

    /** An operation ended, one way or the other: syncs that waited for it alone go now. */
    private void ended(int slot) {
        if (facts.changes(slot) && barrier.completed(slot)) {
            for (int held = barrier.nextReady(); held >= 0; held = barrier.nextReady()) {
                commands.sync(held);
                // Whoever submitted the sync committed it already, or will: what is told early does no harm.
                owed = true;
            }
        }
    }

    /** Looks at the time of each operation, and reports what is overdue. */
    private int look(Completion completion, int max, long now) {
        pollsUntilLook = POLLS_PER_LOOK;
        if (slots.inFlight() == 0 || now - lastLook < LOOK_NANOS) {
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
        if (owed && !closed) {
            tell();
        }
        return reported;
    }

    private void giveUp(int slot, Completion completion) {
        long tag = facts.tag(slot);
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
        if (closed || (failure != null && slots.inFlight() == 0)) {
            throw unusable();
        }
        if (ring.ready() || others.ready() || timeoutNanos <= 0) {
            commit();
            return ring.ready() || others.ready();
        }
        if (ring.hasPending() || others.hasPending()) {
            committed();
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
            sleep(Math.min(left, LONGEST_SLEEP_NANOS));
            if (closed) {
                throw unusable();
            }
            if (ring.ready() || others.ready()) {
                return true;
            }
            if (failure != null || (now - nextLook > 0 && isAnythingOverdue(now))) {
                pollsUntilLook = 0;
                return true;
            }
        }
    }

    /** Tells the kernel what it does not know yet, and waits for a completion in the same call. */
    private void sleep(long nanos) {
        owed = false;
        if (others == ring || ring.inFlight() == 0) {
            judge(others.await(1, nanos));
        } else {
            // This one looks at the device only while it is asked to, so that neither can be slept on.
            judge(ring.await(0, 0));
            judge(others.await(0, 0));
            Thread.onSpinWait();
        }
        owed = ring.hasPending() || others.hasPending();
    }

    private boolean isAnythingOverdue(long now) {
        boolean overdue = false;
        for (int slot = 0; slot < slots.count(); slot++) {
            overdue |= slots.isTaken(slot) && facts.overdue(slot, now, deadlineNanos);
        }
        return overdue;
    }

    /**
     * Has each completion make an event, so that a thread can wait for several sessions at once. The events say that {@link #poll} is worth
     * a call, no more.
     *
     * @param events stays the caller's; open until the session is closed
     * @throws BlockIoException when the session polls its device: then nothing announces completions
     */
    public void signal(EventDescriptor events) throws IOException {
        if (closed) {
            throw unusable();
        }
        if (ring.devicePolling()) {
            throw new BlockIoException(
                    device.name(), "no completion makes an event while the device is polled; open it without polling");
        }
        ring.registerEvent(events);
    }

    private BlockIoException unusable() {
        String reason = failure;
        return closed || reason == null
                ? barredFailure(device.name(), closed)
                : new DeviceGoneException(device.name(), reason);
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            drain();
            closed = true;
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
        try (ring;
                others) {
            buffer.memory().close();
        } finally {
            ended();
        }
    }

    /** For a session that has ended: whether the kernel has answered everything by now. */
    synchronized boolean isAnswered() {
        collect(ring);
        if (others != ring) {
            collect(others);
        }
        return slots.inFlight() + slots.abandoned() == 0;
    }

    private void collect(Ring from) {
        if (from.inFlight() > 0) {
            judge(from.await(0, 0));
        }
        while (from.ready()) {
            long slot = from.userData();
            from.next();
            if (slots.isSent(slot)) {
                slots.release((int) slot);
            }
        }
        from.release();
    }

    /** Waits for what is in flight, and for what was given up: all of it may still change memory. */
    private void drain() {
        tell();
        long start = System.nanoTime();
        while (slots.inFlight() + slots.abandoned() > 0 && failure == null) {
            long left = deadlineNanos - (System.nanoTime() - start);
            if (pollOpen(DiscardedCompletions.INSTANCE, Integer.MAX_VALUE) == 0) {
                if (left <= 0) {
                    return;
                }
                sleep(Math.min(left, LONGEST_SLEEP_NANOS));
                pollsUntilLook = 0;
            }
        }
    }

    @Override
    public String toString() {
        return "session of " + window + ", " + slots.inFlight() + " of " + slots.count() + " operations in flight";
    }
}
