package io.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A file channel of the plugin on a drive beside the JDK's own on the kernel's driver for the same drive, both past the page cache, and beside the session below: what {@link VfsLabRun} printed. Ratios
 * are of the same turn.
 */
final class VfsLabReport implements Report {
    private static final String JDK = "jdk";
    private static final String SESSION = "session";
    private static final String CHANNEL = "channel";

    private final Map<Integer, Row> rows = new LinkedHashMap<>();

    /** Reads a second by layer, in the order of the turns. */
    private static final class Row {
        private final Map<String, Samples> rates = new LinkedHashMap<>();

        private Samples rate(String layer) {
            return rates.computeIfAbsent(layer, name -> new Samples());
        }

        private Samples ratio(String base) {
            Samples ratio = new Samples();
            for (int turn = 0; turn < rate(CHANNEL).count(); turn++) {
                ratio.add(rate(CHANNEL).get(turn) / rate(base).get(turn));
            }
            return ratio;
        }
    }

    private VfsLabReport() {}

    /** What a run wrote to a file in the lab's guest. */
    static VfsLabReport read(Path file) throws IOException {
        VfsLabReport report = new VfsLabReport();
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.strip().split(" ", -1);
            if (fields[0].equals("row")) {
                report.rows
                        .computeIfAbsent(Integer.parseInt(fields[1]), bytes -> new Row())
                        .rate(fields[3])
                        .add(Long.parseLong(fields[4]) * 1e9 / Long.parseLong(fields[5]));
            }
        }
        if (report.rows.isEmpty()) {
            throw new IOException("the measurement printed nothing");
        }
        return report;
    }

    @Override
    public String table() {
        Row first = rows.values().iterator().next();
        StringBuilder table = new StringBuilder(String.format(
                "Reads of one drive in the lab's guest, one after the other, 4K at random places, larger ones in a row: the JDK's FileChannel on the kernel's%n"
                        + "driver (direct), and Sluice's session and FileChannel; medians of %d turns, the drive given from one driver to the other in each%n",
                first.rate(CHANNEL).count()));
        table.append(String.format(
                "%6s  %10s %10s %10s  %23s  %23s%n",
                "size", "JDK", "session", "channel", "channel/JDK (min-max)", "channel/session"));
        table.append(String.format("%6s  %32s%n", "", "reads a second"));
        rows.forEach((bytes, row) -> table.append(String.format(
                Locale.ROOT,
                "%6s  %,10.0f %,10.0f %,10.0f  %23s  %23s%n",
                bytes < 1 << 20 ? bytes / 1024 + "K" : bytes / (1 << 20) + "M",
                row.rate(JDK).median(),
                row.rate(SESSION).median(),
                row.rate(CHANNEL).median(),
                text(row.ratio(JDK)),
                text(row.ratio(SESSION)))));
        return table.toString();
    }

    private static String text(Samples ratio) {
        return String.format(Locale.ROOT, "%.2f (%.2f - %.2f)", ratio.median(), ratio.min(), ratio.max());
    }

    @Override
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        rows.forEach((bytes, row) -> {
            row.rates.forEach((layer, rate) -> figures.add(figure(bytes, layer, "reads/s", rate)));
            figures.add(figure(bytes, "channel/jdk", "ratio", row.ratio(JDK)));
            figures.add(figure(bytes, "channel/session", "ratio", row.ratio(SESSION)));
        });
        return figures;
    }

    private static Figure figure(int bytes, String layer, String unit, Samples samples) {
        return Figure.of("vfs", Map.of("lab", "guest", "bytes", bytes, "depth", 1, "layer", layer), unit, samples);
    }
}
