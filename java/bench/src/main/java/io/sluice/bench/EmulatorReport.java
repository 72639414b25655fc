package io.sluice.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The driver on an emulated controller in the same process, one thread each, beside the same copies without either. Every run is a JVM of its own, and the two
 * take turns: the ratio of a pair is worth more than either number.
 */
final class EmulatorReport implements Report {
    private static final List<Integer> DEPTHS = List.of(1, 8, 32, 128);

    private final List<Row> rows = new ArrayList<>();

    private record Row(int depth, Samples copies, Samples emulated, Samples ratio, Samples nanos) {}

    private EmulatorReport() {}

    static EmulatorReport measure(boolean quick) throws IOException, InterruptedException {
        EmulatorReport report = new EmulatorReport();
        for (int depth : DEPTHS) {
            report.rows.add(new Row(depth, new Samples(), new Samples(), new Samples(), new Samples()));
        }
        int runs = quick ? 2 : 5;
        for (int run = 0; run < runs; run++) {
            for (Row row : report.rows) {
                ReadScore copies = ReadScore.measure(ReadLoop.MEMORY, row.depth, quick);
                ReadScore emulated = ReadScore.measure("-", row.depth, quick);
                row.copies.add(copies.rate());
                row.emulated.add(emulated.rate());
                row.ratio.add(emulated.rate() / copies.rate());
                row.nanos.add(emulated.nanos());
            }
            System.err.printf("run %d of %d%n", run + 1, runs);
        }
        return report;
    }

    @Override
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                "Random 4 KiB reads from memory: the copies alone, and through driver and emulated controller; JDK %s, medians of %d runs%n",
                Runtime.version(), rows.get(0).copies.count()));
        table.append(String.format(
                "%5s  %16s  %16s  %22s  %10s%n",
                "depth", "copies a second", "emulated IOPS", "ratio (min-max)", "us a read"));
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%5d  %,16.0f  %,16.0f  %8.2f (%4.2f - %4.2f)  %10.2f%n",
                    row.depth,
                    row.copies.median(),
                    row.emulated.median(),
                    row.ratio.median(),
                    row.ratio.min(),
                    row.ratio.max(),
                    row.nanos.median() / 1000));
        }
        return table.toString();
    }

    @Override
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (Row row : rows) {
            figures.add(figure(row.depth, "copies", "iops", row.copies));
            figures.add(figure(row.depth, "emulated", "iops", row.emulated));
            figures.add(figure(row.depth, "emulated/copies", "ratio", row.ratio));
            figures.add(figure(row.depth, "emulated", "ns/io", row.nanos));
        }
        return figures;
    }

    private static Figure figure(int depth, String layer, String unit, Samples samples) {
        return Figure.of(
                "emulator",
                Map.of("depth", depth, "layer", layer, "jdk", Runtime.version().toString()),
                unit,
                samples);
    }
}
