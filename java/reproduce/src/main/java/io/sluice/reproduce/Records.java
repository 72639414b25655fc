package io.sluice.reproduce;

import io.sluice.report.Measurement;
import io.sluice.report.Measurements;
import io.sluice.report.Outcome;
import io.sluice.report.Table;
import io.sluice.report.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was measured so far, in files: one for each table, written again with each measurement, so that nothing is lost when the command ends in between. */
final class Records {
    private final Path directory;
    private final Map<String, List<Measurement>> tables = new HashMap<>();

    /** Reads what is there. */
    Records(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
        for (Table table : Tables.all()) {
            Path file = file(table.id());
            tables.put(table.id(), new ArrayList<>(Files.exists(file) ? Measurements.read(file) : List.of()));
        }
    }

    private Path file(String table) {
        return directory.resolve(table + ".json");
    }

    /** Whether there is a figure for a step; a failure is none. */
    boolean has(Step step) {
        return tables.get(step.table().id()).stream()
                .anyMatch(measurement -> step.isOf(measurement) && measurement.outcome() instanceof Outcome.Value);
    }

    /** Keeps a measurement, in place of one of the same cell and run. */
    void add(Measurement measurement) throws IOException {
        List<Measurement> all = tables.get(measurement.table());
        all.removeIf(other -> other.row().equals(measurement.row())
                && other.column().equals(measurement.column())
                && other.run() == measurement.run());
        all.add(measurement);
        Measurements.write(file(measurement.table()), all);
    }

    boolean isEmpty() {
        return tables.values().stream().allMatch(List::isEmpty);
    }

    /** Of the steps, those without a figure, each with the reason. */
    List<String> missing(List<Step> steps) {
        List<String> missing = new ArrayList<>();
        for (Step step : steps) {
            if (!has(step)) {
                missing.add("table " + step.table().id() + ", row " + step.row() + ", column " + step.column()
                        + ", run " + step.run() + ": " + reason(step));
            }
        }
        return missing;
    }

    private String reason(Step step) {
        return tables.get(step.table().id()).stream()
                .filter(step::isOf)
                .map(measurement -> measurement.outcome() instanceof Outcome.Failure failure ? failure.error() : "")
                .findFirst()
                .orElse("was not measured");
    }
}
