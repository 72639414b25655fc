package io.sluice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Something that reads a file beside fio on the same one, in turns: the ratio of a pair is worth more than either number. */
final class FioTurns implements Report {
    static final int DEPTH = 32;

    /** What fio does when told nothing, and what a storage engine does. */
    private static final List<Integer> BATCHES = List.of(1, 8);

    private final String name;
    private final String ours;
    private final String how;
    private final List<Row> rows = new ArrayList<>();

    private record Row(int batch, Samples fio, Samples ours, Samples ratio) {}

    /** Reads the file for some time; IOPS. */
    interface Reader {
        double iops(Path file, int batch) throws IOException, InterruptedException;
    }

    private FioTurns(String name, String ours, String how) {
        this.name = name;
        this.ours = ours;
        this.how = how;
    }

    /**
     * Measures on a file in the directory that {@code -Dsluice.bench.directory} names, so that the disk to be measured can be chosen.
     *
     * @param name of the report
     * @param ours what the other side is
     * @param how both read, to go behind a comma
     */
    static FioTurns measure(String name, String ours, String how, Reader fio, Reader other, boolean quick)
            throws IOException, InterruptedException {
        Path directory = Path.of(System.getProperty("sluice.bench.directory", System.getProperty("java.io.tmpdir")));
        Path file = Files.createTempFile(directory, "sluice-bench", ".img");
        try {
            fill(file, quick ? 64 << 20 : 1 << 30);
            FioTurns turns = new FioTurns(name, ours, how);
            for (int batch : BATCHES) {
                turns.rows.add(new Row(batch, new Samples(), new Samples(), new Samples()));
            }
            int runs = quick ? 2 : 6;
            for (int run = 0; run < runs; run++) {
                for (Row row : turns.rows) {
                    // Some disks are quicker after a rest: each is the first of a pair as often as the other.
                    if (run % 2 == 0) {
                        row.fio.add(fio.iops(file, row.batch));
                        row.ours.add(other.iops(file, row.batch));
                    } else {
                        row.ours.add(other.iops(file, row.batch));
                        row.fio.add(fio.iops(file, row.batch));
                    }
                    row.ratio.add(row.ours.get(run) / row.fio.get(run));
                }
                System.err.printf("run %d of %d%n", run + 1, runs);
            }
            return turns;
        } finally {
            Files.delete(file);
        }
    }

    /** With noise: holes would be read from nowhere, and some disks store zeroes as such. */
    private static void fill(Path file, long bytes) throws IOException {
        Random noise = new Random(1);
        byte[] chunk = new byte[1 << 20];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (long done = 0; done < bytes; done += chunk.length) {
                noise.nextBytes(chunk);
                ByteBuffer buffer = ByteBuffer.wrap(chunk);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
            channel.force(true);
        }
    }

    /** What a program that measures prints. */
    static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command.get(0) + " ended with exit code " + process.exitValue() + ": " + output);
        }
        return output;
    }

    @Override
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                "Random 4 KiB reads of a file over io_uring, %d in flight, %s; JDK %s, medians of %d runs%n",
                DEPTH, how, Runtime.version(), rows.get(0).fio.count()));
        table.append(String.format("%5s  %12s  %12s  %22s%n", "batch", "fio IOPS", ours + " IOPS", "ratio (min-max)"));
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%5d  %,12.0f  %,12.0f  %8.2f (%4.2f - %4.2f)%n",
                    row.batch,
                    row.fio.median(),
                    row.ours.median(),
                    row.ratio.median(),
                    row.ratio.min(),
                    row.ratio.max()));
        }
        return table.toString();
    }

    @Override
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (Row row : rows) {
            figures.add(figure(row.batch, "fio", "iops", row.fio));
            figures.add(figure(row.batch, ours, "iops", row.ours));
            figures.add(figure(row.batch, ours + "/fio", "ratio", row.ratio));
        }
        return figures;
    }

    private Figure figure(int batch, String layer, String unit, Samples samples) {
        return Figure.of(
                name,
                Map.of(
                        "depth",
                        DEPTH,
                        "batch",
                        batch,
                        "layer",
                        layer,
                        "jdk",
                        Runtime.version().toString()),
                unit,
                samples);
    }
}
