package io.sluice.cli;

import io.sluice.block.Operation;
import io.sluice.tester.LongLog;
import io.sluice.tester.Measured;
import io.sluice.tester.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes fio's logs: a line for each I/O, or for each interval and direction where averages are wanted: milliseconds, value, direction, block size, place.
 * The value is KiB a second, nanoseconds, or I/Os a second.
 */
final class FioLogs {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double KIBI = 1024;

    private enum Kind {
        BANDWIDTH("bw"),
        LATENCY("lat"),
        IOPS("iops");

        private final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }
    }

    private final FioJob job;
    private final Measured measured;

    private FioLogs(FioJob job, Measured measured) {
        this.job = job;
        this.measured = measured;
    }

    /**
     * Writes what a job wants.
     *
     * @param number of the session among all, from 1
     */
    static void write(FioJob job, Measured measured, int number) throws IOException {
        FioLogs logs = new FioLogs(job, measured);
        logs.write(job.bandwidthLog(), Kind.BANDWIDTH, number);
        logs.write(job.latencyLog(), Kind.LATENCY, number);
        logs.write(job.iopsLog(), Kind.IOPS, number);
    }

    private void write(@Nullable String prefix, Kind kind, int number) throws IOException {
        if (prefix == null) {
            return;
        }
        String name = (prefix.isEmpty() ? job.name() : prefix) + "_" + kind.suffix + "." + number + ".log";
        Files.writeString(Path.of(name), job.logNanos() > 0 ? averages(kind) : each(kind));
    }

    private String each(Kind kind) {
        LongLog log = measured.log();
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < log.rows(); row++) {
            long nanos = Math.max(1, log.get(row, Series.LATENCY));
            long length = log.get(row, Series.LENGTH);
            long value = switch (kind) {
                case BANDWIDTH -> Math.round(length * NANOS_PER_SECOND / nanos / KIBI);
                case LATENCY -> nanos;
                case IOPS -> 1;
            };
            line(
                    lines,
                    log.get(row, Series.COMPLETED),
                    value,
                    log.get(row, Series.LOGGED_OPERATION),
                    length,
                    job.logOffset() ? log.get(row, Series.POSITION) : 0);
        }
        return lines.toString();
    }

    private String averages(Kind kind) {
        LongLog series = measured.series();
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < series.rows(); row++) {
            long end = series.get(row, Series.END);
            if (end % job.logNanos() != 0) {
                continue;
            }
            double value = switch (kind) {
                case BANDWIDTH -> series.get(row, Series.BYTES) * NANOS_PER_SECOND / job.logNanos() / KIBI;
                case LATENCY -> (double) series.get(row, Series.NANOS) / series.get(row, Series.IOS);
                case IOPS -> series.get(row, Series.IOS) * NANOS_PER_SECOND / job.logNanos();
            };
            line(lines, end, Math.round(value), series.get(row, Series.OPERATION), 0, 0);
        }
        return lines.toString();
    }

    private static void line(StringBuilder lines, long nanos, long value, long operation, long length, long offset) {
        int direction = FioRow.DIRECTIONS.indexOf(Operation.values()[(int) operation]);
        // Syncs have no direction, and no line.
        if (direction >= 0) {
            lines.append(nanos / NANOS_PER_MILLI)
                    .append(", ")
                    .append(value)
                    .append(", ")
                    .append(direction)
                    .append(", ")
                    .append(length)
                    .append(", ")
                    .append(offset)
                    .append('\n');
        }
    }
}
