package io.sluice.block;

import io.sluice.block.driver.LatencyBuckets;
import java.util.Arrays;

/**
 * How long operations took, from the {@link BlockSession#commit} that told the device of them to the {@link BlockSession#poll} that found them done.
 * Immutable. Whatever is computed from it is within 0.8 % of what was measured; latencies above 73 minutes count as 73 minutes.
 */
public final class LatencyHistogram {
    /** Of no operation. */
    public static final LatencyHistogram EMPTY = new LatencyHistogram(new long[0]);

    /** By bucket; what is missing at the end is zero. */
    private final long[] counts;

    private final long count;

    private LatencyHistogram(long[] counts) {
        this.counts = counts;
        this.count = Arrays.stream(counts).sum();
    }

    /**
     * A histogram of counts by {@link LatencyBuckets bucket}.
     *
     * @throws IllegalArgumentException when there are more buckets than there can be, or a count is negative
     */
    public static LatencyHistogram of(long[] counts) {
        if (counts.length > LatencyBuckets.COUNT) {
            throw new IllegalArgumentException(
                    counts.length + " buckets of latencies: expected at most " + LatencyBuckets.COUNT);
        }
        int end = counts.length;
        while (end > 0 && counts[end - 1] == 0) {
            end--;
        }
        for (int bucket = 0; bucket < end; bucket++) {
            if (counts[bucket] < 0) {
                throw new IllegalArgumentException(counts[bucket] + " latencies in bucket " + bucket);
            }
        }
        return end == 0 ? EMPTY : new LatencyHistogram(Arrays.copyOf(counts, end));
    }

    /** How many operations. */
    public long count() {
        return count;
    }

    /**
     * The latency that a share of the operations did not exceed, nanoseconds; 0 when there are none.
     *
     * @param percent 0 to 100
     */
    public long nanosAt(double percent) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException(percent + " percent: expected 0 to 100");
        }
        long rank = Math.max(1, (long) Math.ceil(count * (percent / 100)));
        long seen = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            seen += counts[bucket];
            if (seen >= rank) {
                return LatencyBuckets.middle(bucket);
            }
        }
        return maxNanos();
    }

    /** The mean, nanoseconds; 0 when there are none. */
    public long meanNanos() {
        double sum = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            sum += (double) counts[bucket] * LatencyBuckets.middle(bucket);
        }
        return count == 0 ? 0 : Math.round(sum / count);
    }

    /** The longest, nanoseconds; 0 when there are none. */
    public long maxNanos() {
        return counts.length == 0 ? 0 : LatencyBuckets.middle(counts.length - 1);
    }

    /** How many operations fell into a bucket of {@link LatencyBuckets}. */
    public long countIn(int bucket) {
        return bucket < counts.length ? counts[bucket] : 0;
    }

    /** How many buckets there are up to the last that is not empty. */
    public int buckets() {
        return counts.length;
    }

    /** What was added since an earlier reading of the same; a bucket that held more then is empty. */
    public LatencyHistogram since(LatencyHistogram earlier) {
        long[] left = counts.clone();
        for (int bucket = 0; bucket < left.length; bucket++) {
            left[bucket] = Math.max(0, left[bucket] - earlier.countIn(bucket));
        }
        return of(left);
    }

    /** Both together. */
    public LatencyHistogram plus(LatencyHistogram other) {
        long[] sum = Arrays.copyOf(counts, Math.max(counts.length, other.counts.length));
        for (int bucket = 0; bucket < other.counts.length; bucket++) {
            sum[bucket] += other.counts[bucket];
        }
        return of(sum);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LatencyHistogram that && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return count + " operations, p50 " + nanosAt(50) + " ns, p99 " + nanosAt(99) + " ns, longest " + maxNanos()
                + " ns";
    }
}
