package io.sluice.tester;

/**
 * The numbers from 0 to count - 1 in an order that looks random, without a table of them: a Feistel network of four rounds over the next even number of
 * bits, walked on until the result is in range. One thread.
 */
final class Permutation {
    private static final int ROUNDS = 4;

    private final long count;
    private final int halfBits;
    private final long halfMask;
    private final long[] keys = new long[ROUNDS];

    Permutation(long count) {
        this.count = count;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, count - 1));
        halfBits = (bits + 1) / 2;
        halfMask = (1L << halfBits) - 1;
    }

    /** Begins an order. */
    void key(long seed) {
        for (int i = 0; i < ROUNDS; i++) {
            keys[i] = mix(seed + (i + 1) * 0x9e37_79b9_7f4a_7c15L);
        }
    }

    /** Which number stands at an index, 0 to count - 1. */
    long at(long index) {
        long value = index;
        do {
            long left = value >>> halfBits;
            long right = value & halfMask;
            for (int i = 0; i < ROUNDS; i++) {
                long next = left ^ (mix(right + keys[i]) & halfMask);
                left = right;
                right = next;
            }
            value = left << halfBits | right;
            // At most four numbers of the network's range for each in range, so that few steps are enough.
        } while (value >= count);
        return value;
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 32) * 0xd6e8_feb8_6659_fd93L;
        return mixed ^ mixed >>> 32;
    }
}
