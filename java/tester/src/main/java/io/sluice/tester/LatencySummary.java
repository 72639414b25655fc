package io.sluice.tester;

import org.HdrHistogram.Histogram;

/** Latencies in nanoseconds, all 0 when nothing was measured. */
public record LatencySummary(long mean, long p50, long p99, long p999, long max) {
    /** Of a histogram of nanoseconds. */
    public static LatencySummary of(Histogram histogram) {
        return new LatencySummary(
                Math.round(histogram.getMean()),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue());
    }
}
