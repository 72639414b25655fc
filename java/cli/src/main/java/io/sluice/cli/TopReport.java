package io.sluice.cli;

import io.sluice.block.LatencyHistogram;
import io.sluice.block.Operation;
import io.sluice.block.statistics.SessionReading;
import io.sluice.cli.Table.Column;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Activities as people see them, and as machines do. A row for each session and kind of operation that it did; one for an idle session. */
final class TopReport {
    private static final double MEGA = 1e6;
    private static final double MICRO = 1e3;
    private static final String NONE = "-";

    private static final List<Column> COLUMNS = List.of(
            Column.right("PID", 5),
            Column.left("session", 7),
            Column.left("device", 10),
            Column.left("blocks", 10),
            Column.left("op", 5),
            Column.right("IOPS", 9),
            Column.right("MB/s", 8),
            Column.right("depth", 9),
            Column.right("p50 us", 8),
            Column.right("p99 us", 8),
            Column.right("max us", 8),
            Column.right("failed", 6));

    private TopReport() {}

    static String text(List<SessionActivity> activities) {
        List<List<String>> rows = new ArrayList<>();
        for (SessionActivity activity : activities) {
            if (activity.done().isEmpty()) {
                rows.add(row(activity, null, true));
            }
            boolean first = true;
            for (Operation operation : activity.done().keySet()) {
                rows.add(row(activity, operation, first));
                first = false;
            }
        }
        return Table.of(COLUMNS, rows);
    }

    private static List<String> row(SessionActivity activity, Operation operation, boolean first) {
        SessionReading session = activity.session();
        LatencyHistogram latency = operation == null
                ? LatencyHistogram.EMPTY
                : activity.done(operation).latency();
        return List.of(
                first ? Long.toString(activity.pid()) : "",
                first ? session.label().isEmpty() ? "#" + session.number() : session.label() : "",
                first ? session.device() : "",
                first ? window(session) : "",
                operation == null ? NONE : name(operation),
                rate(activity, operation == null ? 0 : activity.iops(operation), 0),
                rate(activity, operation == null ? 0 : activity.bytesPerSecond(operation) / MEGA, 1),
                first ? Decimals.fixed(activity.depth(), 1) + "/" + session.queueDepth() : "",
                micros(latency, latency.nanosAt(50)),
                micros(latency, latency.nanosAt(99)),
                micros(latency, latency.maxNanos()),
                first ? Decimals.grouped(session.failures()) : "");
    }

    private static String window(SessionReading session) {
        return session.firstBlock() + "-" + (session.firstBlock() + session.blockCount() - 1)
                + (session.writeable() ? " rw" : " ro");
    }

    private static String rate(SessionActivity activity, double value, int decimals) {
        return activity.nanos() == 0 ? NONE : Decimals.grouped(value, decimals);
    }

    private static String micros(LatencyHistogram latency, long nanos) {
        return latency.count() == 0 ? NONE : Decimals.grouped(nanos / MICRO, 1);
    }

    private static String name(Operation operation) {
        return switch (operation) {
            case READ -> "read";
            case WRITE -> "write";
            case WRITE_DURABLE -> "write durable";
            case SYNC -> "sync";
            case TRIM -> "trim";
            case WRITE_ZEROES -> "write zeroes";
        };
    }

    static String json(Instant when, List<SessionActivity> activities) {
        JsonWriter json = new JsonWriter().beginObject();
        json.field("time", when.truncatedTo(ChronoUnit.MILLIS).toString());
        json.beginArray("sessions");
        for (SessionActivity activity : activities) {
            write(json, activity);
        }
        return json.endArray().endObject().line();
    }

    private static void write(JsonWriter json, SessionActivity activity) {
        SessionReading session = activity.session();
        json.beginObject()
                .field("pid", activity.pid())
                .field("command", activity.command())
                .field("session", session.number())
                .field("label", session.label())
                .field("device", session.device())
                .field("first_block", session.firstBlock())
                .field("blocks", session.blockCount())
                .field("block_bytes", session.blockBytes())
                .field("writeable", session.writeable())
                .field("queue_depth", session.queueDepth())
                .field("depth", activity.depth(), 2)
                .field("failures", session.failures())
                .field("seconds", activity.nanos() / 1e9, 6);
        json.beginArray("operations");
        for (Operation operation : activity.done().keySet()) {
            LatencyHistogram latency = activity.done(operation).latency();
            json.beginObject()
                    .field("operation", operation.name().toLowerCase(Locale.ROOT))
                    .field("iops", activity.iops(operation), 1)
                    .field("bytes_per_s", activity.bytesPerSecond(operation), 0);
            if (latency.count() > 0) {
                json.beginObject("latency_ns")
                        .field("mean", latency.meanNanos())
                        .field("p50", latency.nanosAt(50))
                        .field("p99", latency.nanosAt(99))
                        .field("p999", latency.nanosAt(99.9))
                        .field("max", latency.maxNanos())
                        .endObject();
            } else {
                json.nothing("latency_ns");
            }
            json.endObject();
        }
        json.endArray().endObject();
    }
}
