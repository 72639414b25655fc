package io.sluice.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Channels of the file system plugin beside the session below them, on an emulated controller over memory; and over a file, beside the channel of the JDK that reads the file itself, past the
 * page cache. Every run is a JVM of its own, and all take turns: the ratio of a pair is worth more than either number.
 */
final class VfsReport implements Report {
    private static final int BLOCK = 4096;
    private static final int LARGE = 2 << 20;

    /**
     * What is measured.
     *
     * @param layer as {@link VfsReadLoop} calls it
     * @param onFile whether the device is a file, else memory
     * @param base what it is compared with; itself when with nothing
     */
    private record Line(String name, String layer, boolean onFile, int bytes, int depth, String base) {}

    private static final List<Line> LINES = List.of(
            new Line("session, depth 1", "session", false, BLOCK, 1, "session, depth 1"),
            new Line("FileChannel", "channel", false, BLOCK, 1, "session, depth 1"),
            new Line("session, depth 32", "session", false, BLOCK, 32, "session, depth 32"),
            new Line("AsynchronousFileChannel, depth 32", "async", false, BLOCK, 32, "session, depth 32"),
            new Line("session, 2 MiB", "session", false, LARGE, 1, "session, 2 MiB"),
            new Line("FileChannel, 2 MiB", "channel", false, LARGE, 1, "session, 2 MiB"),
            new Line(
                    "the JDK's FileChannel, direct, on a file",
                    "jdk",
                    true,
                    BLOCK,
                    1,
                    "the JDK's FileChannel, direct, on a file"),
            new Line(
                    "FileChannel, on the same file",
                    "channel",
                    true,
                    BLOCK,
                    1,
                    "the JDK's FileChannel, direct, on a file"));

    private final Map<String, Samples> rates = new LinkedHashMap<>();
    private final Map<String, Samples> ratios = new LinkedHashMap<>();
    private final Map<String, Samples> allocations = new LinkedHashMap<>();

    private VfsReport() {}

    /** Measures; the file lies in the directory that {@code -Dsluice.bench.directory} names. */
    static VfsReport measure(boolean quick) throws IOException, InterruptedException {
        Path directory = Path.of(System.getProperty("sluice.bench.directory", System.getProperty("java.io.tmpdir")));
        Path file = Files.createTempFile(directory, "sluice-bench", ".img");
        try {
            fill(file, 64);
            VfsReport report = new VfsReport();
            for (Line line : LINES) {
                report.rates.put(line.name, new Samples());
                report.ratios.put(line.name, new Samples());
                report.allocations.put(line.name, new Samples());
            }
            int runs = quick ? 2 : 5;
            for (int run = 0; run < runs; run++) {
                for (Line line : LINES) {
                    report.measure(line, file, quick);
                }
                System.err.printf("run %d of %d%n", run + 1, runs);
            }
            return report;
        } finally {
            Files.delete(file);
        }
    }

    private static void fill(Path file, int mebibytes) throws IOException {
        Random noise = new Random(1);
        byte[] chunk = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                noise.nextBytes(chunk);
                out.write(chunk);
            }
        }
    }

    private void measure(Line line, Path file, boolean quick) throws IOException, InterruptedException {
        Process reader = Programs.start(
                VfsReadLoop.class,
                line.layer,
                line.onFile ? file.toString() : VfsReadLoop.MEMORY,
                String.valueOf(line.bytes),
                String.valueOf(line.depth),
                quick ? "300" : "2000",
                quick ? "300" : "1500");
        reader.getOutputStream().close();
        String output = Programs.firstLine(reader);
        if (reader.waitFor() != 0) {
            throw new IOException(line.name + ": the reader ended with exit code " + reader.exitValue());
        }
        String[] numbers = output.split(" ", -1);
        double reads = Long.parseLong(numbers[0]);
        Samples rate = rates.get(line.name);
        rate.add(reads * 1e9 / Long.parseLong(numbers[1]));
        ratios.get(line.name)
                .add(rate.get(rate.count() - 1) / rates.get(line.base).get(rate.count() - 1));
        allocations.get(line.name).add(Long.parseLong(numbers[2]) / reads);
    }

    @Override
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                "Reads of 4 KiB at random places and of 2 MiB in a row, on an emulated controller; JDK %s, medians of %d runs%n",
                Runtime.version(), rates.get(LINES.get(0).name).count()));
        table.append(String.format("%-42s  %12s  %22s  %10s%n", "", "a second", "ratio (min-max)", "bytes/read"));
        for (Line line : LINES) {
            Samples ratio = ratios.get(line.name);
            table.append(String.format(
                    Locale.ROOT,
                    "%-42s  %,12.0f  %22s  %10.1f%n",
                    line.name,
                    rates.get(line.name).median(),
                    line.base.equals(line.name)
                            ? ""
                            : String.format(
                                    Locale.ROOT, "%.2f (%.2f - %.2f)", ratio.median(), ratio.min(), ratio.max()),
                    allocations.get(line.name).median()));
        }
        return table.toString();
    }

    @Override
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (Line line : LINES) {
            figures.add(figure(line, line.name, "reads/s", rates.get(line.name)));
            figures.add(figure(line, line.name, "bytes/read", allocations.get(line.name)));
            if (!line.base.equals(line.name)) {
                figures.add(figure(line, line.name + "/" + line.base, "ratio", ratios.get(line.name)));
            }
        }
        return figures;
    }

    private static Figure figure(Line line, String layer, String unit, Samples samples) {
        return Figure.of(
                "vfs",
                Map.of(
                        "layer",
                        layer,
                        "bytes",
                        line.bytes,
                        "depth",
                        line.depth,
                        "jdk",
                        Runtime.version().toString()),
                unit,
                samples);
    }
}
