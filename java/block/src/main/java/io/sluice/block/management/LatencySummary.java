package io.sluice.block.management;

import io.sluice.block.LatencyHistogram;
import javax.management.ConstructorParameters;

/** How long operations of a kind took, within 0.8 %; nanoseconds. */
public final class LatencySummary {
    private final long count;
    private final long mean;
    private final long p50;
    private final long p90;
    private final long p99;
    private final long p999;
    private final long max;

    /** As JMX has it. */
    @ConstructorParameters({"count", "mean", "p50", "p90", "p99", "p999", "max"})
    public LatencySummary(long count, long mean, long p50, long p90, long p99, long p999, long max) {
        this.count = count;
        this.mean = mean;
        this.p50 = p50;
        this.p90 = p90;
        this.p99 = p99;
        this.p999 = p999;
        this.max = max;
    }

    static LatencySummary of(LatencyHistogram histogram) {
        return new LatencySummary(
                histogram.count(),
                histogram.meanNanos(),
                histogram.nanosAt(50),
                histogram.nanosAt(90),
                histogram.nanosAt(99),
                histogram.nanosAt(99.9),
                histogram.maxNanos());
    }

    /** How many operations. */
    public long getCount() {
        return count;
    }

    /** The mean. */
    public long getMean() {
        return mean;
    }

    /** What half of them did not exceed. */
    public long getP50() {
        return p50;
    }

    /** What 90 % of them did not exceed. */
    public long getP90() {
        return p90;
    }

    /** What 99 % of them did not exceed. */
    public long getP99() {
        return p99;
    }

    /** What 99.9 % of them did not exceed. */
    public long getP999() {
        return p999;
    }

    /** The longest. */
    public long getMax() {
        return max;
    }
}
