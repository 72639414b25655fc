package io.sluice.tester;

/**
 * How jobs carry out what is larger than they do at once; without a meaning for what is no job.
 *
 * @param bufferBytes where the data is in memory of the caller: so much of the session's it is copied through, in pieces of at most an eighth, bytes, 1 to 2^30; 0 = the
 *     data is in the session's memory, and not copied
 * @param pieces how many pieces are in flight, 1 to 65535; 0 = as many as jobs
 */
public record Splitting(int bufferBytes, int pieces) {
    public Splitting {
        if (bufferBytes < 0 || bufferBytes > 1 << 30) {
            throw new IllegalArgumentException("a buffer of " + bufferBytes + " bytes: expected at most 2^30");
        }
        if (pieces < 0 || pieces > 65535) {
            throw new IllegalArgumentException(pieces + " pieces in flight: expected at most 65535");
        }
    }

    /** Data in the session's memory, as many pieces in flight as jobs. */
    public static Splitting defaults() {
        return new Splitting(0, 0);
    }
}
