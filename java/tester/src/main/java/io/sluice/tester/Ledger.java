package io.sluice.tester;

/** Which generation each record of a verified workload was written with last, and which records are in flight. One thread. */
final class Ledger {
    /** 64 MiB of numbers. */
    static final int MAX_RECORDS = 1 << 24;

    private static final int BUSY = 1 << 31;

    private final int[] generations;

    Ledger(int records) {
        generations = new int[records];
    }

    /** Takes a record for an I/O; false when another one is on it: two at once have no order that could be checked. */
    boolean acquire(int record) {
        if (generations[record] < 0) {
            return false;
        }
        generations[record] |= BUSY;
        return true;
    }

    void release(int record) {
        generations[record] &= ~BUSY;
    }

    /** Counts one more write of the record. */
    int nextGeneration(int record) {
        generations[record] = ((generations[record] + 1) & ~BUSY) | BUSY;
        return generation(record);
    }

    /** Its last write failed: what it holds is not known any more. */
    void forget(int record) {
        generations[record] &= BUSY;
    }

    /** 0 = not written, or not known. */
    int generation(int record) {
        return generations[record] & ~BUSY;
    }

    int size() {
        return generations.length;
    }
}
