package io.sluice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The mediator beside the bare device and beside a multiplexer that copies, on the same blocks: what {@link MediatorRun} printed. Ratios are of runs in which all
 * three took turns.
 */
final class MediatorReport implements Report {
    private final Map<Key, Row> rows = new LinkedHashMap<>();
    private final List<Cost> costs = new ArrayList<>();

    private record Key(int bytes, String order, int depth) {}

    private record Cost(String name, String unit, double value) {}

    /** Reads a second and processor time of a read, of each layer, and each beside the direct one. */
    private static final class Row {
        private final Map<String, Samples> rates = new LinkedHashMap<>();
        private final Map<String, Samples> cpus = new LinkedHashMap<>();
        private final Map<String, Samples> rateRatios = new LinkedHashMap<>();
        private final Map<String, Samples> cpuRatios = new LinkedHashMap<>();

        private void add(String layer, double rate, double cpu) {
            samples(rates, layer).add(rate);
            samples(cpus, layer).add(cpu);
            // The direct one is the first of each run.
            int run = samples(rates, layer).count() - 1;
            samples(rateRatios, layer).add(rate / samples(rates, "direct").get(run));
            samples(cpuRatios, layer).add(cpu / samples(cpus, "direct").get(run));
        }

        private static Samples samples(Map<String, Samples> of, String layer) {
            return of.computeIfAbsent(layer, name -> new Samples());
        }

        private double median(Map<String, Samples> of, String layer) {
            return samples(of, layer).median();
        }
    }

    private MediatorReport() {}

    static MediatorReport measure(boolean quick) throws IOException, InterruptedException {
        Process run = Programs.start(MediatorRun.class, "emulated", quick ? "quick" : "full");
        run.getOutputStream().close();
        MediatorReport report;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(run.getInputStream(), StandardCharsets.UTF_8))) {
            report = of(lines.lines().toList());
        }
        if (run.waitFor() != 0) {
            throw new IOException("the measurement ended with exit code " + run.exitValue());
        }
        return report;
    }

    /** What a run wrote to a file elsewhere. */
    static MediatorReport read(Path file) throws IOException {
        return of(Files.readAllLines(file));
    }

    private static MediatorReport of(List<String> lines) throws IOException {
        MediatorReport report = new MediatorReport();
        for (String line : lines) {
            String[] fields = line.strip().split(" ", -1);
            switch (fields[0]) {
                case "row" -> report.addRow(fields);
                case "cost" -> report.costs.add(new Cost(fields[1], fields[2], Double.parseDouble(fields[3])));
                default -> {
                    // A console says other things as well.
                }
            }
        }
        if (report.rows.isEmpty()) {
            throw new IOException("the measurement printed nothing");
        }
        return report;
    }

    private void addRow(String[] fields) {
        Key key = new Key(Integer.parseInt(fields[1]), fields[2], Integer.parseInt(fields[3]));
        double reads = Math.max(1, Long.parseLong(fields[6]));
        double nanos = Long.parseLong(fields[7]);
        double cpuNanos = Long.parseLong(fields[8]);
        rows.computeIfAbsent(key, k -> new Row()).add(fields[5], reads * 1e9 / nanos, cpuNanos / reads);
    }

    @Override
    public String table() {
        Row first = rows.values().iterator().next();
        StringBuilder table = new StringBuilder(String.format(
                "Reads of the same blocks: a session on them, one that a mediator gave, one of a copying multiplexer; JDK %s, medians of %d runs%n",
                Runtime.version(), Row.samples(first.rates, "direct").count()));
        table.append(String.format(
                "%6s %-10s %5s  %10s %10s %10s  %8s (%4s-%4s) %8s  %9s %9s %9s  %8s %8s%n",
                "size",
                "order",
                "depth",
                "direct",
                "mediated",
                "copying",
                "mediated",
                "min",
                "max",
                "copying",
                "direct",
                "mediated",
                "copying",
                "mediated",
                "copying"));
        table.append(String.format(
                "%6s %-10s %5s  %32s  %28s  %29s  %17s%n",
                "", "", "", "MiB/s", "of direct", "us of processor time a read", "of direct"));
        rows.forEach((key, row) -> table.append(line(key, row)));
        for (Cost cost : costs) {
            table.append(String.format(Locale.ROOT, "%-26s %10.3f %s%n", cost.name, cost.value, cost.unit));
        }
        return table.toString();
    }

    private static String line(Key key, Row row) {
        double mebibytes = key.bytes / (double) (1 << 20);
        Samples ratio = Row.samples(row.rateRatios, "mediated");
        return String.format(
                Locale.ROOT,
                "%6s %-10s %5d  %,10.0f %,10.0f %,10.0f  %8.3f (%4.2f-%4.2f) %8.3f  %9.2f %9.2f %9.2f  %8.3f %8.3f%n",
                key.bytes < 1 << 20 ? key.bytes / 1024 + "K" : key.bytes / (1 << 20) + "M",
                key.order,
                key.depth,
                row.median(row.rates, "direct") * mebibytes,
                row.median(row.rates, "mediated") * mebibytes,
                row.median(row.rates, "copying") * mebibytes,
                ratio.median(),
                ratio.min(),
                ratio.max(),
                row.median(row.rateRatios, "copying"),
                row.median(row.cpus, "direct") / 1e3,
                row.median(row.cpus, "mediated") / 1e3,
                row.median(row.cpus, "copying") / 1e3,
                row.median(row.cpuRatios, "mediated"),
                row.median(row.cpuRatios, "copying"));
    }

    @Override
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        rows.forEach((key, row) -> {
            for (String layer : MediatorLayers.NAMES) {
                figures.add(figure(key, layer, "iops", Row.samples(row.rates, layer)));
                figures.add(figure(key, layer, "cpu-ns/io", Row.samples(row.cpus, layer)));
                if (!layer.equals("direct")) {
                    figures.add(figure(key, layer + "/direct", "ratio", Row.samples(row.rateRatios, layer)));
                    figures.add(figure(key, layer + "/direct", "cpu-ratio", Row.samples(row.cpuRatios, layer)));
                }
            }
        });
        for (Cost cost : costs) {
            Samples one = new Samples();
            one.add(cost.value);
            figures.add(Figure.of(
                    "mediator",
                    Map.of("figure", cost.name, "jdk", Runtime.version().toString()),
                    cost.unit,
                    one));
        }
        return figures;
    }

    private static Figure figure(Key key, String layer, String unit, Samples samples) {
        return Figure.of(
                "mediator",
                Map.of(
                        "bytes",
                        key.bytes,
                        "order",
                        key.order,
                        "depth",
                        key.depth,
                        "layer",
                        layer,
                        "jdk",
                        Runtime.version().toString()),
                unit,
                samples);
    }
}
