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

/**
 * A session over io_uring beside fio's engine of that name, on the same file with the same options: past the page cache, registered file and memory. The two take
 * turns: the ratio of a pair is worth more than either number. fio is spared looking at the clock for each read, which the session does not do either.
 */
final class UringReport implements Report {
    private static final int DEPTH = 32;
    /** What fio does when told nothing, and what a storage engine does. */
    private static final List<Integer> BATCHES = List.of(1, 8);

    /** Read reads a second, in fio's terse output of version 3. */
    private static final int TERSE_IOPS = 7;

    private final List<Row> rows = new ArrayList<>();

    private record Row(int batch, Samples fio, Samples session, Samples ratio) {}

    private UringReport() {}

    /** Measures on a file in the directory that {@code -Dsluice.bench.directory} names, so that the disk to be measured can be chosen. */
    static UringReport measure(boolean quick) throws IOException, InterruptedException {
        Path directory = Path.of(System.getProperty("sluice.bench.directory", System.getProperty("java.io.tmpdir")));
        Path file = Files.createTempFile(directory, "sluice-bench", ".img");
        try {
            fill(file, quick ? 64 << 20 : 1 << 30);
            UringReport report = new UringReport();
            for (int batch : BATCHES) {
                report.rows.add(new Row(batch, new Samples(), new Samples(), new Samples()));
            }
            int runs = quick ? 2 : 6;
            for (int run = 0; run < runs; run++) {
                for (Row row : report.rows) {
                    // Some disks are quicker after a rest: each is the first of a pair as often as the other.
                    if (run % 2 == 0) {
                        row.fio.add(fio(file, row.batch, quick));
                        row.session.add(session(file, row.batch, quick));
                    } else {
                        row.session.add(session(file, row.batch, quick));
                        row.fio.add(fio(file, row.batch, quick));
                    }
                    row.ratio.add(row.session.get(run) / row.fio.get(run));
                }
                System.err.printf("run %d of %d%n", run + 1, runs);
            }
            return report;
        } finally {
            Files.delete(file);
        }
    }

    /** With noise: holes would be read from nowhere, and some disks store zeroes as such. */
    static void fill(Path file, long bytes) throws IOException {
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

    private static double fio(Path file, int batch, boolean quick) throws IOException, InterruptedException {
        List<String> command = List.of(
                "fio",
                "--name=reads",
                "--filename=" + file,
                "--readonly",
                "--rw=randread",
                "--bs=4k",
                "--iodepth=" + DEPTH,
                "--iodepth_batch_submit=" + batch,
                "--iodepth_batch_complete_min=1",
                "--iodepth_batch_complete_max=" + batch,
                "--ioengine=io_uring",
                "--direct=1",
                "--fixedbufs=1",
                "--registerfiles=1",
                "--norandommap",
                "--gtod_reduce=1",
                "--time_based",
                "--ramp_time=" + (quick ? "300ms" : "2s"),
                "--runtime=" + (quick ? "500ms" : "3s"),
                "--output-format=terse",
                "--terse-version=3");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("fio ended with exit code " + process.exitValue() + ": " + output);
        }
        String line = output.lines()
                .filter(one -> one.startsWith("3;"))
                .findFirst()
                .orElseThrow(() -> new IOException("fio printed no line of results: " + output));
        return Double.parseDouble(line.split(";", -1)[TERSE_IOPS]);
    }

    private static double session(Path file, int batch, boolean quick) throws IOException, InterruptedException {
        Process reader = Programs.start(
                FileReadLoop.class,
                file.toString(),
                String.valueOf(DEPTH),
                String.valueOf(batch),
                quick ? "300" : "2000",
                quick ? "500" : "3000");
        reader.getOutputStream().close();
        String line = Programs.firstLine(reader);
        if (reader.waitFor() != 0) {
            throw new IOException("the reader ended with exit code " + reader.exitValue());
        }
        String[] numbers = line.split(" ", -1);
        return Long.parseLong(numbers[0]) * 1e9 / Long.parseLong(numbers[1]);
    }

    @Override
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                "Random 4 KiB reads of a file over io_uring, %d in flight, direct, registered file and memory; JDK %s, medians of %d"
                        + " runs%n",
                DEPTH, Runtime.version(), rows.get(0).fio.count()));
        table.append(String.format("%5s  %12s  %12s  %22s%n", "batch", "fio IOPS", "session IOPS", "ratio (min-max)"));
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%5d  %,12.0f  %,12.0f  %8.2f (%4.2f - %4.2f)%n",
                    row.batch,
                    row.fio.median(),
                    row.session.median(),
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
            figures.add(figure(row.batch, "session", "iops", row.session));
            figures.add(figure(row.batch, "session/fio", "ratio", row.ratio));
        }
        return figures;
    }

    private static Figure figure(int batch, String layer, String unit, Samples samples) {
        return Figure.of(
                "uring",
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
