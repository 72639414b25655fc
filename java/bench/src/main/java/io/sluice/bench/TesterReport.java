package io.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** What the tester costs above a bare session. Every run is a JVM of its own, and all take turns. */
final class TesterReport implements Report {
    private static final List<Integer> BATCHES = List.of(1, 32);

    private final List<Row> rows = new ArrayList<>();

    private record Row(int batch, Samples bare, Samples untimed, Samples timed, Samples above, Samples timedAbove) {
        Row(int batch) {
            this(batch, new Samples(), new Samples(), new Samples(), new Samples(), new Samples());
        }
    }

    private TesterReport() {}

    static TesterReport measure(boolean quick) throws RunnerException {
        TesterReport report = new TesterReport();
        BATCHES.forEach(batch -> report.rows.add(new Row(batch)));
        int runs = quick ? 2 : 5;
        for (int run = 0; run < runs; run++) {
            for (Row row : report.rows) {
                double bare = nanos("bare", row.batch, "NONE", quick);
                double untimed = nanos("tester", row.batch, "NONE", quick);
                double timed = nanos("tester", row.batch, "LATENCY", quick);
                row.bare.add(bare);
                row.untimed.add(untimed);
                row.timed.add(timed);
                row.above.add(untimed - bare);
                row.timedAbove.add(timed - bare);
            }
            System.err.printf("run %d of %d%n", run + 1, runs);
        }
        return report;
    }

    private static double nanos(String method, int batch, String timing, boolean quick) throws RunnerException {
        Map<String, String> parameters = Map.of("batch", Integer.toString(batch), "timing", timing);
        return Score.of(TesterBenchmark.class, method, parameters, 1, quick).nanos();
    }

    @Override
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                "4 KiB reads on a device that completes at once, nanoseconds a read; JDK %s, medians of %d runs%n",
                Runtime.version(), rows.get(0).bare.count()));
        table.append(String.format(
                "%5s  %12s  %12s  %24s  %15s  %24s%n",
                "batch", "bare session", "tester", "above (min - max)", "with latencies", "above (min - max)"));
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%5d  %12.1f  %12.1f  %+8.1f (%+5.1f - %+5.1f)  %15.1f  %+8.1f (%+5.1f - %+5.1f)%n",
                    row.batch,
                    row.bare.median(),
                    row.untimed.median(),
                    row.above.median(),
                    row.above.min(),
                    row.above.max(),
                    row.timed.median(),
                    row.timedAbove.median(),
                    row.timedAbove.min(),
                    row.timedAbove.max()));
        }
        return table.toString();
    }

    @Override
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (Row row : rows) {
            figures.add(figure(row.batch, "bare", row.bare));
            figures.add(figure(row.batch, "tester", row.untimed));
            figures.add(figure(row.batch, "tester with latencies", row.timed));
            figures.add(figure(row.batch, "tester - bare", row.above));
            figures.add(figure(row.batch, "tester with latencies - bare", row.timedAbove));
        }
        return figures;
    }

    private static Figure figure(int batch, String layer, Samples samples) {
        return Figure.of(
                "tester",
                Map.of("batch", batch, "layer", layer, "jdk", Runtime.version().toString()),
                "ns/io",
                samples);
    }
}
