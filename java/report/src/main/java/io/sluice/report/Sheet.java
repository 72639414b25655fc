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
    private final Environment environment;
    private final Map<Place, Cell> cells;

    private record Place(String row, String column) {}

    Sheet(Table table, Environment environment, List<Measurement> measurements) {
        this.table = table;
        this.environment = environment;
        this.cells = measurements.stream()
                .collect(Collectors.groupingBy(
                        measurement -> new Place(measurement.row(), measurement.column()),
                        Collectors.collectingAndThen(Collectors.toList(), Cell::of)));
    }

    Table table() {
        return table;
    }

    Lab lab() {
        return environment.lab();
    }

    Cell cell(String row, String column) {
        return cells.getOrDefault(new Place(row, column), EMPTY);
    }

    /** Whether a cell has no run though it was to have some. */
    boolean isMissing(String row, String column) {
        return cell(row, column).isMissing() && !environment.leavesOut(table, row);
    }

    /** Columns of the table that the lab has, from the left. */
    List<Column> columns() {
        return table.columns(lab());
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

    /** What a user types to measure it again. */
    String command() {
        String where = switch (lab()) {
            case GUEST -> "";
            case EMULATED -> "--lab emulated ";
            case DEVICE -> "--device ADDRESS ";
        };
        return "scripts/reproduce " + (environment.quick() ? "--quick " : "") + where + table.selection();
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
                if (isMissing(row, column.id())) {
                    problems.add(place + ": not measured");
                }
            }
        }
        return problems;
    }
}
