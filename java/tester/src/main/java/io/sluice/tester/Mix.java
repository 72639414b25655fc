package io.sluice.tester;

/**
 * Which operations a workload is made of. Which comes next follows from the seed.
 *
 * @param readPercent share of reads in what is not trimmed, 0 to 100; the rest are writes
 * @param trimPercent share of trims in all, 0 to 100
 * @param syncEvery a sync follows this many writes; 0 = none
 */
public record Mix(int readPercent, int trimPercent, int syncEvery) {
    public Mix {
        if (readPercent < 0 || readPercent > 100 || trimPercent < 0 || trimPercent > 100) {
            throw new IllegalArgumentException(
                    readPercent + " % reads, " + trimPercent + " % trims: expected 0 to 100");
        }
        if (syncEvery < 0) {
            throw new IllegalArgumentException("a sync every " + syncEvery + " writes: expected 0 or more");
        }
    }

    /** Reads alone. */
    public static Mix reads() {
        return new Mix(100, 0, 0);
    }

    /** Writes alone. */
    public static Mix writes() {
        return new Mix(0, 0, 0);
    }

    /** Whether it changes blocks. */
    public boolean changes() {
        return readPercent < 100 || trimPercent > 0;
    }

    /** Whether there is a write in it. */
    public boolean hasWrites() {
        return readPercent < 100 && trimPercent < 100;
    }

    /** Whether there is a read in it. */
    public boolean hasReads() {
        return readPercent > 0 && trimPercent < 100;
    }
}
