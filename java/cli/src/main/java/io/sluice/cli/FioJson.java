package io.sluice.cli;

import io.sluice.block.Operation;
import io.sluice.cli.FioSections.Setting;
import io.sluice.tester.ThreadCpu;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Writes results as fio's {@code --output-format=json} does, so that what reads that reads this. */
final class FioJson {
    private static final double[] PERCENTILES = {
        1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 99.5, 99.9, 99.95, 99.99
    };
    private static final int[] LATENCY_STEPS = {2, 4, 10, 20, 50, 100, 250, 500, 750, 1000};
    private static final String[] DEPTHS = {"1", "2", "4", "8", "16", "32", ">=64"};
    private static final String[] BATCHES = {"0", "4", "8", "16", "32", "64", ">=64"};
    private static final int DECIMALS = 6;
    private static final double KIBI = 1024;
    private static final double WHOLE = 100;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** fio's word for a time that is not known. */
    private static final long NO_TIME = Integer.MAX_VALUE;

    private final JsonWriter json = new JsonWriter();

    /** The text. */
    static String of(List<Setting> global, List<FioRow> rows) {
        return new FioJson().write(global, rows);
    }

    private String write(List<Setting> global, List<FioRow> rows) {
        ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
        json.beginObject()
                .field("fio version", "sluice")
                .field("timestamp", now.toEpochSecond())
                .field("timestamp_ms", now.toInstant().toEpochMilli())
                .field(
                        "time",
                        DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
                                .format(now));
        if (!global.isEmpty()) {
            settings("global options", global);
        }
        json.beginArray("jobs");
        for (FioRow row : rows) {
            row(row, rows);
        }
        json.endArray();
        json.beginArray("disk_util").endArray().endObject();
        return json.toString();
    }

    private void settings(String name, List<Setting> settings) {
        json.beginObject(name);
        // The last one counts where one is there twice. What has no value is not shown, as fio does not show it.
        List<String> keys = settings.stream()
                .filter(setting -> !setting.value().isEmpty())
                .map(Setting::key)
                .distinct()
                .toList();
        for (String key : keys) {
            settings.stream()
                    .filter(setting -> setting.key().equals(key))
                    .reduce((first, second) -> second)
                    .ifPresent(setting -> json.field(key, setting.value()));
        }
        json.endObject();
    }

    private void row(FioRow row, List<FioRow> all) {
        json.beginObject()
                .field("jobname", row.job().name())
                .field("groupid", row.group())
                .field("error", row.errorNumber())
                .field("eta", NO_TIME)
                .field("elapsed", row.nanos() / NANOS_PER_SECOND + 1);
        settings("job options", row.job().section().own());
        for (Operation direction : FioRow.DIRECTIONS) {
            direction(row, direction, all);
        }
        Histogram syncs = row.tally().latency(Operation.SYNC);
        json.beginObject("sync").field("total_ios", syncs.getTotalCount());
        times("lat_ns", syncs, syncs.getTotalCount() > 0);
        json.endObject();
        processor(row);
        distribution("iodepth_level", DEPTHS, row.tally().depths(), 0);
        distribution("iodepth_submit", BATCHES, row.tally().submittedBatches(), 2);
        distribution("iodepth_complete", BATCHES, row.tally().completedBatches(), 2);
        latencies(row);
        json.field("latency_depth", row.job().wantedDepth())
                .field("latency_target", 0)
                .field("latency_percentile", WHOLE, DECIMALS)
                .field("latency_window", 0)
                .endObject();
    }

    private void direction(FioRow row, Operation direction, List<FioRow> all) {
        long ios = row.tally().ios(direction);
        long bytes = row.tally().bytes(direction);
        json.beginObject(direction.name().toLowerCase(Locale.ROOT))
                .field("io_bytes", bytes)
                .field("io_kbytes", bytes >> 10)
                .field("bw_bytes", Math.round(row.bytesPerSecond(direction)))
                .field("bw", Math.round(row.bytesPerSecond(direction) / KIBI))
                .field("iops", row.iops(direction), DECIMALS)
                .field("runtime", row.millis(direction))
                .field("total_ios", ios)
                .field("short_ios", 0)
                .field("drop_ios", 0);
        times("slat_ns", row.submission(direction), false);
        Histogram completion = row.completion(direction);
        times("clat_ns", completion, completion.getTotalCount() > 0 && row.job().completionPercentiles());
        times("lat_ns", row.tally().latency(direction), false);
        samples(row, direction, all);
        json.endObject();
    }

    private void samples(FioRow row, Operation direction, List<FioRow> all) {
        List<Double> bandwidth =
                row.samples(direction, true).stream().map(bytes -> bytes / KIBI).toList();
        double group = all.stream()
                .filter(other -> other.group() == row.group())
                .mapToDouble(other -> other.bytesPerSecond(direction) / KIBI)
                .sum();
        double mean = FioSamples.mean(bandwidth);
        json.field("bw_min", Math.round(FioSamples.least(bandwidth)))
                .field("bw_max", Math.round(FioSamples.most(bandwidth)))
                .field("bw_agg", group == 0 ? 0 : Math.min(WHOLE, mean * WHOLE / group), DECIMALS)
                .field("bw_mean", mean, DECIMALS)
                .field("bw_dev", FioSamples.deviation(bandwidth), DECIMALS)
                .field("bw_samples", bandwidth.size());
        List<Double> iops = row.samples(direction, false);
        json.field("iops_min", Math.round(FioSamples.least(iops)))
                .field("iops_max", Math.round(FioSamples.most(iops)))
                .field("iops_mean", FioSamples.mean(iops), DECIMALS)
                .field("iops_stddev", FioSamples.deviation(iops), DECIMALS)
                .field("iops_samples", iops.size());
    }

    private void times(String name, Histogram nanos, boolean percentiles) {
        boolean some = nanos.getTotalCount() > 0;
        json.beginObject(name)
                .field("min", some ? nanos.getMinValue() : 0)
                .field("max", some ? nanos.getMaxValue() : 0)
                .field("mean", some ? nanos.getMean() : 0, DECIMALS)
                .field("stddev", some ? nanos.getStdDeviation() : 0, DECIMALS)
                .field("N", nanos.getTotalCount());
        if (percentiles) {
            json.beginObject("percentile");
            for (double percentile : PERCENTILES) {
                json.field(Decimals.fixed(percentile, DECIMALS), nanos.getValueAtPercentile(percentile));
            }
            json.endObject();
        }
        json.endObject();
    }

    private void processor(FioRow row) {
        double user = 0;
        double system = 0;
        long switches = 0;
        long major = 0;
        long minor = 0;
        long nanos = 0;
        for (var part : row.parts()) {
            ThreadCpu thread = part.thread();
            user += thread.userNanos();
            system += thread.systemNanos();
            switches += thread.switches();
            major += thread.majorFaults();
            minor += thread.minorFaults();
            nanos += part.nanos();
        }
        json.field("job_runtime", nanos / NANOS_PER_MILLI)
                .field("usr_cpu", nanos == 0 ? 0 : user * WHOLE / nanos, DECIMALS)
                .field("sys_cpu", nanos == 0 ? 0 : system * WHOLE / nanos, DECIMALS)
                .field("ctx", switches)
                .field("majf", major)
                .field("minf", minor);
    }

    /**
     * Shares of levels.
     *
     * @param merged how many of the finer levels the second name takes together with its own, for distributions whose first name is for none at all
     */
    private void distribution(String name, String[] names, long[] levels, int merged) {
        long sum = Arrays.stream(levels).sum();
        json.beginObject(name);
        double[] shares = shares(names.length, levels, merged);
        for (int i = 0; i < names.length; i++) {
            // The last two of batches have names that mean the same in fio's output too.
            json.field(names[i], sum == 0 ? 0 : shares[i] * WHOLE / sum, DECIMALS);
        }
        json.endObject();
    }

    /** Levels brought to those of fio: the first alone for depths; for batches none, then up to 4, 8, and so on. */
    static double[] shares(int count, long[] levels, int merged) {
        double[] shares = new double[count];
        for (int level = 0; level < levels.length; level++) {
            int at = merged == 0 ? level : Math.max(1, level - merged + 1);
            shares[Math.min(count - 1, at)] += levels[level];
        }
        return shares;
    }

    private void latencies(FioRow row) {
        Histogram all = row.tally().latency();
        long unit = 1;
        for (String name : new String[] {"latency_ns", "latency_us", "latency_ms"}) {
            json.beginObject(name);
            long below = unit == 1 ? -1 : unit;
            for (int step : LATENCY_STEPS) {
                json.field(Integer.toString(step), share(all, below + 1, step * unit), DECIMALS);
                below = step * unit;
            }
            if (unit == NANOS_PER_MILLI) {
                json.field("2000", share(all, below + 1, 2 * NANOS_PER_SECOND), DECIMALS)
                        .field(
                                ">=2000",
                                share(all, 2 * NANOS_PER_SECOND + 1, all.getHighestTrackableValue()),
                                DECIMALS);
            }
            json.endObject();
            unit *= 1000;
        }
    }

    /** Percentage of latencies in a range, nanoseconds, as exactly as they were recorded: to three digits. */
    static double share(Histogram all, long from, long to) {
        if (all.getTotalCount() == 0) {
            return 0;
        }
        long up = upTo(all, to);
        return WHOLE * (up - upTo(all, from - 1)) / all.getTotalCount();
    }

    private static long upTo(Histogram all, long nanos) {
        return nanos < 0 ? 0 : all.getCountBetweenValues(0, nanos);
    }
}
