package io.sluice.cli;

import io.sluice.block.Operation;
import io.sluice.cli.Table.Column;
import io.sluice.tester.LatencySummary;
import io.sluice.tester.Measured;
import io.sluice.tester.Sizes;
import io.sluice.tester.Tally;
import io.sluice.tester.Timing;
import io.sluice.tester.Workload;
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
    private static final double MICRO = 1e3;
    private static final double GIGA = 1e9;

    static final Table TABLE = new Table(List.of(
            Column.left("test", 10),
            Column.left("layer", 7),
            Column.left("rw", 9),
            Column.right("size", 7),
            Column.right("iodepth", 7),
            Column.right("batch", 5),
            Column.right("rx blocks", 11),
            Column.right("tx blocks", 11),
            Column.right("bytes", 8),
            Column.right("MiB/s", 8),
            Column.right("MB/s", 8),
            Column.right("IOPS", 10),
            Column.right("s", 6),
            Column.right("wakeups", 10),
            Column.right("mean us", 8),
            Column.right("p50 us", 8),
            Column.right("p99 us", 8),
            Column.right("p99.9 us", 8),
            Column.right("max us", 9),
            Column.right("CPU ns/IO", 9),
            Column.left("idle % by core", 14),
            Column.right("errors", 6),
            Column.left("result", 6)));

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

    String text() {
        LatencySummary latency = LatencySummary.of(histogram);
        return TABLE.row(List.of(
                workload().name().equals(entry.pattern().label())
                        ? workload().access().label()
                        : workload().name(),
                entry.layer().label(),
                entry.pattern().label(),
                sizeText(),
                workload().depth() + (entry.sessions() == 1 ? "" : "x" + entry.sessions()),
                Integer.toString(workload().batch()),
                Decimals.grouped(received() / blockBytes),
                Decimals.grouped(sent() / blockBytes),
                HumanSize.binary(tally.bytes()),
                Decimals.grouped(bytesPerSecond() / MEBI, 1),
                Decimals.grouped(bytesPerSecond() / MEGA, 1),
                Decimals.grouped(iops(), 0),
                Decimals.fixed(nanos / GIGA, 2),
                Decimals.grouped(tally.wakeups()),
                micros(latency.mean()),
                micros(latency.p50()),
                micros(latency.p99()),
                micros(latency.p999()),
                micros(latency.max()),
                Decimals.grouped(processNanosPerIo(), 0),
                idleText(),
                Long.toString(tally.errors()),
                result()));
    }

    private String sizeText() {
        Sizes sizes = workload().readSizes();
        return isReplay()
                ? "-"
                : (sizes.isOne() ? "" : "..")
                        + HumanSize.binary(sizes.largest()).replace(".0 ", " ");
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

    private String micros(long nanos) {
        return timed() ? Decimals.grouped(nanos / MICRO, 1) : "-";
    }

    private String idleText() {
        StringBuilder text = new StringBuilder();
        for (Double percent : idlePercent) {
            text.append(text.isEmpty() ? "" : " ").append(Decimals.fixed(percent, 0));
        }
        return text.toString();
    }
}
