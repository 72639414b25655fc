package io.sluice.cli;

import io.sluice.block.Operation;
import io.sluice.tester.LongLog;
import io.sluice.tester.Measured;
import io.sluice.tester.Series;
import java.util.ArrayList;
import java.util.List;

/** The samples that fio takes of bandwidth and of I/Os: one for each whole interval in which something was done. */
final class FioSamples {
    private static final double NANOS_PER_SECOND = 1e9;

    private FioSamples() {}

    static List<Double> of(Measured part, Operation direction, boolean bytes) {
        LongLog series = part.series();
        long interval = part.workload().intervalNanos();
        List<Double> samples = new ArrayList<>();
        for (int row = 0; row < series.rows(); row++) {
            boolean whole = interval > 0 && series.get(row, Series.END) % interval == 0;
            if (whole && series.get(row, Series.OPERATION) == direction.ordinal()) {
                long amount = series.get(row, bytes ? Series.BYTES : Series.IOS);
                samples.add(amount * NANOS_PER_SECOND / interval);
            }
        }
        return samples;
    }

    static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElse(0);
    }

    static double least(List<Double> values) {
        return values.stream().mapToDouble(value -> value).min().orElse(0);
    }

    static double most(List<Double> values) {
        return values.stream().mapToDouble(value -> value).max().orElse(0);
    }

    static double deviation(List<Double> values) {
        if (values.size() < 2) {
            return 0;
        }
        double mean = mean(values);
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.size() - 1));
    }
}
