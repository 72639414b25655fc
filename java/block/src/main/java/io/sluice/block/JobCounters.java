package io.sluice.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counts how jobs were carried out: written by their owner, read by anybody, each number for itself, possibly a moment old. */
final class JobCounters {
    private static final int DIRECT = 0;
    private static final int BOUNCED = 1;
    private static final int BOUNCED_BYTES = 2;
    private static final int REWRITTEN = 3;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[4];

    void direct() {
        add(DIRECT, 1);
    }

    void bounced(long bytes) {
        add(BOUNCED, 1);
        add(BOUNCED_BYTES, bytes);
    }

    void rewritten() {
        add(REWRITTEN, 1);
    }

    private void add(int index, long amount) {
        // One writer: no read-modify-write is needed, only that readers see whole numbers.
        ELEMENT.setOpaque(counts, index, counts[index] + amount);
    }

    JobStatistics read() {
        return new JobStatistics(get(DIRECT), get(BOUNCED), get(BOUNCED_BYTES), get(REWRITTEN));
    }

    private long get(int index) {
        return (long) ELEMENT.getOpaque(counts, index);
    }
}
