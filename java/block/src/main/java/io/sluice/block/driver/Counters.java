package io.sluice.block.driver;

import io.sluice.block.Operation;
import io.sluice.block.SessionStatistics;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counts what a session did. Written by its owner without synchronisation, read by anybody. */
public final class Counters {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle READS = field("reads");
    private static final VarHandle READ_BLOCKS = field("readBlocks");
    private static final VarHandle COMMITS = field("commits");
    private static final int BLOCKS = 8;
    private static final int FAILURES = 16;
    private static final int SGL_TRANSFERS = 17;
    private static final int BOUNCED_TRANSFERS = 18;
    private static final int BOUNCED_BYTES = 19;

    // What is counted in every round: an element of an array is two loads and a comparison more. Read through the
    // handles.
    @SuppressWarnings("UnusedVariable")
    private long reads;

    @SuppressWarnings("UnusedVariable")
    private long readBlocks;

    private long commits;

    /** Other operations done by ordinal, blocks by ordinal from 8 on, then the rest. */
    private final long[] counts = new long[BOUNCED_BYTES + 1];

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Counters.class, name, long.class);
        } catch (ReflectiveOperationException absent) {
            throw new ExceptionInInitializerError(absent);
        }
    }

    /** An operation was done, whose ordinal is {@code kind}. */
    public void done(int kind, long blocks) {
        counts[kind]++;
        counts[BLOCKS + kind] += blocks;
    }

    /** So many reads were done. */
    public void doneReads(long number, long blocks) {
        reads += number;
        readBlocks += blocks;
    }

    /** An operation was reported as failed. */
    public void failed() {
        counts[FAILURES]++;
    }

    /** The device was told of new operations; returns how often that was. */
    public long committed() {
        return ++commits;
    }

    /** How often the device was told of new operations. The owner's thread. */
    public long commits() {
        return commits;
    }

    /** A transfer was done whose memory an SGL described. */
    public void describedBySgl() {
        counts[SGL_TRANSFERS]++;
    }

    /** A transfer was done by way of a copy. */
    public void bounced(long bytes) {
        counts[BOUNCED_TRANSFERS]++;
        counts[BOUNCED_BYTES] += bytes;
    }

    /** What was counted so far, on a device that has neither PRPs nor SGLs. Any thread. */
    public SessionStatistics read(long strays) {
        return read(strays, 0, 0);
    }

    /** What was counted so far, on a device that has both: what no SGL described was described by PRPs. Any thread. */
    public SessionStatistics readDescribed(long strays) {
        long sgl = get(SGL_TRANSFERS);
        return read(strays, Math.max(0, transfers() - sgl), sgl);
    }

    /** What was counted so far, on a device whose transfers are all described by SGLs. Any thread. */
    public SessionStatistics readAllSgl(long strays) {
        return read(strays, 0, transfers());
    }

    private long transfers() {
        long sum = 0;
        for (Operation operation : Operation.values()) {
            sum += operation.transfers() ? done(operation) : 0;
        }
        return sum;
    }

    private SessionStatistics read(long strays, long prpTransfers, long sglTransfers) {
        long writes = 0;
        long written = 0;
        for (Operation operation : Operation.values()) {
            if (operation.changes()) {
                writes += done(operation);
                written += blocks(operation);
            }
        }
        return new SessionStatistics(
                done(Operation.READ),
                writes,
                done(Operation.SYNC),
                blocks(Operation.READ),
                written,
                get(FAILURES),
                strays,
                (long) COMMITS.getOpaque(this),
                prpTransfers,
                sglTransfers,
                get(BOUNCED_TRANSFERS),
                get(BOUNCED_BYTES));
    }

    /** How many operations of a kind were done. Any thread. */
    public long done(Operation operation) {
        long plain = operation == Operation.READ ? (long) READS.getOpaque(this) : 0;
        return plain + get(operation.ordinal());
    }

    /** How many blocks operations of a kind were about. Any thread. */
    public long blocks(Operation operation) {
        long plain = operation == Operation.READ ? (long) READ_BLOCKS.getOpaque(this) : 0;
        return plain + get(BLOCKS + operation.ordinal());
    }

    private long get(int index) {
        return (long) ELEMENT.getOpaque(counts, index);
    }
}
