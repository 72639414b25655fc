package io.sluice.block;

import java.util.EnumMap;
import java.util.Map;

/** The latencies of a session by {@link Operation}, since it was opened or between two readings. Immutable. */
public final class LatencyStatistics {
    private static final LatencyStatistics NONE = new LatencyStatistics(Map.of());

    private final Map<Operation, LatencyHistogram> histograms;

    private LatencyStatistics(Map<Operation, LatencyHistogram> histograms) {
        this.histograms = histograms;
    }

    /** Of a session that records none. */
    public static LatencyStatistics none() {
        return NONE;
    }

    /** Statistics of these histograms; operations that are missing were not done. */
    public static LatencyStatistics of(Map<Operation, LatencyHistogram> histograms) {
        return new LatencyStatistics(Map.copyOf(histograms));
    }

    /** How long operations of one kind took. */
    public LatencyHistogram of(Operation operation) {
        return histograms.getOrDefault(operation, LatencyHistogram.EMPTY);
    }

    /** How long operations of all kinds took. */
    public LatencyHistogram all() {
        return histograms.values().stream().reduce(LatencyHistogram.EMPTY, LatencyHistogram::plus);
    }

    /** What was added since an earlier reading of the same session. */
    public LatencyStatistics since(LatencyStatistics earlier) {
        Map<Operation, LatencyHistogram> left = new EnumMap<>(Operation.class);
        histograms.forEach((operation, histogram) -> left.put(operation, histogram.since(earlier.of(operation))));
        return of(left);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LatencyStatistics that && histograms.equals(that.histograms);
    }

    @Override
    public int hashCode() {
        return histograms.hashCode();
    }

    @Override
    public String toString() {
        return histograms.toString();
    }
}
