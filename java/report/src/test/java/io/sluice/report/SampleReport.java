package io.sluice.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A directory with measurements that nobody took, of the size of real ones: what pages and charts of a whole report look like. */
final class SampleReport {
    private static final int RUNS = 5;

    private final Random random = new Random(7);
    private int sequence;

    private SampleReport() {}

    /** {@code sampleReport LAB DIRECTORY}, for those who want to look at a page. */
    public static void main(String[] arguments) throws IOException {
        write(Lab.of(arguments[0]).orElseThrow(), Path.of(arguments[1]), measurement -> true);
    }

    /** All tables of a lab, as far as a test wants them. */
    static void write(Lab lab, Path directory, Predicate<Measurement> wanted) throws IOException {
        Files.createDirectories(directory.resolve("raw"));
        Files.writeString(directory.resolve("environment.json"), """
                {"lab": "%s", "mode": "full", "date": "2026-01-02T03:04:05Z", "commit": "0123abcd", "machine": "a <model> & | co.",
                 "cpus": "2, x86-64", "kernel": "Linux 6.1", "jvm": "OpenJDK 17", "jvmFlags": "-Xmx512m", "note": "the machine was idle"}
                """.formatted(lab.id()));
        SampleReport report = new SampleReport();
        for (Table table : Tables.all()) {
            List<Measurement> measurements = report.measure(table, lab);
            Measurements.write(
                    directory.resolve("raw").resolve(table.id() + ".json"),
                    measurements.stream().filter(wanted).toList());
        }
    }

    private List<Measurement> measure(Table table, Lab lab) {
        List<Measurement> measurements = new ArrayList<>();
        for (String row : table.rows()) {
            for (int run = 1; run <= RUNS; run++) {
                double weather = 1 + random.nextGaussian() * 0.03;
                for (Column column : table.columns(lab)) {
                    double value = value(table, row, column.id(), lab == Lab.EMULATED ? 20 : 1)
                            * weather
                            * (1 + random.nextGaussian() * 0.02);
                    measurements.add(new Measurement(
                            table.id(),
                            row,
                            column.id(),
                            run,
                            ++sequence,
                            new Outcome.Value(value, table.unit(), details(table, value)),
                            "sluice dd if=0000:00:04.0/p1 of=/dev/null bs=" + row + " # " + column.id()));
                }
            }
        }
        return measurements;
    }

    private Map<String, Double> details(Table table, double value) {
        Map<String, Double> details = new TreeMap<>(Map.of(
                "idle0", 40 + random.nextInt(300) / 10.0,
                "idle1", 60 + random.nextInt(300) / 10.0,
                "cpuGuestMs", 900.0 + random.nextInt(100),
                "cpuQemuMs", 300.0 + random.nextInt(100)));
        if (table.id().equals("f")) {
            details.put("p50", value * 0.93);
            details.put("p99", value * 2.4);
        }
        return details;
    }

    private static double value(Table table, String row, String column, double speed) {
        double weight = weight(column);
        return switch (table.axis()) {
            case BLOCK_SIZE -> {
                double bytes = Rows.value(row);
                double fixed = 9e-6 * weight;
                yield speed * bytes / (fixed + bytes / 2.4e9) / 1e6;
            }
            case DEPTH -> weight * (28 + 9 * Double.parseDouble(row)) / speed;
            case TEST -> speed * (row.startsWith("rand") ? 300 : 410) / weight;
            case LAYER -> 3000 * weight(row) / speed;
        };
    }

    /** How much work a layer makes of an I/O. */
    private static double weight(String column) {
        return switch (column) {
            case "kernel", "kernel-libaio", "kernel-io_uring" -> 6;
            case "kernel-sync" -> 9;
            case "sync", "serial-128K" -> 5;
            case "copying" -> 2.2;
            case "nio", "aio", "serial-4M" -> 1.4;
            case "jobs", "parallel-128K" -> 1.1;
            default -> 1;
        };
    }
}
