package io.sluice.cli;

import io.sluice.block.Operation;
import io.sluice.tester.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Writes results as fio does for people. */
final class FioText {
    private static final double[] PERCENTILES = {
        1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 99.5, 99.9, 99.95, 99.99
    };
    private static final int PERCENTILES_A_LINE = 3;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final StringBuilder text = new StringBuilder();

    /** What is printed before the jobs run. */
    static String beginning(List<FioJob> jobs) {
        FioText text = new FioText();
        int group = 0;
        int sessions = 0;
        for (FioJob job : jobs) {
            group += job.beginsGroup() && sessions > 0 ? 1 : 0;
            sessions += job.copies();
            Sizes[] sizes = job.sizes();
            text.line(
                    "%s: (g=%d): rw=%s, bs=(R) %s, (W) %s, (T) %s, ioengine=%s, iodepth=%d",
                    job.name(),
                    group,
                    job.rw(),
                    range(sizes[0]),
                    range(sizes[1]),
                    range(sizes[2]),
                    job.engineName(),
                    job.depth());
            if (job.copies() > 1) {
                text.line("...");
            }
        }
        text.line("sluice");
        text.line("Starting %d %s", sessions, sessions == 1 ? "thread" : "threads");
        return text.text.toString();
    }

    private static String range(Sizes sizes) {
        return sizes.smallest() + "B-" + sizes.largest() + "B";
    }

    /** The results. */
    static String of(List<FioRow> rows) {
        FioText text = new FioText();
        rows.forEach(text::row);
        int groups = rows.stream().mapToInt(FioRow::group).max().orElse(-1) + 1;
        for (int group = 0; group < groups; group++) {
            text.group(group, rows);
        }
        return text.text.toString();
    }

    private void row(FioRow row) {
        line("");
        line(
                "%s: (groupid=%d, jobs=%d): err=%2d",
                row.job().name(), row.group(), row.parts().size(), row.errorNumber());
        for (Operation direction : FioRow.DIRECTIONS) {
            if (row.tally().ios(direction) > 0) {
                direction(row, direction);
            }
        }
        if (row.tally().ios(Operation.SYNC) > 0) {
            line("  fsync/fdatasync/sync_file_range:");
            times("sync", row.tally().latency(Operation.SYNC), true);
        }
        long nanos =
                Math.max(1, row.parts().stream().mapToLong(part -> part.nanos()).sum());
        line(
                "  cpu          : usr=%.2f%%, sys=%.2f%%, ctx=%d, majf=%d, minf=%d",
                row.parts().stream()
                                .mapToLong(part -> part.thread().userNanos())
                                .sum()
                        * 100.0
                        / nanos,
                row.parts().stream()
                                .mapToLong(part -> part.thread().systemNanos())
                                .sum()
                        * 100.0
                        / nanos,
                row.parts().stream().mapToLong(part -> part.thread().switches()).sum(),
                row.parts().stream()
                        .mapToLong(part -> part.thread().majorFaults())
                        .sum(),
                row.parts().stream()
                        .mapToLong(part -> part.thread().minorFaults())
                        .sum());
        levels(
                "IO depths    : 1=%.1f%%, 2=%.1f%%, 4=%.1f%%, 8=%.1f%%, 16=%.1f%%, 32=%.1f%%, >=64=%.1f%%",
                row.tally().depths(), 0);
        levels(
                "   submit    : 0=%.1f%%, 4=%.1f%%, 8=%.1f%%, 16=%.1f%%, 32=%.1f%%, 64=%.1f%%, >=64=%.1f%%",
                row.tally().submittedBatches(), 2);
        levels(
                "   complete  : 0=%.1f%%, 4=%.1f%%, 8=%.1f%%, 16=%.1f%%, 32=%.1f%%, 64=%.1f%%, >=64=%.1f%%",
                row.tally().completedBatches(), 2);
        line(
                "     issued rwts: total=%d,%d,%d,%d short=0,0,0,0 dropped=0,0,0,0",
                row.tally().ios(Operation.READ),
                row.tally().ios(Operation.WRITE),
                row.tally().ios(Operation.TRIM),
                row.tally().ios(Operation.SYNC));
        line(
                "     latency   : target=0, window=0, percentile=100.00%%, depth=%d",
                row.job().wantedDepth());
        if (row.error() != null) {
            line("     error     : %s", row.error());
        }
    }

    private void direction(FioRow row, Operation direction) {
        double rate = row.bytesPerSecond(direction);
        line(
                "  %s: IOPS=%s, BW=%s/s (%s/s)(%s/%dmsec)",
                direction.name().toLowerCase(Locale.ROOT),
                count(row.iops(direction)),
                binary(rate),
                decimal(rate),
                binary((double) row.tally().bytes(direction)),
                row.millis(direction));
        if (row.tally().submission(direction).getTotalCount() > 0 && row.submits()) {
            times("slat", row.submission(direction), false);
        }
        times("clat", row.completion(direction), false);
        times(" lat", row.tally().latency(direction), false);
        if (row.job().completionPercentiles()) {
            percentiles("clat", row.completion(direction));
        }
        samples(row, direction);
    }

    private void times(String name, Histogram nanos, boolean percentiles) {
        if (nanos.getTotalCount() == 0) {
            return;
        }
        Unit unit = Unit.of(nanos);
        line(
                "    %s (%s): min=%d, max=%d, avg=%.2f, stdev=%.2f",
                name,
                unit.label,
                nanos.getMinValue() / unit.nanos,
                nanos.getMaxValue() / unit.nanos,
                nanos.getMean() / unit.nanos,
                nanos.getStdDeviation() / unit.nanos);
        if (percentiles) {
            percentiles(name, nanos);
        }
    }

    private void percentiles(String name, Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return;
        }
        Unit unit = Unit.of(nanos);
        line("    %s percentiles (%s):", name.strip(), unit.label);
        int width = Long.toString(nanos.getMaxValue() / unit.nanos).length();
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < PERCENTILES.length; i++) {
            boolean last = i == PERCENTILES.length - 1;
            row.append(String.format(
                    Locale.ROOT,
                    "%5.2fth=[%" + width + "d]%s",
                    PERCENTILES[i],
                    nanos.getValueAtPercentile(PERCENTILES[i]) / unit.nanos,
                    last ? "" : ","));
            if (last || (i + 1) % PERCENTILES_A_LINE == 0) {
                line("     | %s", row);
                row.setLength(0);
            } else {
                row.append(' ');
            }
        }
    }

    private void samples(FioRow row, Operation direction) {
        List<Double> bandwidth =
                row.samples(direction, true).stream().map(bytes -> bytes / 1024).toList();
        if (bandwidth.isEmpty()) {
            return;
        }
        double rate = row.bytesPerSecond(direction) / 1024;
        line(
                "   bw (  KiB/s): min=%.0f, max=%.0f, per=%.2f%%, avg=%.2f, stdev=%.2f, samples=%d",
                FioSamples.least(bandwidth),
                FioSamples.most(bandwidth),
                rate == 0
                        ? 0
                        : Math.min(100, FioSamples.mean(bandwidth) * row.parts().size() * 100 / rate),
                FioSamples.mean(bandwidth),
                FioSamples.deviation(bandwidth),
                bandwidth.size());
        List<Double> iops = row.samples(direction, false);
        line(
                "   iops        : min=%.0f, max=%.0f, avg=%.2f, stdev=%.2f, samples=%d",
                FioSamples.least(iops),
                FioSamples.most(iops),
                FioSamples.mean(iops),
                FioSamples.deviation(iops),
                iops.size());
    }

    private void levels(String format, long[] levels, int merged) {
        long sum = 0;
        for (long level : levels) {
            sum += level;
        }
        List<Object> shares = new ArrayList<>();
        for (double share : FioJson.shares(7, levels, merged)) {
            shares.add(sum == 0 ? 0.0 : share * 100 / sum);
        }
        line("  " + format, shares.toArray());
    }

    private void group(int group, List<FioRow> rows) {
        List<FioRow> mine = rows.stream().filter(row -> row.group() == group).toList();
        line("");
        line("Run status group %d (all jobs):", group);
        for (Operation direction : FioRow.DIRECTIONS) {
            List<FioRow> active =
                    mine.stream().filter(row -> row.tally().ios(direction) > 0).toList();
            if (active.isEmpty()) {
                continue;
            }
            double sum = active.stream()
                    .mapToDouble(row -> row.bytesPerSecond(direction))
                    .sum();
            double least = active.stream()
                    .mapToDouble(row -> row.bytesPerSecond(direction))
                    .min()
                    .orElse(0);
            double most = active.stream()
                    .mapToDouble(row -> row.bytesPerSecond(direction))
                    .max()
                    .orElse(0);
            long bytes = active.stream()
                    .mapToLong(row -> row.tally().bytes(direction))
                    .sum();
            line(
                    "%7s: bw=%s/s (%s/s), %s/s-%s/s (%s/s-%s/s), io=%s (%s), run=%d-%dmsec",
                    direction.name(),
                    binary(sum),
                    decimal(sum),
                    binary(least),
                    binary(most),
                    decimal(least),
                    decimal(most),
                    binary((double) bytes),
                    decimal((double) bytes),
                    active.stream()
                            .mapToLong(row -> row.nanos() / NANOS_PER_MILLI)
                            .min()
                            .orElse(0),
                    active.stream()
                            .mapToLong(row -> row.nanos() / NANOS_PER_MILLI)
                            .max()
                            .orElse(0));
        }
    }

    /** {@code 856}, {@code 16.0k}. */
    static String count(double number) {
        return scaled(number, 1000, new String[] {"", "k", "M", "G"});
    }

    /** {@code 3428KiB}, {@code 64.0KiB}. */
    static String binary(double bytes) {
        return scaled(bytes, 1024, new String[] {"B", "KiB", "MiB", "GiB", "TiB"});
    }

    /** {@code 65.5MB}. */
    static String decimal(double bytes) {
        return scaled(bytes, 1000, new String[] {"B", "kB", "MB", "GB", "TB"});
    }

    // Up to four digits, as fio has it: the smallest unit in which they are enough.
    private static String scaled(double number, int base, String[] units) {
        double value = number;
        int unit = 0;
        while (value >= 9999.5 && unit < units.length - 1) {
            value /= base;
            unit++;
        }
        return String.format(Locale.ROOT, unit > 0 && value < 99.95 ? "%.1f%s" : "%.0f%s", value, units[unit]);
    }

    private enum Unit {
        NANO("nsec", 1),
        MICRO("usec", 1000),
        MILLI("msec", 1_000_000);

        private final String label;
        private final long nanos;

        Unit(String label, long nanos) {
            this.label = label;
            this.nanos = nanos;
        }

        // The largest in which the least and the spread still show.
        static Unit of(Histogram times) {
            for (Unit unit : new Unit[] {MILLI, MICRO}) {
                if (times.getMinValue() > 2 * unit.nanos
                        && times.getMaxValue() > 100 * unit.nanos
                        && times.getStdDeviation() > unit.nanos) {
                    return unit;
                }
            }
            return NANO;
        }
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
