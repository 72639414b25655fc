package io.sluice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The emulated controller in another process, over vfio-user, beside the same in the process that reads. Every run is a JVM of its own, and the two take
 * turns: the ratio of a pair is worth more than either number.
 */
final class VfioUserReport implements Report {
    private static final List<Integer> DEPTHS = List.of(1, 32);

    private final List<Row> rows = new ArrayList<>();

    private record Row(int depth, Samples local, Samples remote, Samples ratio, Samples remoteNanos) {}

    /**
     * A run.
     *
     * @param rate reads a second
     * @param nanos how long one took, with so many in flight
     */
    private record Score(double rate, double nanos) {}

    private VfioUserReport() {}

    static VfioUserReport measure(boolean quick) throws IOException, InterruptedException {
        VfioUserReport report = new VfioUserReport();
        for (int depth : DEPTHS) {
            report.rows.add(new Row(depth, new Samples(), new Samples(), new Samples(), new Samples()));
        }
        int runs = quick ? 2 : 5;
        for (int run = 0; run < runs; run++) {
            for (Row row : report.rows) {
                Score local = read("-", row.depth, quick);
                Score remote = readFromServer(row.depth, quick);
                row.local.add(local.rate);
                row.remote.add(remote.rate);
                row.ratio.add(remote.rate / local.rate);
                row.remoteNanos.add(remote.nanos);
            }
            System.err.printf("run %d of %d%n", run + 1, runs);
        }
        return report;
    }

    private static Score readFromServer(int depth, boolean quick) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("sluice-bench");
        Path socket = directory.resolve("socket");
        Process server = start(DriveServer.class, socket.toString());
        try {
            String said = firstLine(server);
            if (!DriveServer.SERVES.equals(said)) {
                throw new IOException("the server says '" + said + "'");
            }
            return read(socket.toString(), depth, quick);
        } finally {
            // Its input ends with that.
            server.getOutputStream().close();
            if (server.waitFor() != 0) {
                System.err.println("bench: the server ended with exit code " + server.exitValue());
            }
            Files.deleteIfExists(socket);
            Files.delete(directory);
        }
    }

    private static Score read(String where, int depth, boolean quick) throws IOException, InterruptedException {
        Process reader =
                start(ReadLoop.class, where, String.valueOf(depth), quick ? "300" : "2000", quick ? "300" : "1500");
        reader.getOutputStream().close();
        String line = firstLine(reader);
        if (reader.waitFor() != 0) {
            throw new IOException("the reader ended with exit code " + reader.exitValue());
        }
        String[] numbers = line.split(" ", -1);
        double reads = Long.parseLong(numbers[0]);
        double nanos = Long.parseLong(numbers[1]);
        return new Score(reads * 1e9 / nanos, nanos * depth / reads);
    }

    private static Process start(Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        // Not closed: that would end the process's output.
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        return line == null ? "" : line;
    }

    @Override
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                "Random 4 KiB reads from an emulated controller in memory; JDK %s, medians of %d runs%n",
                Runtime.version(), rows.get(0).local.count()));
        table.append(String.format(
                "%5s  %16s  %16s  %22s  %20s%n",
                "depth", "in process IOPS", "vfio-user IOPS", "ratio (min-max)", "vfio-user us a read"));
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%5d  %,16.0f  %,16.0f  %8.2f (%4.2f - %4.2f)  %20.2f%n",
                    row.depth,
                    row.local.median(),
                    row.remote.median(),
                    row.ratio.median(),
                    row.ratio.min(),
                    row.ratio.max(),
                    row.remoteNanos.median() / 1000));
        }
        return table.toString();
    }

    @Override
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (Row row : rows) {
            figures.add(figure(row.depth, "in-process", "iops", row.local));
            figures.add(figure(row.depth, "vfio-user", "iops", row.remote));
            figures.add(figure(row.depth, "vfio-user/in-process", "ratio", row.ratio));
            figures.add(figure(row.depth, "vfio-user", "ns/io", row.remoteNanos));
        }
        return figures;
    }

    private static Figure figure(int depth, String layer, String unit, Samples samples) {
        return Figure.of(
                "vfio-user",
                Map.of("depth", depth, "layer", layer, "jdk", Runtime.version().toString()),
                unit,
                samples);
    }
}
