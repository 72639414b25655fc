package io.sluice.cli;

import io.sluice.cli.Table.Column;
import java.util.List;

/** What one workload measured; the errors include I/Os that failed and records that verification found wrong. */
record BenchRow(
        String device,
        Workload workload,
        long nanos,
        long ios,
        LatencySummary latency,
        long processNanos,
        List<Double> idlePercent,
        long errors) {
    private static final double MEGA = 1e6;
    private static final double MEBI = 1 << 20;
    private static final double MICRO = 1e3;
    private static final double GIGA = 1e9;

    static final Table TABLE = new Table(List.of(
            Column.left("rw", 9),
            Column.right("bs", 7),
            Column.right("iodepth", 7),
            Column.right("batch", 5),
            Column.right("IOPS", 10),
            Column.right("MB/s", 8),
            Column.right("MiB/s", 8),
            Column.right("mean us", 8),
            Column.right("p50 us", 8),
            Column.right("p99 us", 8),
            Column.right("p99.9 us", 8),
            Column.right("max us", 9),
            Column.right("CPU ns/IO", 9),
            Column.left("idle % by core", 14),
            Column.right("errors", 6)));

    String text() {
        return TABLE.row(List.of(
                workload.pattern().label(),
                HumanSize.binary(workload.recordBytes()).replace(".0 ", " "),
                Integer.toString(workload.iodepth()),
                Integer.toString(workload.batch()),
                Decimals.grouped(iops(), 0),
                Decimals.grouped(bytesPerSecond() / MEGA, 1),
                Decimals.grouped(bytesPerSecond() / MEBI, 1),
                micros(latency.mean()),
                micros(latency.p50()),
                micros(latency.p99()),
                micros(latency.p999()),
                micros(latency.max()),
                Decimals.grouped(processNanosPerIo(), 0),
                idleText(),
                Long.toString(errors)));
    }

    void write(JsonWriter json) {
        json.beginObject()
                .field("device", device)
                .field("layer", "session")
                .field("rw", workload.pattern().label())
                .field("bs", workload.recordBytes())
                .field("iodepth", workload.iodepth())
                .field("batch", workload.batch())
                .field("seconds", nanos / GIGA, 6)
                .field("ios", ios)
                .field("bytes", bytes())
                .field("iops", iops(), 1)
                .field("mb_per_s", bytesPerSecond() / MEGA, 3)
                .field("mib_per_s", bytesPerSecond() / MEBI, 3);
        json.beginObject("latency_ns")
                .field("mean", latency.mean())
                .field("p50", latency.p50())
                .field("p99", latency.p99())
                .field("p999", latency.p999())
                .field("max", latency.max())
                .endObject();
        json.beginObject("cpu")
                .field("process_ns_per_io", processNanosPerIo(), 1)
                .beginArray("idle_percent");
        for (Double percent : idlePercent) {
            json.element(percent, 1);
        }
        json.endArray().endObject();
        json.field("errors", errors).endObject();
    }

    private long bytes() {
        return ios * workload.recordBytes();
    }

    private double iops() {
        return nanos == 0 ? 0 : ios * GIGA / nanos;
    }

    private double bytesPerSecond() {
        return nanos == 0 ? 0 : bytes() * GIGA / nanos;
    }

    private double processNanosPerIo() {
        return ios == 0 ? 0 : (double) processNanos / ios;
    }

    private static String micros(long nanos) {
        return Decimals.grouped(nanos / MICRO, 1);
    }

    private String idleText() {
        StringBuilder text = new StringBuilder();
        for (Double percent : idlePercent) {
            text.append(text.isEmpty() ? "" : " ").append(Decimals.fixed(percent, 0));
        }
        return text.toString();
    }
}
