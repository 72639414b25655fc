package io.sluice.cli;

/** Counts records: whole ones, partial ones, and their bytes. */
final class DdTally {
    private final long recordBytes;
    private long whole;
    private long partial;
    private long bytes;

    DdTally(long recordBytes) {
        this.recordBytes = recordBytes;
    }

    void count(long size) {
        bytes += size;
        if (size == recordBytes) {
            whole++;
        } else {
            partial++;
        }
    }

    /** Counts a record of which the rest could not be written: its bytes are there, but it is no record (so says dd with bs=). */
    void countBytes(long size) {
        bytes += size;
    }

    long records() {
        return whole + partial;
    }

    long bytes() {
        return bytes;
    }

    /** {@code 12+1}. */
    @Override
    public String toString() {
        return whole + "+" + partial;
    }
}
