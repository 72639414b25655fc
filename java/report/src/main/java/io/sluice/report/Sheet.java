package io.sluice.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A table with what was measured in one lab. */
final class Sheet {
    private static final Cell EMPTY = Cell.of(List.of());

    private final Table table;
    private final Lab lab;
    private final Map<Place, Cell> cells;

    private record Place(String row, String column) {}

    Sheet(Table table, Lab lab, List<Measurement> measurements) {
        this.table = table;
        this.lab = lab;
        this.cells = measurements.stream()
                .collect(Collectors.groupingBy(
                        measurement -> new Place(measurement.row(), measurement.column()),
                        Collectors.collectingAndThen(Collectors.toList(), Cell::of)));
    }

    Table table() {
        return table;
    }

    Lab lab() {
        return lab;
    }

    Cell cell(String row, String column) {
        return cells.getOrDefault(new Place(row, column), EMPTY);
    }

    /** Columns of the table that the lab has, from the left. */
    List<Column> columns() {
        return table.columns(lab);
    }

    /** Names of details that any cell has and that pass a test, in order. */
    List<String> details(Predicate<String> test) {
        return cells.values().stream()
                .flatMap(Cell::details)
                .filter(test)
                .distinct()
                .sorted()
                .toList();
    }

    /** Runs that failed and cells without a run, a sentence each, by row and column. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (String row : table.rows()) {
            for (Column column : columns()) {
                Cell cell = cell(row, column.id());
                String place = "table " + table.id() + ", row " + row + ", column " + column.id();
                cell.failures()
                        .forEach(
                                (run, failure) -> problems.add(place + ": run " + run + " failed: " + failure.error()));
                if (cell.isMissing()) {
                    problems.add(place + ": not measured");
                }
            }
        }
        return problems;
    }
}
