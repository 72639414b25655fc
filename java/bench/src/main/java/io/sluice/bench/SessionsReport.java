package io.sluice.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** What stands on a session beside the session; every run is a JVM of its own, and all take turns. */
final class SessionsReport implements Report {
    /**
     * One line: what is measured, and the line that it is compared with.
     *
     * @param name what it is called
     * @param method of {@link SessionsBenchmark}
     * @param reads how much is read at once
     * @param base name of the line to compare with; its own for those that are compared with nothing
     */
    private record Line(
            String name, String method, String reads, Map<String, String> parameters, int threads, String base) {
        static Line of(String name, String method, int batch, String base) {
            return new Line(name, method, "4 KiB", Map.of("batch", Integer.toString(batch)), 1, base);
        }

        static Line large(String name, String method, String device, String base) {
            return new Line(name, method, "8 MiB", Map.of("device", device), 1, base);
        }

        static Line each(String name, String made, int threads) {
            return new Line(name, "sessionEach", "4 KiB", Map.of("made", made), threads, "session of one thread");
        }
    }

    private static final List<Line> LINES = List.of(
            Line.of("session, batch 1", "session", 1, "session, batch 1"),
            Line.of("job, batch 1", "jobs", 1, "session, batch 1"),
            Line.of("session, batch 32", "session", 32, "session, batch 32"),
            Line.of("job, batch 32", "jobs", 32, "session, batch 32"),
            Line.of("copied job, batch 32", "copiedJobs", 32, "session, batch 32"),
            Line.large("64 operations", "largeByHand", "at-once", "64 operations"),
            Line.large("one job", "largeJob", "at-once", "64 operations"),
            Line.large("64 operations, data moved", "largeByHand", "emulated", "64 operations, data moved"),
            Line.large("one job, data moved", "largeJob", "emulated", "64 operations, data moved"),
            new Line("shared, batch 512", "shared", "4 KiB", Map.of(), 1, "session, batch 32"),
            new Line("shared, blocking", "sharedBlocking", "4 KiB", Map.of(), 1, "session, batch 1"),
            Line.each("session of one thread", "apart", 1),
            Line.each("two threads, apart", "apart", 2),
            Line.each("two threads, side by side", "side-by-side", 2));

    private final Map<String, Samples> nanos = new LinkedHashMap<>();
    private final Map<String, Samples> bytes = new LinkedHashMap<>();
    private final Map<String, Samples> ratios = new LinkedHashMap<>();
    private final Samples idlePercent = new Samples();
    private final Samples bareWakeMicros = new Samples();
    private final Samples wakeMicros = new Samples();
    private final Samples wakeAboveMicros = new Samples();

    private SessionsReport() {}

    static SessionsReport measure(boolean quick) throws RunnerException, IOException, InterruptedException {
        SessionsReport report = new SessionsReport();
        for (Line line : LINES) {
            report.nanos.put(line.name, new Samples());
            report.bytes.put(line.name, new Samples());
            report.ratios.put(line.name, new Samples());
        }
        int runs = quick ? 2 : 5;
        for (int run = 0; run < runs; run++) {
            for (Line line : LINES) {
                Score score = Score.of(SessionsBenchmark.class, line.method, line.parameters, line.threads, quick);
                // Per read of all threads together.
                report.nanos.get(line.name).add(score.nanos() / line.threads);
                report.bytes.get(line.name).add(score.bytes());
            }
            for (Line line : LINES) {
                report.ratios
                        .get(line.name)
                        .add(report.nanos.get(line.name).get(run)
                                / report.nanos.get(line.base).get(run));
            }
            report.idlePercent.add(Idleness.idlePercent(quick));
            long[] bare = Idleness.bareWakeNanos(quick);
            long[] wakes = Idleness.wakeNanos(quick);
            report.bareWakeMicros.add(median(bare));
            report.wakeMicros.add(median(wakes));
            report.wakeAboveMicros.add(median(wakes) - median(bare));
            System.err.printf("run %d of %d%n", run + 1, runs);
        }
        return report;
    }

    private static double median(long[] sortedNanos) {
        return sortedNanos[sortedNanos.length / 2] / 1000.0;
    }

    @Override
    public String table() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                "Reads on a device that completes at once, nanoseconds a read; JDK %s, medians of %d runs%n",
                Runtime.version(), idlePercent.count()));
        table.append(String.format(
                "%-6s  %-26s  %10s  %10s  %-40s  %8s%n", "read", "", "ns", "above", "ratio (min-max)", "bytes"));
        for (Line line : LINES) {
            Samples ratio = ratios.get(line.name);
            double value = nanos.get(line.name).median();
            table.append(String.format(
                    Locale.ROOT,
                    "%-6s  %-26s  %10.1f  %10s  %-40s  %8.1f%n",
                    line.reads,
                    line.name,
                    value,
                    line.base.equals(line.name)
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "%+.1f",
                                    value - nanos.get(line.base).median()),
                    line.base.equals(line.name)
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "%.2f (%.2f - %.2f) of %s",
                                    ratio.median(),
                                    ratio.min(),
                                    ratio.max(),
                                    line.base),
                    bytes.get(line.name).median()));
        }
        table.append(String.format(
                Locale.ROOT,
                "idle shared session: %.3f %% of a core%n"
                        + "from an interrupt (eventfd) after idle until the session's owner runs: median %.1f us; a bare thread on the same"
                        + " descriptor %.1f us; difference %+.1f us (%+.1f - %+.1f)%n",
                idlePercent.median(),
                wakeMicros.median(),
                bareWakeMicros.median(),
                wakeAboveMicros.median(),
                wakeAboveMicros.min(),
                wakeAboveMicros.max()));
        return table.toString();
    }

    @Override
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (Line line : LINES) {
            figures.add(figure(line, line.name, "ns/read", nanos.get(line.name)));
            figures.add(figure(line, line.name, "bytes/read", bytes.get(line.name)));
            if (!line.base.equals(line.name)) {
                figures.add(figure(line, line.name + "/" + line.base, "ratio", ratios.get(line.name)));
            }
        }
        figures.add(figure("idle", "percent of a core", idlePercent));
        figures.add(figure("interrupt to owner", "us", wakeMicros));
        figures.add(figure("interrupt to bare thread", "us", bareWakeMicros));
        figures.add(figure("interrupt to owner - interrupt to bare thread", "us", wakeAboveMicros));
        return figures;
    }

    private static Figure figure(Line line, String layer, String unit, Samples samples) {
        return Figure.of(
                "sessions",
                Map.of(
                        "layer",
                        layer,
                        "reads",
                        line.reads,
                        "threads",
                        line.threads,
                        "jdk",
                        Runtime.version().toString()),
                unit,
                samples);
    }

    private static Figure figure(String layer, String unit, Samples samples) {
        return Figure.of(
                "sessions", Map.of("layer", layer, "jdk", Runtime.version().toString()), unit, samples);
    }
}
