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
 * Channels of the file system plugin beside the session below them, on an emulated controller over memory; and on a file, beside the channel of the JDK that reads the same file in the same
 * way: both through the page cache, both past it. Every run is a JVM of its own, and all take turns: the ratio of a pair is worth more than either number.
 */
final class VfsReport implements Report {
    private static final int BLOCK = 4096;
    private static final int LARGE = 2 << 20;
    private static final String FILE = "FILE";

    /**
     * What is measured.
     *
     * @param layer as {@link VfsReadLoop} calls it
     * @param device as {@link VfsReadLoop} calls it; FILE stands for the path of a file
     * @param base what it is compared with; itself when with nothing
     */
    private record Line(String name, String layer, String device, int bytes, int depth, String base) {
        static Line onMemory(String name, String layer, int bytes, int depth, String base) {
            return new Line(name, layer, VfsReadLoop.MEMORY, bytes, depth, base);
        }

        static Line onFile(String name, String layer, String how, String base) {
            return new Line(name, layer, how + FILE, BLOCK, 1, base);
        }
    }

    private static final List<Line> LINES = List.of(
            Line.onMemory("session, depth 1", "session", BLOCK, 1, "session, depth 1"),
            Line.onMemory("FileChannel", "channel", BLOCK, 1, "session, depth 1"),
            Line.onMemory("session, depth 32", "session", BLOCK, 32, "session, depth 32"),
            Line.onMemory("AsynchronousFileChannel, depth 32", "async", BLOCK, 32, "session, depth 32"),
            Line.onMemory("session, 2 MiB", "session", LARGE, 1, "session, 2 MiB"),
            Line.onMemory("FileChannel, 2 MiB", "channel", LARGE, 1, "session, 2 MiB"),
            Line.onFile("the JDK's FileChannel, page cache", "jdk", "", "the JDK's FileChannel, page cache"),
            Line.onFile("FileChannel on emulated, page cache", "channel", "", "the JDK's FileChannel, page cache"),
            Line.onFile("the JDK's FileChannel, direct", "jdk", VfsReadLoop.DIRECT, "the JDK's FileChannel, direct"),
            Line.onFile(
                    "FileChannel over io_uring, direct",
                    "channel",
                    VfsReadLoop.DIRECT,
                    "the JDK's FileChannel, direct"));

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
                line.device.replace(FILE, file.toString()),
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
                "Reads of 4 KiB at random places and of 2 MiB in a row, on an emulated controller over memory, and below on one file; JDK %s, medians of %d runs%n",
                Runtime.version(), rates.get(LINES.get(0).name).count()));
        table.append(String.format("%-38s  %12s  %22s  %10s%n", "", "a second", "ratio (min-max)", "bytes/read"));
        for (Line line : LINES) {
            Samples ratio = ratios.get(line.name);
            table.append(String.format(
                    Locale.ROOT,
                    "%-38s  %,12.0f  %22s  %10.1f%n",
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
