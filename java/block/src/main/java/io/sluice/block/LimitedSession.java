package io.sluice.block;

import io.sluice.block.driver.DiscardedCompletions;
import io.sluice.block.driver.LeasedSession;
import io.sluice.block.driver.Window;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A session that is no faster than its {@link Limits}. It takes as many operations as the session under it, holds those back that would exceed a
 * limit, and submits them when they no longer do, on the owner's thread: in {@link #commit}, {@link #poll} and {@link #await}. Reads and writes wait apart; among
 * each other they keep their order, and a {@link Operation#SYNC} stays behind the writes before it.
 *
 * <p>Who wants no limits uses the session itself, and pays nothing for this class.
 */
public final class LimitedSession extends LeasedSession {
    private static final long LONGEST_SLEEP_NANOS = 100_000_000;

    private final BlockSession session;
    private final String name;
    private final HeldOperations reads;
    private final HeldOperations writes;
    private final Window window;
    private final int blockShift;
    private final int depth;
    private final IoBuffer buffer;
    private final Set<IoBuffer> wrapped = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile Limits limits;
    private volatile boolean changed;
    private volatile boolean woken;
    private volatile @Nullable Thread sleeper;
    private boolean closing;
    private volatile boolean closed;

    private LimitedSession(BlockSession session, String name, Window window, Limits limits, LongSupplier clock) {
        this.session = session;
        this.name = name;
        this.depth = session.queueDepth();
        this.reads = new HeldOperations(depth, clock);
        this.writes = new HeldOperations(depth, clock);
        this.window = window;
        this.blockShift = session.geometry().blockShift();
        this.buffer = session.buffer();
        this.limits = limits;
        applyLimits();
    }

    /**
     * Limits a session, which is used through the result alone from now on and closed by it.
     *
     * @param name of the device in messages
     */
    public static LimitedSession over(BlockSession session, String name, Limits limits) {
        return over(session, name, limits, System::nanoTime);
    }

    /** The same by another clock of nanoseconds. */
    static LimitedSession over(BlockSession session, String name, Limits limits, LongSupplier clock) {
        Geometry geometry = session.geometry();
        SessionOptions all = SessionOptions.defaults().writeable(geometry.writeable());
        try {
            return new LimitedSession(session, name, Window.of(name, geometry, all, Long.MAX_VALUE), limits, clock);
        } catch (InvalidRequestException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The limits that are in force, or will be at the next call of the owner. Any thread. */
    public Limits limits() {
        return limits;
    }

    /** Changes the limits. What was let pass before is counted under the new ones. Any thread. */
    public void limits(Limits value) {
        limits = value;
        changed = true;
        wakeup();
    }

    private void applyLimits() {
        changed = false;
        Limits now = limits;
        reads.limit(now.readOperations(), now.readBytes());
        writes.limit(now.writeOperations(), now.writeBytes());
    }

    @Override
    public Geometry geometry() {
        return session.geometry();
    }

    @Override
    public int queueDepth() {
        return depth;
    }

    @Override
    public IoBuffer buffer() {
        return buffer;
    }

    @Override
    public IoBuffer wrap(ByteBuffer memory) throws BlockIoException {
        IoBuffer wrapper = session.wrap(memory);
        wrapped.add(wrapper);
        return wrapper;
    }

    @Override
    public void unwrap(IoBuffer memory) throws BlockIoException {
        if (reads.name(memory) || writes.name(memory)) {
            throw new BlockIoException(
                    name, "operations that wait for the limits name the memory; poll until they are done");
        }
        session.unwrap(memory);
        wrapped.remove(memory);
    }

    @Override
    public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        if (barred()) {
            throw barredFailure(name, closed);
        }
        if (changed) {
            applyLimits();
        }
        HeldOperations line = operation == Operation.READ ? reads : writes;
        if (line.isEmpty() && (operation == Operation.SYNC || line.passes())) {
            if (held() > 0 && inFlight() >= depth) {
                return false;
            }
            boolean taken = session.submit(operation, block, count, memory, offset, tag);
            if (taken) {
                charge(line, operation, count);
            }
            return taken;
        }
        check(operation, block, count, memory, offset);
        if (inFlight() >= depth) {
            return false;
        }
        line.add(operation, block, count, memory, offset, tag);
        return true;
    }

    private void check(Operation operation, long block, long count, IoBuffer memory, long offset)
            throws InvalidRequestException {
        if (operation.transfers()) {
            long there = isKnown(memory) ? memory.size() : Window.FOREIGN;
            if (there == Window.FOREIGN
                    || window.misfit(block, count, offset, there) < 0
                    || (operation.changes() && !window.writeable())) {
                throw window.refusal(operation, block, count, there, offset);
            }
            if (operation == Operation.READ && memory.bytes().isReadOnly()) {
                throw window.refusal(operation, block, count, Window.READ_ONLY_MEMORY);
            }
        } else if (operation != Operation.SYNC && !window.allowsChange(block, count, most(operation))) {
            throw window.refusal(operation, block, count);
        }
    }

    private boolean isKnown(IoBuffer memory) {
        return memory == buffer || wrapped.contains(memory);
    }

    private long most(Operation operation) {
        Geometry there = window.geometry();
        return operation == Operation.TRIM ? there.maxTrimBlocks() : there.maxZeroBlocks();
    }

    @Override
    public boolean submit(Operation operation, long block, long count, Segments segments, long tag)
            throws BlockIoException {
        if (barred()) {
            throw barredFailure(name, closed);
        }
        if (changed) {
            applyLimits();
        }
        HeldOperations line = operation == Operation.READ ? reads : writes;
        if (line.isEmpty() && line.passes()) {
            if (held() > 0 && inFlight() >= depth) {
                return false;
            }
            boolean taken = session.submit(operation, block, count, segments, tag);
            if (taken) {
                charge(line, operation, count);
            }
            return taken;
        }
        window.check(operation, block, count, segments);
        for (int i = 0; i < segments.count(); i++) {
            if (!isKnown(segments.memory(i))) {
                throw window.refusal(operation, block, count, Window.NOT_ITS_MEMORY);
            }
        }
        if (operation == Operation.READ && segments.isReadOnly()) {
            throw window.refusal(operation, block, count, Window.READ_ONLY_MEMORY);
        }
        if (inFlight() >= depth) {
            return false;
        }
        line.add(operation, block, count, segments, tag);
        return true;
    }

    private void charge(HeldOperations line, Operation operation, long count) {
        if (operation != Operation.SYNC) {
            line.passed(operation.transfers() ? count << blockShift : 0);
        }
    }

    private int held() {
        return reads.size() + writes.size();
    }

    @Override
    public void commit() {
        if (held() > 0 && !barred()) {
            try {
                submitHeld(reads);
                submitHeld(writes);
            } catch (BlockIoException refused) {
                // It stays where it is: the next poll is refused likewise, and reports it.
                session.commit();
                return;
            }
        }
        session.commit();
    }

    /** Submits what the limits let pass and the session takes. */
    private void submitHeld(HeldOperations line) throws BlockIoException {
        while (!line.isEmpty() && (closing || line.operation() == Operation.SYNC || line.passes())) {
            Operation operation = line.operation();
            long count = line.count();
            if (!submitOldest(line, operation, count)) {
                return;
            }
            line.remove();
            charge(line, operation, count);
        }
    }

    private boolean submitOldest(HeldOperations line, Operation operation, long count) throws BlockIoException {
        Segments segments = line.segments();
        IoBuffer memory = line.memory();
        return segments != null
                ? session.submit(operation, line.block(), count, segments, line.tag())
                : session.submit(
                        operation, line.block(), count, memory == null ? buffer : memory, line.offset(), line.tag());
    }

    @Override
    public int poll(Completion completion, int max) throws BlockIoException {
        if (closed) {
            throw barredFailure(name, true);
        }
        if (changed) {
            applyLimits();
        }
        if (held() == 0) {
            return session.poll(completion, max);
        }
        if (barred()) {
            int reported = session.poll(completion, max);
            return reported + failHeld(completion, max - reported, null);
        }
        int reported = 0;
        try {
            reported = session.poll(completion, max);
            submitHeld(reads);
            submitHeld(writes);
            session.commit();
            return reported;
        } catch (BlockIoException refused) {
            return reported + failHeld(completion, max - reported, refused);
        }
    }

    /** Reports what is held as failed: the session takes no more, for the given reason or since it is fenced. */
    private int failHeld(Completion completion, int max, @Nullable BlockIoException reason) {
        int reported = 0;
        while (reported < max && held() > 0 && !closed) {
            HeldOperations line = writes.isEmpty() ? reads : writes;
            BlockIoException failure = failure(line, reason);
            long tag = line.tag();
            line.remove();
            reported++;
            completion.failed(tag, failure);
        }
        return reported;
    }

    private BlockIoException failure(HeldOperations line, @Nullable BlockIoException reason) {
        String fence = fence();
        if (reason == null) {
            return new FencedException(name, line.operation(), line.block(), line.count(), String.valueOf(fence));
        }
        String text = String.valueOf(reason.getMessage());
        BlockIoException failure = reason instanceof DeviceGoneException
                ? new DeviceGoneException(name, line.operation(), line.block(), line.count(), text)
                : new BlockIoException(name, line.operation(), line.block(), line.count(), text);
        failure.initCause(reason);
        return failure;
    }

    @Override
    public boolean await(long timeoutNanos) throws IOException {
        if (closed) {
            throw barredFailure(name, true);
        }
        commit();
        if (held() == 0) {
            woken = false;
            return session.await(timeoutNanos);
        }
        long start = System.nanoTime();
        while (true) {
            long left = timeoutNanos - (System.nanoTime() - start);
            if (barred() || left <= 0) {
                return barred() || session.await(0);
            }
            if (woken) {
                woken = false;
                return false;
            }
            int before = held();
            commit();
            boolean stuck = before == held();
            long wait = waitNanos();
            // Where the limits would let it pass, it is the session that has no room: until it has something to report.
            if (sleep(stuck && wait == 0 && session.inFlight() > 0 ? left : Math.min(left, wait), stuck)) {
                return true;
            }
        }
    }

    /** Until the next held operation passes, nanoseconds. */
    private long waitNanos() {
        long wait = Long.MAX_VALUE;
        if (!reads.isEmpty()) {
            wait = reads.waitNanos();
        }
        return writes.isEmpty() ? wait : Math.min(wait, writes.waitNanos());
    }

    /**
     * Sleeps.
     *
     * @param stuck whether nothing could be submitted just now
     * @return whether there is something to report
     */
    private boolean sleep(long nanos, boolean stuck) throws IOException {
        if (session.inFlight() > 0) {
            return session.await(nanos);
        }
        if (nanos == 0 && stuck) {
            // It takes nothing and has nothing in flight: poll says why.
            return true;
        }
        sleeper = Thread.currentThread();
        if (!woken) {
            LockSupport.parkNanos(this, nanos);
        }
        sleeper = null;
        return false;
    }

    @Override
    public boolean hasInterrupt() {
        return session.hasInterrupt();
    }

    @Override
    public void wakeup() {
        woken = true;
        session.wakeup();
        LockSupport.unpark(sleeper);
    }

    @Override
    public int inFlight() {
        return session.inFlight() + held();
    }

    @Override
    public int givenUp() {
        return session.givenUp();
    }

    /** Counters of the session under this one. */
    @Override
    public SessionStatistics statistics() {
        return session.statistics();
    }

    /** Of the session under this one: how long the limits held an operation back is no part of it. */
    @Override
    public LatencyStatistics latency() {
        return session.latency();
    }

    /** Ends the session under this one too. What is held back is submitted before, whatever the limits say. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            submitRest();
            closed = true;
            bar();
        }
        session.close();
        ended();
    }

    private void submitRest() {
        closing = true;
        try {
            while (held() > 0) {
                if (poll(DiscardedCompletions.INSTANCE, Integer.MAX_VALUE) == 0) {
                    boolean ignored = session.await(LONGEST_SLEEP_NANOS);
                }
            }
        } catch (IOException unusable) {
            // The session takes nothing more, and says so when it is closed, if it is of interest then.
            return;
        }
    }

    @Override
    public String toString() {
        return session + ", limited to " + limits;
    }
}
