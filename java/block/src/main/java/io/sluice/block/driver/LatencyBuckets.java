package io.sluice.block.driver;

/**
 * How latencies are told apart: below 128 ns each nanosecond is a bucket of its own; above, each power of two is cut into 64 buckets of the same
 * width. So the middle of a bucket is at most 0.8 % away from whatever is counted in it.
 */
public final class LatencyBuckets {
    /** How many buckets there are. */
    public static final int COUNT = 2368;
    /** The longest latency that is told apart, nanoseconds, more than an hour: longer ones count as this one. */
    public static final long LONGEST_NANOS = (1L << 42) - 1;

    private static final int SUB_SHIFT = 6;
    private static final int SUB_BUCKETS = 1 << SUB_SHIFT;

    private LatencyBuckets() {}

    /** The bucket of a latency, nanoseconds; negative ones count as 0. */
    public static int of(long nanos) {
        long value = Math.max(0, Math.min(nanos, LONGEST_NANOS));
        int shift = 63 - SUB_SHIFT - Long.numberOfLeadingZeros(value | SUB_BUCKETS);
        return (shift << SUB_SHIFT) + (int) (value >>> shift);
    }

    /** The least latency of a bucket, nanoseconds. */
    public static long least(int bucket) {
        int shift = Math.max(0, (bucket >> SUB_SHIFT) - 1);
        return (long) (bucket - (shift << SUB_SHIFT)) << shift;
    }

    /** The middle of a bucket, nanoseconds, which stands for all that is in it. */
    public static long middle(int bucket) {
        int shift = Math.max(0, (bucket >> SUB_SHIFT) - 1);
        return least(bucket) + ((1L << shift) >> 1);
    }
}
