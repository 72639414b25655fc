package io.sluice.tester;

import io.sluice.block.BlockIoException;
import io.sluice.block.Operation;
import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one workload on a session of its own. The loop keeps its facts of each I/O in arrays indexed by slot and asks for the time
 * once for a batch of submissions and once for a batch of completions, so that it measures the device and not itself. It belongs to one thread, apart
 * from {@link #done} and {@link #stop}.
 */
final class WorkloadRun implements Closeable, Lane.Arrivals {
    private static final VarHandle DONE;
    private static final long SLEEP_NANOS = 100_000_000;

    /** Some 10 µs where polls are cheap: longer than a device in software takes that has a processor. */
    private static final int POLLS_BEFORE_YIELD = 2000;

    /** A sleep ends some 60 µs late: what is due sooner is waited for awake. */
    private static final long SHORTEST_SLEEP_NANOS = 200_000;

    private static final Operation[] OPERATIONS = Operation.values();

    static {
        try {
            DONE = MethodHandles.lookup().findVarHandle(WorkloadRun.class, "done", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Target target;
    private final LongSupplier clock;
    private final Workload workload;
    private final Lane lane;
    private final long windowBytes;
    private final int blockBytes;
    private final Requests requests;
    private final Tally tally;
    private final @Nullable Pacer pacer;
    private final @Nullable Proof proof;
    private final @Nullable Series series;
    private final @Nullable ByteBuffer copied;
    private final boolean timed;
    private final boolean detailed;
    private final int depth;
    /** What every I/O is, where all are alike and nobody looks at their data: slots then remember nothing. Null where they differ. */
    private final @Nullable Operation alike;

    private final int alikeBytes;

    private final int[] freeSlots;
    private final byte[] operationOf;
    private final int[] lengthOf;
    private final long[] positionOf;
    private final long[] startedAt;
    private final long[] submittedAt;
    private final int[] batchSlots;

    private int free;
    /** How many slots have to be free before more is submitted. */
    private int room = 1;

    private int emptyPolls;
    private int failedInPoll;
    private boolean drawn;
    private boolean exhausted;
    private boolean readingBack;
    private long bytesLeft;
    private long completedAt;
    private @Nullable String firstError;
    private long measuredNanos;
    private ThreadCpu cpu = new ThreadCpu(0, 0, 0, 0, 0);

    @SuppressWarnings("unused") // by DONE
    private long done;

    private volatile boolean stopped;

    /**
     * Opens the session.
     *
     * @throws TesterException when the workload does not fit the target; the message says what would
     */
    WorkloadRun(Target target, Workload workload) throws IOException {
        this(target, workload, System::nanoTime);
    }

    /**
     * Opens the session.
     *
     * @param clock nanoseconds from some beginning, never less than before
     */
    WorkloadRun(Target target, Workload workload, LongSupplier clock) throws IOException {
        this.target = target;
        this.clock = clock;
        this.workload = workload;
        Lanes.Opened opened = Lanes.open(target, workload);
        lane = opened.lane();
        windowBytes = opened.windowBytes();
        blockBytes = opened.blockBytes();
        try {
            proof = Proof.of(workload, lane.memory(), blockBytes, windowBytes);
        } catch (TesterException e) {
            lane.close();
            throw e;
        }
        requests = new Requests(workload, windowBytes);
        pacer = Pacer.isNeeded(workload) ? new Pacer(workload) : null;
        series = workload.intervalNanos() > 0 || workload.logIos() ? new Series(workload.intervalNanos()) : null;
        copied = workload.copy() ? ByteBuffer.allocateDirect(Math.max(1, workload.largestTransfer())) : null;
        timed = workload.timing() != Timing.NONE || series != null;
        detailed = workload.timing() == Timing.DETAILED;
        tally = new Tally(workload.timing(), workload.hasOneSize() ? workload.unitBytes() : 0);
        for (Operation operation : OPERATIONS) {
            if (expects(operation)) {
                tally.expect(operation);
            }
        }

        depth = workload.depth();
        alike = proof == null && copied == null && !workload.logIos() ? requests.only() : null;
        alikeBytes = workload.unitBytes();
        freeSlots = new int[depth];
        operationOf = new byte[depth];
        lengthOf = new int[depth];
        positionOf = new long[depth];
        startedAt = new long[depth];
        submittedAt = new long[depth];
        batchSlots = new int[depth];
        for (int slot = 0; slot < depth; slot++) {
            // The first slots first: what is not needed is not touched.
            freeSlots[slot] = depth - 1 - slot;
        }
        free = depth;
        if (workload.changes()) {
            fillMemory();
        }
    }

    private boolean expects(Operation operation) {
        if (workload.access() instanceof Access.Replay replay) {
            return replay.trace().has(operation);
        }
        Mix mix = workload.mix();
        return switch (operation) {
            case READ -> mix.hasReads();
            case WRITE -> mix.hasWrites();
            case TRIM -> mix.trimPercent() > 0;
            case SYNC -> mix.syncEvery() > 0;
            default -> false;
        };
    }

    // What is written without verification: not zeroes, which some devices store for free.
    private void fillMemory() {
        ByteBuffer memory = lane.memory();
        long random = workload.seed() * 0x9e37_79b9_7f4a_7c15L | 1;
        long used = Math.min(memory.capacity(), (long) lane.offset(depth - 1) + workload.largestTransfer());
        for (int i = 0; i + Long.BYTES <= used; i += Long.BYTES) {
            random = Requests.step(random);
            memory.putLong(i, random);
        }
    }

    /** Runs as long as the ramp is to be, and forgets what was counted. */
    void ramp() throws IOException {
        if (workload.rampNanos() > 0 && !(workload.access() instanceof Access.Replay)) {
            loop(workload.rampNanos(), Long.MAX_VALUE);
            tally.clear();
            exhausted = false;
        }
    }

    /** Runs the part that counts, and waits until nothing is in flight. */
    void measure() throws IOException {
        ThreadCpu before = ThreadCpu.now();
        long start = clock.getAsLong();
        if (series != null) {
            series.begin(start);
        }
        loop(workload.runNanos(), workload.runBytes());
        long end = clock.getAsLong();
        measuredNanos = end - start;
        if (series != null) {
            series.end(end);
        }
        cpu = ThreadCpu.now().since(before);
    }

    /** Reads and checks what was written, where the workload wants that. What is found wrong is counted as an error; nothing is measured. */
    void readBack() throws IOException {
        if (proof == null || !workload.readBack() || !workload.mix().hasWrites() || firstError != null) {
            return;
        }
        readingBack = true;
        Ledger ledger = proof.ledger();
        if (ledger != null) {
            for (int record = 0; record < ledger.size() && firstError == null; record++) {
                if (ledger.generation(record) != 0) {
                    readBack((long) record * workload.unitBytes(), workload.unitBytes());
                }
            }
        } else {
            requests.restart();
            long left = tally.bytes(Operation.WRITE);
            while (left > 0 && firstError == null && requests.next()) {
                if (requests.operation() == Operation.WRITE) {
                    left -= requests.length();
                    readBack(requests.position(), requests.length());
                }
            }
        }
        drain();
    }

    private void readBack(long position, int length) throws IOException {
        while (free == 0) {
            pollOnce();
        }
        int slot = freeSlots[--free];
        operationOf[slot] = (byte) Operation.READ.ordinal();
        positionOf[slot] = position;
        lengthOf[slot] = length;
        submit(Operation.READ, position, length, slot);
        if (free == 0) {
            lane.commit();
        }
    }

    private void drain() throws IOException {
        lane.commit();
        while (free < depth) {
            pollOnce();
        }
    }

    /** What was measured. */
    Measured measured() {
        return new Measured(
                workload,
                target.name(),
                target.label(),
                windowBytes,
                blockBytes,
                measuredNanos,
                tally,
                cpu,
                firstError,
                series == null ? new LongLog(Series.COLUMNS) : series.rows(),
                series == null ? new LongLog(Series.LOG_COLUMNS) : series.log());
    }

    /** How many I/Os are done, ramp included; any thread. */
    long done() {
        return (long) DONE.getOpaque(this);
    }

    /** Ends the run as if its time were over; any thread. */
    void stop() {
        stopped = true;
    }

    /** Whether something went wrong. */
    boolean failed() {
        return firstError != null;
    }

    private void loop(long nanos, long wantedBytes) throws IOException {
        long begin = clock.getAsLong();
        boolean endless = nanos == Long.MAX_VALUE;
        int batch = workload.batch();
        // A batch is submitted when there is room for all of it: one doorbell for each I/O would cost more than the
        // I/O.
        room = Math.max(batch, workload.completeAtLeast());
        bytesLeft = wantedBytes;
        if (pacer != null) {
            pacer.begin(begin);
            room = 1;
        }
        boolean stopping = false;
        while (!stopping || free < depth) {
            if (!stopping && free >= room) {
                stopping = refill(begin, endless ? Long.MAX_VALUE : nanos, batch);
                // What is left comes when it comes.
                room = stopping ? 1 : room;
            }
            pollOnce();
        }
    }

    /** Submits batches until there is no room for another; whether the run is over. */
    private boolean refill(long begin, long nanos, int batch) throws IOException {
        do {
            long now = clock.getAsLong();
            if (exhausted || stopped || now - begin >= nanos || (firstError != null && ends())) {
                return true;
            }
            int submitted = alike != null && pacer == null ? submitAlike(alike, now, batch) : submitBatch(now, batch);
            if (submitted == 0) {
                break;
            }
            lane.commit();
            tally.commit();
            if (detailed) {
                timeBatch(submitted);
            }
        } while (free >= batch);
        if (pacer != null && free == depth && !exhausted) {
            sleepUntilDue(begin, nanos);
        }
        return exhausted;
    }

    // Data that is wrong ends a run: what follows from it is not worth measuring.
    private boolean ends() {
        return workload.stopOnError() || proof != null;
    }

    private void sleepUntilDue(long begin, long nanos) {
        long now = clock.getAsLong();
        long wait = pacer.due() - now;
        if (nanos != Long.MAX_VALUE) {
            wait = Math.min(wait, begin + nanos - now);
        }
        if (wait > SHORTEST_SLEEP_NANOS) {
            LockSupport.parkNanos(this, Math.min(wait - SHORTEST_SLEEP_NANOS / 2, SLEEP_NANOS));
        }
    }

    private int submitBatch(long now, int most) throws IOException {
        int count = 0;
        while (count < most && free > 0) {
            if (!drawn) {
                if (!requests.next()) {
                    exhausted = true;
                    break;
                }
                drawn = true;
                if (pacer != null && pacer.replaying()) {
                    pacer.replay(requests.nanos());
                }
            }
            int length = requests.length();
            if (length > bytesLeft || bytesLeft == 0) {
                exhausted = true;
                break;
            }
            if (pacer != null && pacer.due() - now > 0) {
                break;
            }
            Operation operation = requests.operation();
            long position = requests.position();
            if (proof != null && !proof.acquire(operation, position)) {
                break;
            }
            drawn = false;
            bytesLeft -= length;
            int slot = freeSlots[--free];
            operationOf[slot] = (byte) operation.ordinal();
            lengthOf[slot] = length;
            positionOf[slot] = position;
            startedAt[slot] = pacer != null && pacer.fromDue() ? pacer.due() : now;
            if (pacer != null) {
                pacer.submitted(now, length);
            }
            if (operation == Operation.WRITE && (proof != null || copied != null)) {
                fill(slot, position, length);
            }
            if (detailed) {
                tally.depth(depth - free);
                batchSlots[count] = slot;
            }
            submit(operation, position, length, slot);
            count++;
        }
        return count;
    }

    /** The same for I/Os that only differ in their places and come as fast as they can: nothing is to be decided for each. */
    private int submitAlike(Operation operation, long now, int most) throws IOException {
        int length = alikeBytes;
        long left = bytesLeft;
        int count = 0;
        while (count < most && free > 0) {
            if (left < length) {
                exhausted = true;
                break;
            }
            left -= length;
            long position = requests.nextPosition();
            int slot = freeSlots[--free];
            if (timed) {
                startedAt[slot] = now;
            }
            if (detailed) {
                tally.depth(depth - free);
                batchSlots[count] = slot;
            }
            submit(operation, position, length, slot);
            count++;
        }
        bytesLeft = left;
        return count;
    }

    private void fill(int slot, long position, int length) {
        int offset = lane.offset(slot);
        if (proof != null) {
            proof.fill(offset, position, length);
        }
        if (copied != null) {
            lane.memory().put(offset, copied, 0, length);
        }
    }

    private void submit(Operation operation, long position, int length, int slot) throws IOException {
        try {
            lane.submit(operation, position, length, slot);
        } catch (BlockIoException refused) {
            failed(slot, refused);
        }
    }

    private void timeBatch(int submitted) {
        tally.batches(submitted);
        long now = clock.getAsLong();
        for (int i = 0; i < submitted; i++) {
            submittedAt[batchSlots[i]] = now;
        }
    }

    private void pollOnce() throws IOException {
        completedAt = 0;
        failedInPoll = 0;
        int ended = lane.poll(this);
        if (ended > 0) {
            if (alike != null) {
                tally.doneAlike(alike.ordinal(), ended - failedInPoll);
            }
            tally.wakeup();
            emptyPolls = 0;
            DONE.setOpaque(this, done + ended);
            if (detailed) {
                tally.arrivals(ended);
            }
        } else if (free < depth) {
            idle();
        }
    }

    // Without interrupts it polls again at once. A hint to the processor (Thread.onSpinWait) would let it rest for
    // longer than a fast drive needs, and in a virtual machine can leave the machine.
    @SuppressWarnings("ThreadPriorityCheck") // A hint: the right thing happens without it, later.
    private void idle() throws IOException {
        if (workload.waiting() != Waiting.POLL) {
            lane.await(Math.max(1, room - free), SLEEP_NANOS);
        } else if (++emptyPolls == POLLS_BEFORE_YIELD) {
            // A device in software may need this processor to get on.
            emptyPolls = 0;
            Thread.yield();
        }
    }

    @Override
    public void done(int slot) {
        if (alike != null) {
            // The poll counts it.
            if (timed) {
                time(slot, alike.ordinal(), alikeBytes);
            }
            freeSlots[free++] = slot;
            return;
        }
        int operation = operationOf[slot];
        int length = lengthOf[slot];
        if (!readingBack) {
            tally.done(operation, length);
            if (timed) {
                time(slot, operation, length);
            }
        }
        if (proof != null || copied != null) {
            look(slot, OPERATIONS[operation], length);
        }
        freeSlots[free++] = slot;
    }

    private void time(int slot, int operation, int length) {
        if (completedAt == 0) {
            completedAt = clock.getAsLong();
        }
        long nanos = completedAt - startedAt[slot];
        if (workload.timing() != Timing.NONE) {
            tally.latency(operation, nanos);
        }
        if (detailed) {
            long submitNanos = Math.max(0, submittedAt[slot] - startedAt[slot]);
            tally.split(operation, submitNanos, nanos - submitNanos);
        }
        if (series != null) {
            series.done(operation, length, nanos, completedAt);
            if (workload.logIos()) {
                series.log(operation, length, workload.startBytes() + positionOf[slot], nanos, completedAt);
            }
        }
    }

    private void look(int slot, Operation operation, int length) {
        int offset = lane.offset(slot);
        if (copied != null && operation == Operation.READ) {
            copied.put(0, lane.memory(), offset, length);
        }
        if (proof == null) {
            return;
        }
        long position = positionOf[slot];
        String wrong = readingBack
                ? proof.difference(offset, position, length)
                : proof.ended(operation, offset, position, length, false);
        if (wrong != null) {
            tally.error();
            if (firstError == null) {
                firstError = "verify: " + target.name() + ", " + wrong;
            }
        }
    }

    @Override
    public void failed(int slot, IOException reason) {
        tally.error();
        failedInPoll++;
        if (firstError == null) {
            firstError = reason.getMessage() == null ? reason.toString() : reason.getMessage();
        }
        if (proof != null && !readingBack) {
            proof.ended(OPERATIONS[operationOf[slot]], 0, positionOf[slot], lengthOf[slot], true);
        }
        freeSlots[free++] = slot;
    }

    @Override
    public void close() throws IOException {
        lane.close();
    }
}
