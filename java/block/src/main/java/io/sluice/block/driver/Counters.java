package io.sluice.block.driver;

import io.sluice.block.Operation;
import io.sluice.block.SessionStatistics;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counts what a session did. Written by its owner without synchronisation, read by anybody. */
public final class Counters {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int BLOCKS = 8;
    private static final int FAILURES = 16;
    private static final int COMMITS = 17;

    /** Operations done by ordinal, blocks by ordinal from 8 on, then the rest. */
    private final long[] counts = new long[COMMITS + 1];

    /** An operation was done, whose ordinal is {@code kind}. */
    public void done(int kind, long blocks) {
        counts[kind]++;
        counts[BLOCKS + kind] += blocks;
    }

    /** An operation was reported as failed. */
    public void failed() {
        counts[FAILURES]++;
    }

    /** The device was told of new operations. */
    public void committed() {
        counts[COMMITS]++;
    }

    /** What was counted so far, with the strays that somebody else counted. Any thread. */
    public SessionStatistics read(long strays) {
        long writes = 0;
        long written = 0;
        for (Operation operation : Operation.values()) {
            if (operation.changes()) {
                writes += get(operation.ordinal());
                written += get(BLOCKS + operation.ordinal());
            }
        }
        return new SessionStatistics(
                get(Operation.READ.ordinal()),
                writes,
                get(Operation.SYNC.ordinal()),
                get(BLOCKS + Operation.READ.ordinal()),
                written,
                get(FAILURES),
                strays,
                get(COMMITS));
    }

    /** How many operations of a kind were done. Any thread. */
    public long done(Operation operation) {
        return get(operation.ordinal());
    }

    /** How many blocks operations of a kind were about. Any thread. */
    public long blocks(Operation operation) {
        return get(BLOCKS + operation.ordinal());
    }

    private long get(int index) {
        return (long) ELEMENT.getOpaque(counts, index);
    }
}
