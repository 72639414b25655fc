package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.io.Closeable;
import java.io.IOException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Runs one workload on a session of its own. The loop keeps its facts of each I/O in arrays indexed by tag and asks for the time
 * once for a batch of submissions and once for a batch of completions, so that it measures the driver and not itself.
 */
final class WorkloadRun implements Closeable {
    private static final long LONGEST_LATENCY_NANOS = 3_600_000_000_000L;
    private static final int LATENCY_DIGITS = 3;
    private static final long SLEEP_NANOS = 100_000_000;

    /** Some 10 µs where polls are cheap: longer than a device in software takes that has a processor. */
    private static final int POLLS_BEFORE_YIELD = 2000;

    /** With the ledger, how many other records to try when one is busy. */
    private static final int BUSY_TRIES = 64;

    /** Shares of a slot begin on pages, so that a transfer never needs one more page than its size asks for. */
    private static final int PAGE_BYTES = 4096;

    private final Workload workload;
    private final BlockSession session;
    private final String device;
    private final IoBuffer buffer;

    private final int recordBlocks;
    private final int pieceBlocks;
    private final int blockBytes;
    private final int slotBytes;
    private final long records;
    private final long readThreshold;

    private final int[] freeTags;
    private final int[] piecesLeft;
    private final long[] startedAt;
    private final long[] recordOf;
    private final boolean[] writing;
    private final boolean[] failed;
    private final Histogram latency = new Histogram(LONGEST_LATENCY_NANOS, LATENCY_DIGITS);
    private final @Nullable BlockPattern pattern;
    private final @Nullable Ledger ledger;
    private final Completion completion = new Measure();

    private int free;
    private int emptyPolls;
    private long random;
    private long cursor;
    private long completedAt;
    private long ios;
    private long errors;
    private @Nullable BlockIoException firstFailure;
    private @Nullable String mismatch;

    /**
     * Opens the session.
     *
     * @throws BenchException when the device cannot do the workload; the message says what would work
     */
    WorkloadRun(BlockDevice device, Workload workload, long wantedBufferBytes) throws IOException {
        Geometry geometry = device.geometry();
        this.workload = workload;
        this.device = device.name();
        blockBytes = geometry.blockBytes();
        slotBytes = roundUp(workload.recordBytes(), Math.max(PAGE_BYTES, geometry.alignmentBytes()));
        recordBlocks = workload.recordBytes() / blockBytes;
        pieceBlocks = Math.min(recordBlocks, geometry.maxTransferBlocks());
        records = workload.spanBytes() / workload.recordBytes();
        int pieces = (recordBlocks + pieceBlocks - 1) / pieceBlocks;

        session = device.open(SessionOptions.defaults()
                .writeable(workload.pattern().writes())
                .bufferBytes(bufferBytes(wantedBufferBytes))
                .queueDepth(Math.min(65535, workload.iodepth() * pieces))
                .interrupts(workload.interrupts())
                .label("bench")
                .latency(Publishing.isWanted()));
        try {
            if (session.queueDepth() < workload.iodepth() * pieces) {
                throw new BenchException(device.name() + " takes " + session.queueDepth() + " operations at once, not "
                        + workload.iodepth() * pieces + " (iodepth " + workload.iodepth() + ", each of " + pieces
                        + " transfers of at most " + HumanSize.binary((long) pieceBlocks * blockBytes)
                        + "): use a smaller --iodepth or --bs");
            }
            ledger = workload.verify() && workload.pattern().writes() ? new Ledger(ledgerRecords()) : null;
        } catch (IOException e) {
            session.close();
            throw e;
        }
        buffer = session.buffer();
        pattern = workload.verify() ? new BlockPattern(buffer.bytes(), blockBytes, workload.seed()) : null;
        random = workload.seed() * 0x9e37_79b9_7f4a_7c15L | 1;
        readThreshold = (long) (workload.readPercent() / 100.0 * (1L << 32));

        int depth = workload.iodepth();
        freeTags = new int[depth];
        piecesLeft = new int[depth];
        startedAt = new long[depth];
        recordOf = new long[depth];
        writing = new boolean[depth];
        failed = new boolean[depth];
        for (int tag = 0; tag < depth; tag++) {
            freeTags[tag] = tag;
        }
        free = depth;
        if (workload.pattern().writes()) {
            fillBuffer();
        }
    }

    private int bufferBytes(long wanted) throws BenchException {
        long needed = (long) slotBytes * workload.iodepth();
        if (wanted != 0 && wanted < needed) {
            throw new BenchException("--iodepth " + workload.iodepth() + " of " + HumanSize.binary(slotBytes)
                    + " needs a buffer of " + HumanSize.binary(needed) + ", --buffer is " + HumanSize.binary(wanted));
        }
        long size = Math.max(wanted, Math.max(needed, SessionOptions.defaults().bufferBytes()));
        if (size > 1 << 30) {
            throw new BenchException("--iodepth " + workload.iodepth() + " of " + HumanSize.binary(slotBytes)
                    + " needs a buffer of " + HumanSize.binary(needed) + "; a session has at most 1.0 GiB");
        }
        return (int) size;
    }

    private int ledgerRecords() throws BenchException {
        if (records > Ledger.MAX_RECORDS) {
            throw new BenchException("--verify remembers each record that it writes, at most " + Ledger.MAX_RECORDS
                    + " of them: give --span "
                    + HumanSize.binary((long) Ledger.MAX_RECORDS * workload.recordBytes())
                            .replace(" ", "")
                    + " or less");
        }
        return (int) records;
    }

    // What is written without --verify: not zeroes, which some devices store for free.
    private void fillBuffer() {
        for (int i = 0; i + Long.BYTES <= buffer.size(); i += Long.BYTES) {
            buffer.bytes().putLong(i, nextRandom());
        }
    }

    /** Runs the workload: first the ramp, then the part that counts. Waits until nothing is in flight. */
    BenchRow run() throws IOException {
        if (workload.rampNanos() > 0) {
            loop(workload.rampNanos(), Long.MAX_VALUE);
            latency.reset();
            ios = 0;
            errors = 0;
        }
        long wantedIos =
                workload.runBytes() == Long.MAX_VALUE ? Long.MAX_VALUE : workload.runBytes() / workload.recordBytes();
        CpuClock before = CpuClock.now();
        long start = System.nanoTime();
        loop(workload.runNanos(), wantedIos);
        long nanos = System.nanoTime() - start;
        CpuClock after = CpuClock.now();
        // Before the data is read back, which is not measured and goes through the same completions.
        LatencySummary measured = LatencySummary.of(latency);
        if (ledger != null && mismatch == null) {
            readBack();
        }
        return new BenchRow(
                device,
                workload,
                nanos,
                ios,
                measured,
                after.processNanosSince(before),
                after.idlePercentSince(before),
                errors);
    }

    /** What went wrong first, for the message at the end; null when nothing did. */
    @Nullable
    String firstError() {
        if (mismatch != null) {
            return "verify: " + device + ", " + mismatch;
        }
        return firstFailure == null ? null : firstFailure.getMessage();
    }

    /** How many operations of the device are done, for a progress line; any thread. */
    long progress() {
        var counted = session.statistics();
        return counted.reads() + counted.writes();
    }

    private void loop(long nanos, long wantedIos) throws IOException {
        long stopAt = nanos == Long.MAX_VALUE ? 0 : System.nanoTime() + nanos;
        long left = wantedIos;
        boolean stopping = false;
        while (!stopping || free < workload.iodepth()) {
            // A batch is submitted when there is room for all of it: one doorbell for each I/O would cost more than the
            // I/O.
            if (!stopping && free >= workload.batch()) {
                long now = System.nanoTime();
                if (left == 0 || mismatch != null || (nanos != Long.MAX_VALUE && now - stopAt >= 0)) {
                    stopping = true;
                } else {
                    int submitted = submitBatch(now, (int) Math.min(left, Math.min(free, workload.batch())));
                    left -= submitted;
                    session.commit();
                }
            }
            completedAt = 0;
            if (session.poll(completion, Integer.MAX_VALUE) == 0 && free < workload.iodepth()) {
                idle();
            }
        }
    }

    // Without interrupts it polls again at once. A hint to the processor (Thread.onSpinWait) would let it rest for
    // longer than a
    // fast drive needs, and in a virtual machine can leave the machine.
    @SuppressWarnings("ThreadPriorityCheck") // A hint: the right thing happens without it, later.
    private void idle() throws IOException {
        if (workload.interrupts()) {
            session.await(SLEEP_NANOS);
        } else if (++emptyPolls == POLLS_BEFORE_YIELD) {
            // A device in software may need this processor to get on.
            emptyPolls = 0;
            Thread.yield();
        }
    }

    private int submitBatch(long now, int count) throws BlockIoException {
        for (int i = 0; i < count; i++) {
            long record = nextRecord();
            if (record < 0) {
                return i;
            }
            int tag = freeTags[--free];
            boolean write = nextIsWrite();
            startedAt[tag] = now;
            recordOf[tag] = record;
            writing[tag] = write;
            failed[tag] = false;
            if (write && pattern != null && ledger != null) {
                pattern.stamp(
                        tag * slotBytes, record * recordBlocks, recordBlocks, ledger.nextGeneration((int) record));
            }
            submitPieces(write ? Operation.WRITE : Operation.READ, record, tag);
        }
        return count;
    }

    private void submitPieces(Operation operation, long record, int tag) throws BlockIoException {
        long block = record * recordBlocks;
        int offset = tag * slotBytes;
        int left = recordBlocks;
        int pieces = 0;
        while (left > 0) {
            int count = Math.min(left, pieceBlocks);
            // Never full: the queue was opened for all pieces of all tags.
            if (!session.submit(operation, block, count, buffer, offset, tag)) {
                throw new BlockIoException(
                        device,
                        "its queue is full with " + session.inFlight() + " operations, it said " + session.queueDepth()
                                + " would fit");
            }
            pieces++;
            block += count;
            offset += count * blockBytes;
            left -= count;
        }
        piecesLeft[tag] = pieces;
    }

    private long nextRecord() {
        if (ledger == null) {
            return candidate();
        }
        for (int i = 0; i < BUSY_TRIES; i++) {
            long record = candidate();
            if (ledger.acquire((int) record)) {
                return record;
            }
        }
        return -1;
    }

    private long candidate() {
        if (workload.pattern().random()) {
            // A random number of 63 bits times the range, upper half: even, and without a division.
            return Math.multiplyHigh(nextRandom() >>> 1, records << 1);
        }
        long record = cursor;
        cursor = record + 1 == records ? 0 : record + 1;
        return record;
    }

    private boolean nextIsWrite() {
        if (!workload.pattern().reads()) {
            return true;
        }
        return workload.pattern().writes() && nextRandom() >>> 32 >= readThreshold;
    }

    private long nextRandom() {
        long x = random;
        x ^= x << 13;
        x ^= x >>> 7;
        x ^= x << 17;
        random = x;
        return x;
    }

    private final class Measure implements Completion {
        @Override
        public void completed(long tag) {
            finish((int) tag);
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            failed[(int) tag] = true;
            if (firstFailure == null) {
                firstFailure = failure;
            }
            finish((int) tag);
        }
    }

    private void finish(int tag) {
        if (--piecesLeft[tag] > 0) {
            return;
        }
        if (failed[tag]) {
            errors++;
            if (ledger != null && writing[tag]) {
                ledger.forget((int) recordOf[tag]);
            }
        } else {
            if (completedAt == 0) {
                completedAt = System.nanoTime();
            }
            latency.recordValue(Math.min(completedAt - startedAt[tag], LONGEST_LATENCY_NANOS));
            ios++;
            if (pattern != null && !writing[tag]) {
                check(tag);
            }
        }
        if (ledger != null) {
            ledger.release((int) recordOf[tag]);
        }
        freeTags[free++] = tag;
    }

    private void check(int tag) {
        long generation = BlockPattern.ANY_GENERATION;
        if (ledger != null) {
            generation = ledger.generation((int) recordOf[tag]);
            if (generation == 0) {
                return;
            }
        }
        String difference = pattern.difference(tag * slotBytes, recordOf[tag] * recordBlocks, recordBlocks, generation);
        if (difference != null) {
            errors++;
            if (mismatch == null) {
                mismatch = difference;
            }
        }
    }

    // Every record that was written, once, in order. What is found wrong is counted as an error; the time is not
    // measured.
    private void readBack() throws IOException {
        long counted = ios;
        int next = 0;
        while (next < ledger.size() || free < workload.iodepth()) {
            while (free > 0 && next < ledger.size()) {
                if (ledger.generation(next) != 0 && ledger.acquire(next)) {
                    int tag = freeTags[--free];
                    recordOf[tag] = next;
                    writing[tag] = false;
                    failed[tag] = false;
                    submitPieces(Operation.READ, next, tag);
                }
                next++;
            }
            session.commit();
            if (session.poll(completion, Integer.MAX_VALUE) == 0 && free < workload.iodepth()) {
                idle();
            }
        }
        ios = counted;
    }

    private static int roundUp(int value, int powerOfTwo) {
        return Math.addExact(value, powerOfTwo - 1) & -powerOfTwo;
    }

    @Override
    public void close() throws IOException {
        session.close();
    }
}
