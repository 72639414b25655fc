package io.sluice.bench;

import java.io.IOException;
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

    private VfioUserReport() {}

    static VfioUserReport measure(boolean quick) throws IOException, InterruptedException {
        VfioUserReport report = new VfioUserReport();
        for (int depth : DEPTHS) {
            report.rows.add(new Row(depth, new Samples(), new Samples(), new Samples(), new Samples()));
        }
        int runs = quick ? 2 : 5;
        for (int run = 0; run < runs; run++) {
            for (Row row : report.rows) {
                ReadScore local = ReadScore.measure("-", row.depth, quick);
                ReadScore remote = readFromServer(row.depth, quick);
                row.local.add(local.rate());
                row.remote.add(remote.rate());
                row.ratio.add(remote.rate() / local.rate());
                row.remoteNanos.add(remote.nanos());
            }
            System.err.printf("run %d of %d%n", run + 1, runs);
        }
        return report;
    }

    private static ReadScore readFromServer(int depth, boolean quick) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("sluice-bench");
        Path socket = directory.resolve("socket");
        Process server = Programs.start(DriveServer.class, socket.toString());
        try {
            String said = Programs.firstLine(server);
            if (!DriveServer.SERVES.equals(said)) {
                throw new IOException("the server says '" + said + "'");
            }
            return ReadScore.measure(socket.toString(), depth, quick);
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
