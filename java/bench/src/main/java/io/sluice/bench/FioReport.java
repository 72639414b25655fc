package io.sluice.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code sluice fio} beside fio, on the same job file, latencies measured by both. The two take turns. */
final class FioReport implements Report {
    private static final int DEPTH = 32;
    private static final List<Integer> BATCHES = List.of(1, 8);

    /** The first one in a report is that of the reads. */
    private static final Pattern IOPS = Pattern.compile("\"iops\"\\s*:\\s*([0-9.]+)");

    private final List<Row> rows = new ArrayList<>();

    private record Row(int batch, Samples fio, Samples sluice, Samples ratio) {}

    private FioReport() {}

    /**
     * Measures on a file in the directory that {@code -Dsluice.bench.directory} names, with the command in the jar that {@code -Dsluice.jar} names.
     */
    static FioReport measure(boolean quick) throws IOException, InterruptedException {
        Path directory = Path.of(System.getProperty("sluice.bench.directory", System.getProperty("java.io.tmpdir")));
        Path file = Files.createTempFile(directory, "sluice-bench", ".img");
        Path jobs = Files.createTempFile(directory, "sluice-bench", ".fio");
        try {
            UringReport.fill(file, quick ? 64 << 20 : 1 << 30);
            FioReport report = new FioReport();
            for (int batch : BATCHES) {
                report.rows.add(new Row(batch, new Samples(), new Samples(), new Samples()));
            }
            int runs = quick ? 2 : 6;
            for (int run = 0; run < runs; run++) {
                for (Row row : report.rows) {
                    Files.writeString(jobs, job(file, row.batch, quick));
                    List<String> fio = List.of("fio", "--output-format=json", jobs.toString());
                    // Some disks are quicker after a rest: each is the first of a pair as often as the other.
                    if (run % 2 == 0) {
                        row.fio.add(iops(fio));
                        row.sluice.add(iops(sluice(jobs)));
                    } else {
                        row.sluice.add(iops(sluice(jobs)));
                        row.fio.add(iops(fio));
                    }
                    row.ratio.add(row.sluice.get(run) / row.fio.get(run));
                }
                System.err.printf("run %d of %d%n", run + 1, runs);
            }
            return report;
        } finally {
            Files.delete(jobs);
            Files.delete(file);
        }
    }

    private static String job(Path file, int batch, boolean quick) {
        return String.join(
                "\n",
                "[reads]",
                "filename=" + file,
                "rw=randread",
                "norandommap",
                "bs=4k",
                "direct=1",
                "ioengine=io_uring",
                "fixedbufs=1",
                "registerfiles=1",
                "iodepth=" + DEPTH,
                "iodepth_batch_submit=" + batch,
                "iodepth_batch_complete_min=" + batch,
                "time_based",
                "ramp_time=" + (quick ? "300ms" : "2s"),
                "runtime=" + (quick ? "500ms" : "3s"),
                "");
    }

    private static List<String> sluice(Path jobs) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-jar",
                System.getProperty("sluice.jar", "java/cli/target/sluice.jar"),
                "fio",
                "--output-format=json",
                jobs.toString());
    }

    private static double iops(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command.get(0) + " ended with exit code " + process.exitValue() + ": " + output);
        }
        Matcher matcher = IOPS.matcher(output);
        if (!matcher.find()) {
            throw new IOException(command.get(0) + " told no IOPS: " + output);
        }
        return Double.parseDouble(matcher.group(1));
    }

    @Override
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                "Random 4 KiB reads of a file over io_uring, %d in flight, the same job file; JDK %s, medians of %d runs%n",
                DEPTH, Runtime.version(), rows.get(0).fio.count()));
        table.append(String.format("%5s  %12s  %12s  %22s%n", "batch", "fio IOPS", "sluice IOPS", "ratio (min-max)"));
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%5d  %,12.0f  %,12.0f  %8.2f (%4.2f - %4.2f)%n",
                    row.batch,
                    row.fio.median(),
                    row.sluice.median(),
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
            figures.add(figure(row.batch, "sluice fio", "iops", row.sluice));
            figures.add(figure(row.batch, "sluice fio/fio", "ratio", row.ratio));
        }
        return figures;
    }

    private static Figure figure(int batch, String layer, String unit, Samples samples) {
        return Figure.of(
                "fio",
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
