package io.sluice.report;

import java.util.Collection;

/**
 * What the runs of a cell come to.
 *
 * @param runs how many, at least 1
 * @param median the middle one, or the mean of the two in the middle
 */
record Summary(int runs, double median, double min, double max) {
    private static final double WIDE = 0.15;

    /** The summary of some values, at least one. */
    static Summary of(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values: nothing to summarize");
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Summary(sorted.length, median, sorted[0], sorted[sorted.length - 1]);
    }

    /** The distance between the lowest and the highest as a part of the median; 0 when all are 0. */
    double spread() {
        return max == min ? 0 : (max - min) / median;
    }

    /** Whether the median alone says too little. */
    boolean isWide() {
        return spread() > WIDE;
    }
}
