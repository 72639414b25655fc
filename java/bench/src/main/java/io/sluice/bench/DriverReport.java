package io.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The driver beside the bare ring, batch by batch. Every run is a JVM of its own, and the two take turns, so that whatever else the machine does
 * meets both: the ratio of a pair is worth more than either time.
 */
final class DriverReport implements Report {
    private static final List<Integer> BATCHES = List.of(1, 8, 32, 128);

    private final List<Row> rows = new ArrayList<>();

    private record Row(
            int batch,
            Samples bare,
            Samples session,
            Samples ratio,
            Samples timed,
            Samples bytes,
            Samples timedBytes,
            Samples bareBytes) {}

    private DriverReport() {}

    static DriverReport measure(boolean quick) throws RunnerException {
        DriverReport report = new DriverReport();
        for (int batch : BATCHES) {
            report.rows.add(new Row(
                    batch,
                    new Samples(),
                    new Samples(),
                    new Samples(),
                    new Samples(),
                    new Samples(),
                    new Samples(),
                    new Samples()));
        }
        int runs = quick ? 2 : 5;
        for (int run = 0; run < runs; run++) {
            for (Row row : report.rows) {
                Score bare = score("bareRing", row.batch, quick);
                Score session = score("session", row.batch, quick);
                Score timed = score("timedSession", row.batch, quick);
                row.timed.add(timed.nanos());
                row.timedBytes.add(timed.bytes());
                row.bare.add(bare.nanos());
                row.session.add(session.nanos());
                row.ratio.add(session.nanos() / bare.nanos());
                row.bytes.add(session.bytes());
                // What the harness itself allocates shows here too.
                row.bareBytes.add(bare.bytes());
            }
            System.err.printf("run %d of %d%n", run + 1, runs);
        }
        return report;
    }

    private static Score score(String method, int batch, boolean quick) throws RunnerException {
        return Score.of(DriverBenchmark.class, method, Map.of("batch", Integer.toString(batch)), 1, quick);
    }

    @Override
    public String table() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                "4 KiB reads, submit to handler, on a device that completes at once; JDK %s, medians of %d runs%n",
                Runtime.version(), rows.get(0).bare.count()));
        table.append(String.format(
                "%5s  %14s  %14s  %22s  %9s  %14s  %9s%n",
                "batch", "bare ring ns", "session ns", "ratio (min-max)", "bytes/IO", "latencies ns", "bytes/IO"));
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%5d  %14.1f  %14.1f  %8.2f (%4.2f - %4.2f)  %9.1f  %14.1f  %9.1f%n",
                    row.batch,
                    row.bare.median(),
                    row.session.median(),
                    row.ratio.median(),
                    row.ratio.min(),
                    row.ratio.max(),
                    row.bytes.median(),
                    row.timed.median(),
                    row.timedBytes.median()));
        }
        return table.toString();
    }

    @Override
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (Row row : rows) {
            figures.add(figure(row.batch, "bare-ring", "ns/io", row.bare));
            figures.add(figure(row.batch, "session", "ns/io", row.session));
            figures.add(figure(row.batch, "session/bare-ring", "ratio", row.ratio));
            figures.add(figure(row.batch, "session", "bytes/io", row.bytes));
            figures.add(figure(row.batch, "session with latencies", "ns/io", row.timed));
            figures.add(figure(row.batch, "session with latencies", "bytes/io", row.timedBytes));
            figures.add(figure(row.batch, "bare-ring", "bytes/io", row.bareBytes));
        }
        return figures;
    }

    private static Figure figure(int batch, String layer, String unit, Samples samples) {
        return Figure.of(
                "driver",
                Map.of("batch", batch, "layer", layer, "jdk", Runtime.version().toString()),
                unit,
                samples);
    }
}
