package io.sluice.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What a session counts: written by its owner, read by anybody, each number for itself, possibly a moment old. */
final class OperationCounters {
    private static final int READS = 0;
    private static final int WRITES = 1;
    private static final int SYNCS = 2;
    private static final int BLOCKS_READ = 3;
    private static final int BLOCKS_WRITTEN = 4;
    private static final int FAILURES = 5;
    private static final int COMMITS = 6;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[7];

    void done(Operation operation, long blocks) {
        if (operation == Operation.READ) {
            add(READS, 1);
            add(BLOCKS_READ, blocks);
        } else if (operation == Operation.SYNC) {
            add(SYNCS, 1);
        } else {
            add(WRITES, 1);
            add(BLOCKS_WRITTEN, blocks);
        }
    }

    void failed() {
        add(FAILURES, 1);
    }

    void committed() {
        add(COMMITS, 1);
    }

    private void add(int index, long amount) {
        // One writer: no read-modify-write is needed, only that readers see whole numbers.
        ELEMENT.setOpaque(counts, index, counts[index] + amount);
    }

    private long get(int index) {
        return (long) ELEMENT.getOpaque(counts, index);
    }

    SessionStatistics read() {
        return new SessionStatistics(
                get(READS),
                get(WRITES),
                get(SYNCS),
                get(BLOCKS_READ),
                get(BLOCKS_WRITTEN),
                get(FAILURES),
                0,
                get(COMMITS));
    }
}
