package io.sluice.partition;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A client's side of a multiplexer. Its owner checks each operation, writes it into a slot and passes the slot's number to the {@link Dispatcher}'s thread, which passes it back
 * when the operation is done: a slot belongs to one thread at a time, and the rings between them publish what is in it.
 */
final class ClientSession extends LeasedSession {
    /** How often {@link #await} looks before it sleeps. */
    private static final int LOOKS = 2000;

    private static final long LONGEST_SLEEP_NANOS = 100_000_000;

    private final Multiplexer multiplexer;
    private final String name;
    private final Window window;
    private final int blockShift;
    private final boolean writeable;
    private final ClientMemory buffer;
    private final Counters counters = new Counters();
    private final LatencyRecorder latency;
    private final Flow flow;
    private final int depth;
    private final SlotRing requests;
    private final SlotRing answers;

    // By slot.
    private final SlotFacts facts;
    private final int[] offsets;
    private final @Nullable BlockIoException[] failures;
    /** Where the memory is in several places; made when a slot needs it first, and used again. */
    private final @Nullable Segments[] segments;

    private final boolean[] several;

    private final int[] free;
    private int freeCount;
    private volatile boolean sleeping;
    private volatile boolean woken;
    private volatile @Nullable Thread owner;
    private volatile boolean closed;

    ClientSession(Multiplexer multiplexer, Window window, ClientMemory buffer, SessionOptions options, int weight) {
        this.multiplexer = multiplexer;
        this.name = multiplexer.name();
        this.window = window;
        this.blockShift = window.geometry().blockShift();
        this.writeable = window.writeable();
        this.buffer = buffer;
        this.flow = new Flow(weight);
        this.depth = options.queueDepth();
        this.requests = new SlotRing(depth);
        this.answers = new SlotRing(depth);
        this.facts = new SlotFacts(depth);
        this.latency = new LatencyRecorder(facts, options);
        this.offsets = new int[depth];
        this.failures = new BlockIoException[depth];
        this.segments = new Segments[depth];
        this.several = new boolean[depth];
        this.free = new int[depth];
        Arrays.setAll(free, i -> depth - 1 - i);
        this.freeCount = depth;
    }

    @Override
    public Geometry geometry() {
        return window.geometry();
    }

    @Override
    public int queueDepth() {
        return depth;
    }

    @Override
    public IoBuffer buffer() {
        return buffer;
    }

    /** Not offered: see {@link Multiplexer}. */
    @Override
    public IoBuffer wrap(ByteBuffer memory) throws BlockIoException {
        throw new BlockIoException(
                name,
                "this session has no queue of the device for itself: it goes through the " + multiplexer.kind()
                        + " multiplexer, which takes no memory but the session's own buffer(); copy the data there, or open a"
                        + " session of the device or of a mediator that has a queue left");
    }

    @Override
    public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        if (barred()) {
            throw barredFailure(name, closed);
        }
        if (operation.transfers()) {
            if (window.misfit(block, count, offset, buffer.size()) < 0
                    || memory != buffer
                    || (operation != Operation.READ && !writeable)) {
                throw window.refusal(
                        operation, block, count, memory == buffer ? buffer.size() : Window.FOREIGN, offset);
            }
        } else if (operation != Operation.SYNC && !window.allowsChange(block, count, most(operation))) {
            throw window.refusal(operation, block, count);
        }
        if (freeCount == 0) {
            return false;
        }
        int slot = request(operation, block, operation == Operation.SYNC ? 0 : count, tag);
        offsets[slot] = (int) offset;
        several[slot] = false;
        return true;
    }

    @Override
    public boolean submit(Operation operation, long block, long count, Segments memory, long tag)
            throws BlockIoException {
        if (barred()) {
            throw barredFailure(name, closed);
        }
        window.check(operation, block, count, memory);
        for (int i = 0; i < memory.count(); i++) {
            if (memory.memory(i) != buffer) {
                throw window.refusal(operation, block, count, Window.NOT_ITS_MEMORY);
            }
        }
        if (freeCount == 0) {
            return false;
        }
        int slot = request(operation, block, count, tag);
        Segments copy = segments[slot];
        if (copy == null || copy.capacity() < memory.count()) {
            copy = new Segments(memory.count());
        }
        segments[slot] = copy.copy(memory);
        several[slot] = true;
        return true;
    }

    private int request(Operation operation, long block, long count, long tag) {
        int slot = free[--freeCount];
        facts.set(slot, operation, block, count, tag);
        requests.add(slot);
        return slot;
    }

    private long most(Operation operation) {
        Geometry there = window.geometry();
        return operation == Operation.TRIM ? there.maxTrimBlocks() : there.maxZeroBlocks();
    }

    @Override
    public void commit() {
        if (!closed && requests.publish()) {
            latency.committed(counters.committed());
            multiplexer.wake();
        }
    }

    @Override
    public int poll(Completion completion, int max) throws BlockIoException {
        if (closed) {
            throw barredFailure(name, true);
        }
        return report(completion, max);
    }

    private int report(Completion completion, int max) {
        int there = Math.min(answers.size(), max);
        for (int i = 0; i < there; i++) {
            int slot = answers.take();
            long tag = facts.tag(slot);
            BlockIoException failure = failures[slot];
            failures[slot] = null;
            if (failure == null) {
                counters.done(facts.kind(slot), facts.count(slot));
                if (latency.done(slot, facts.kind(slot))) {
                    latency.reportSlow(name, slot);
                }
            } else {
                counters.failed();
            }
            free[freeCount++] = slot;
            if (failure == null) {
                completion.completed(tag);
            } else {
                completion.failed(tag, failure);
            }
        }
        if (there > 0) {
            latency.endRound();
        }
        return there;
    }

    @Override
    public boolean await(long timeoutNanos) throws BlockIoException {
        if (closed) {
            throw barredFailure(name, true);
        }
        commit();
        if (answers.size() > 0) {
            return true;
        }
        long start = System.nanoTime();
        for (int look = 0; look < LOOKS && timeoutNanos > 0; look++) {
            Thread.onSpinWait();
            if (answers.size() > 0) {
                return true;
            }
        }
        if (owner != Thread.currentThread()) {
            owner = Thread.currentThread();
        }
        while (answers.size() == 0 && !woken) {
            long left = timeoutNanos - (System.nanoTime() - start);
            if (left <= 0 || closed) {
                break;
            }
            // Either the dispatcher sees this store after it published an answer, and wakes; or the answer is seen
            // here.
            sleeping = true;
            if (!answers.hasNews() && !woken) {
                LockSupport.parkNanos(this, Math.min(left, LONGEST_SLEEP_NANOS));
            }
            sleeping = false;
        }
        woken = false;
        if (closed) {
            throw barredFailure(name, true);
        }
        return answers.size() > 0;
    }

    /** {@link #await} always sleeps until it is woken. */
    @Override
    public boolean hasInterrupt() {
        return true;
    }

    @Override
    public void wakeup() {
        woken = true;
        LockSupport.unpark(owner);
    }

    @Override
    public int inFlight() {
        return depth - freeCount;
    }

    @Override
    public SessionStatistics statistics() {
        return counters.read(0);
    }

    @Override
    public LatencyStatistics latency() {
        return latency.read();
    }

    boolean isOf(Multiplexer other) {
        return multiplexer.equals(other);
    }

    Counters counters() {
        return counters;
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            // Every operation is answered sooner or later, by the device or by its deadline, as long as somebody
            // dispatches.
            while (inFlight() > 0 && multiplexer.isOpen()) {
                if (report(DiscardedCompletions.INSTANCE, depth) == 0) {
                    boolean ignored = await(LONGEST_SLEEP_NANOS);
                }
            }
            closed = true;
            bar();
        }
        multiplexer.leave(this);
        ended();
    }

    /** From the multiplexer's close: nothing is dispatched any more. */
    void abandon() {
        closed = true;
        bar();
        wakeup();
        ended();
    }

    // What follows is for the dispatcher's thread.

    Flow flow() {
        return flow;
    }

    SlotRing requests() {
        return requests;
    }

    ClientMemory memory() {
        return buffer;
    }

    Operation operation(int slot) {
        return facts.operation(slot);
    }

    /** The first block on the device. */
    long blockOnDevice(int slot) {
        return window.onDevice(facts.block(slot));
    }

    long count(int slot) {
        return facts.count(slot);
    }

    int offset(int slot) {
        return offsets[slot];
    }

    /** The places of the memory where they are several; null where it begins at {@link #offset}. */
    @Nullable
    Segments segments(int slot) {
        return several[slot] ? segments[slot] : null;
    }

    /** Bytes that are transferred. */
    int bytes(int slot) {
        return facts.operation(slot).transfers() ? (int) (facts.count(slot) << blockShift) : 0;
    }

    /** Why the window was taken away; null when it was not. */
    @Nullable
    String fenced() {
        return fence();
    }

    /** Answers an operation; {@link #tell} makes it known. */
    void answer(int slot, @Nullable BlockIoException failure) {
        failures[slot] = failure;
        answers.add(slot);
    }

    /** The failure of an operation, for the owner's eyes: with the blocks that it named. */
    BlockIoException failure(int slot, BlockIoException cause) {
        return ClientFailure.of(name, facts.operation(slot), facts.block(slot), facts.count(slot), cause);
    }

    /** Makes answers known, and wakes the owner if it sleeps. */
    void tell() {
        if (answers.publish() && sleeping) {
            LockSupport.unpark(owner);
        }
    }

    @Override
    public String toString() {
        return "client of " + window + ", " + inFlight() + " of " + depth + " in flight";
    }
}
