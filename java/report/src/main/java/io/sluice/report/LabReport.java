package io.sluice.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All that was measured in one lab.
 *
 * @param sheets of the tables that were measured, or were to be, in the order of {@link Tables}
 * @param unmeasured tables that nobody asked for
 */
record LabReport(Environment environment, List<Sheet> sheets, List<Table> unmeasured) {
    /** Reads {@code environment.json} and {@code raw/*.json}. */
    static LabReport read(Path directory) throws IOException {
        Environment environment = Environment.read(directory.resolve("environment.json"));
        Map<String, List<Measurement>> byTable = new HashMap<>();
        Map<String, Path> files = new HashMap<>();
        for (Path file : rawFiles(directory.resolve("raw"))) {
            for (Measurement measurement : Measurements.read(file)) {
                check(measurement, environment.lab(), file);
                Path other = files.putIfAbsent(measurement.place(), file);
                if (other != null) {
                    throw new ReportException(file + ": " + measurement.place() + " is also in " + other);
                }
                byTable.computeIfAbsent(measurement.table(), table -> new ArrayList<>())
                        .add(measurement);
            }
        }
        List<Sheet> sheets = new ArrayList<>();
        List<Table> unmeasured = new ArrayList<>();
        for (Table table : Tables.all()) {
            List<Measurement> measurements = byTable.getOrDefault(table.id(), List.of());
            if (measurements.isEmpty() && !environment.tables().contains(table.id())) {
                unmeasured.add(table);
            } else {
                sheets.add(new Sheet(table, environment, measurements));
            }
        }
        return new LabReport(environment, sheets, unmeasured);
    }

    /** Runs that failed and cells without a run, a sentence each. */
    List<String> problems() {
        return sheets.stream().flatMap(sheet -> sheet.problems().stream()).toList();
    }

    private static List<Path> rawFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static void check(Measurement measurement, Lab lab, Path file) throws ReportException {
        boolean present = Tables.of(measurement.table())
                .flatMap(table -> table.column(measurement.column()))
                .filter(column -> column.labs().contains(lab))
                .isPresent();
        if (!present) {
            throw new ReportException(
                    file + ": " + measurement.place() + ": the lab '" + lab.id() + "' has no such column");
        }
    }
}
