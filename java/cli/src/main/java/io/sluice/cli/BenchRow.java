package io.sluice.cli;

import io.sluice.block.Operation;
import io.sluice.cli.Table.Column;
import io.sluice.tester.LatencySummary;
import io.sluice.tester.Measured;
import io.sluice.tester.Sizes;
import io.sluice.tester.Tally;
import io.sluice.tester.Timing;
import io.sluice.tester.Workload;
import java.util.Collections;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What an entry measured, all of its sessions together; the errors include I/Os that failed and records that verification found wrong. */
record BenchRow(
        BenchEntry entry,
        String device,
        int blockBytes,
        long nanos,
        Tally tally,
        Histogram histogram,
        long processNanos,
        List<Double> idlePercent,
        @Nullable String error) {
    private static final double MEGA = 1e6;
    private static final double MEBI = 1 << 20;
    private static final double GIGA = 1e9;

    /** A table for rows of these tests. It fits into 120 columns of a terminal, unless titles are long. */
    static Table table(List<BenchTest> tests) {
        int longest = tests.stream()
                .flatMap(test -> test.entries().stream())
                .mapToInt(entry -> entry.title().length())
                .max()
                .orElse(0);
        return new Table(
                1,
                List.of(
                        Column.left("test", longest),
                        Column.left("layer", 8),
                        Column.right("size", 4),
                        Column.right("depth", 6),
                        Column.right("rx", 4),
                        Column.right("tx", 4),
                        Column.right("bytes", 5),
                        Column.right("MiB/s", 5),
                        Column.right("MB/s", 5),
                        Column.right("IOPS", 5),
                        Column.right("s", 4),
                        Column.right("wakes", 5),
                        Column.right("mean", 4),
                        Column.right("p50", 4),
                        Column.right("p99", 4),
                        Column.right("p99.9", 5),
                        Column.right("max", 4),
                        Column.right("ns/IO", 5),
                        Column.left("idle%", 5),
                        Column.left("result", 6)));
    }

    /**
     * The row of an entry.
     *
     * @param parts what each of its sessions measured
     * @param processNanos of all entries that ran at the same time
     * @param allIos of all entries that ran at the same time: whose share of the process is not known
     */
    static BenchRow of(BenchEntry entry, List<Measured> parts, long processNanos, long allIos, List<Double> idle) {
        Tally tally = Tally.sum(parts.stream().map(Measured::tally).toList());
        long share = allIos == 0 ? 0 : Math.round((double) processNanos * tally.ios() / allIos);
        Measured first = parts.get(0);
        return new BenchRow(
                entry,
                first.device(),
                first.blockBytes(),
                parts.stream().mapToLong(Measured::nanos).max().orElse(0),
                tally,
                tally.latency(),
                share,
                idle,
                parts.stream()
                        .map(Measured::firstError)
                        .filter(error -> error != null)
                        .findFirst()
                        .orElse(null));
    }

    private Workload workload() {
        return entry.workload();
    }

    private boolean timed() {
        return workload().timing() != Timing.NONE;
    }

    /** The line of it in a {@link #table}. */
    String text(Table table) {
        LatencySummary latency = LatencySummary.of(histogram);
        return table.row(List.of(
                entry.title(),
                entry.layer().label(),
                sizeText(),
                workload().depth()
                        + (entry.sessions() == 1 ? "" : "x" + entry.sessions())
                        + "/"
                        + workload().batch(),
                HumanSize.brief(received() / blockBytes),
                HumanSize.brief(sent() / blockBytes),
                HumanSize.briefBinary(tally.bytes()),
                rate(bytesPerSecond() / MEBI),
                rate(bytesPerSecond() / MEGA),
                HumanSize.threeDigits(iops()),
                secondsText(),
                HumanSize.brief(tally.wakeups()),
                time(latency.mean()),
                time(latency.p50()),
                time(latency.p99()),
                time(latency.p999()),
                time(latency.max()),
                HumanSize.threeDigits(processNanosPerIo()),
                idleText(),
                result() + (tally.errors() == 0 ? "" : " " + tally.errors())));
    }

    private String sizeText() {
        Sizes sizes = workload().readSizes();
        return isReplay() ? "-" : (sizes.isOne() ? "" : "..") + HumanSize.briefBinary(sizes.largest());
    }

    private boolean isReplay() {
        return workload().access().label().equals("replay");
    }

    void write(JsonWriter json) {
        Workload workload = workload();
        json.beginObject()
                .field("test", workload.name())
                .field("device", device)
                .field("layer", entry.layer().label())
                .field("access", workload.access().label())
                .field("rw", entry.pattern().label());
        if (isReplay()) {
            json.nothing("bs");
        } else if (workload.readSizes().isOne()) {
            json.field("bs", workload.readSizes().largest());
        } else {
            json.field("bs", workload.readSizes().toString());
        }
        json.field("iodepth", workload.depth())
                .field("batch", workload.batch())
                .field("numjobs", entry.sessions())
                .field("seed", workload.seed())
                .field("block_bytes", blockBytes)
                .field("seconds", nanos / GIGA, 6)
                .field("ios", tally.ios())
                .field("bytes", tally.bytes())
                .field("rx_blocks", received() / blockBytes)
                .field("tx_blocks", sent() / blockBytes)
                .field("trimmed_blocks", (tally.bytes() - received() - sent()) / blockBytes)
                .field("syncs", tally.ios(Operation.SYNC))
                .field("iops", iops(), 1)
                .field("mb_per_s", bytesPerSecond() / MEGA, 3)
                .field("mib_per_s", bytesPerSecond() / MEBI, 3)
                .field("wakeups", tally.wakeups());
        writeLatency(json);
        json.beginObject("cpu")
                .field("process_ns_per_io", processNanosPerIo(), 1)
                .beginArray("idle_percent");
        for (Double percent : idlePercent) {
            json.element(percent, 1);
        }
        json.endArray().endObject();
        json.field("errors", tally.errors()).field("result", result());
        if (error == null) {
            json.nothing("error");
        } else {
            json.field("error", error);
        }
        json.endObject();
    }

    private void writeLatency(JsonWriter json) {
        if (!timed()) {
            json.nothing("latency_ns");
            return;
        }
        LatencySummary latency = LatencySummary.of(histogram);
        json.beginObject("latency_ns")
                .field("mean", latency.mean())
                .field("p50", latency.p50())
                .field("p99", latency.p99())
                .field("p999", latency.p999())
                .field("max", latency.max())
                .endObject();
    }

    /** A name for a file of this row alone. */
    String fileName(int number) {
        return String.format(
                        "%02d-%s-%s-%s-d%d",
                        number,
                        workload().name(),
                        entry.layer(),
                        sizeText(),
                        workload().depth())
                .replaceAll("[^A-Za-z0-9.-]+", "");
    }

    private long received() {
        return tally.bytes(Operation.READ);
    }

    private long sent() {
        return tally.bytes(Operation.WRITE);
    }

    private String result() {
        return error == null && tally.errors() == 0 ? "ok" : "failed";
    }

    private double iops() {
        return nanos == 0 ? 0 : tally.ios() * GIGA / nanos;
    }

    private double bytesPerSecond() {
        return nanos == 0 ? 0 : tally.bytes() * GIGA / nanos;
    }

    private double processNanosPerIo() {
        return tally.ios() == 0 ? 0 : (double) processNanos / tally.ios();
    }

    private String time(long nanos) {
        return timed() ? HumanSize.briefTime(nanos) : "-";
    }

    private static String rate(double megabytes) {
        return Decimals.fixed(megabytes, megabytes < 100 ? 1 : 0);
    }

    private String secondsText() {
        double seconds = nanos / GIGA;
        return Decimals.fixed(seconds, seconds < 10 ? 2 : seconds < 100 ? 1 : 0);
    }

    private String idleText() {
        if (idlePercent.size() > 4) {
            return Decimals.fixed(Collections.min(idlePercent), 0) + ".."
                    + Decimals.fixed(Collections.max(idlePercent), 0);
        }
        StringBuilder text = new StringBuilder();
        for (Double percent : idlePercent) {
            text.append(text.isEmpty() ? "" : " ").append(Decimals.fixed(percent, 0));
        }
        return text.toString();
    }
}
