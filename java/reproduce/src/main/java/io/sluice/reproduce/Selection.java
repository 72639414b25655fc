package io.sluice.reproduce;

import io.sluice.report.Table;
import io.sluice.report.Tables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a user wants to be measured: tables, and of each all rows or some.
 *
 * @param rows of each table, in the order of both
 */
record Selection(Map<Table, Set<String>> rows) {
    /**
     * Reads what was typed.
     *
     * @param words {@code a}, or {@code a:4K,128K} for some rows of it; none for all tables
     * @throws IllegalArgumentException when there is no such table or row; says which there are
     */
    static Selection of(Collection<String> words) {
        Map<Table, Set<String>> chosen = new LinkedHashMap<>();
        for (String word : words) {
            int colon = word.indexOf(':');
            String name = colon < 0 ? word : word.substring(0, colon);
            List<Table> tables = Tables.selected(name);
            if (tables.isEmpty()) {
                throw new IllegalArgumentException("there is no table '" + name + "': expected "
                        + Tables.all().stream().map(Table::selection).distinct().collect(Collectors.joining(", ")));
            }
            if (colon < 0) {
                tables.forEach(table -> add(chosen, table, table.rows()));
            } else {
                for (String row : word.substring(colon + 1).split(",", -1)) {
                    add(chosen, tables, row);
                }
            }
        }
        if (chosen.isEmpty()) {
            Tables.all().forEach(table -> add(chosen, table, table.rows()));
        }
        return new Selection(chosen);
    }

    private static void add(Map<Table, Set<String>> chosen, List<Table> tables, String row) {
        List<Table> having =
                tables.stream().filter(table -> table.rows().contains(row)).toList();
        if (having.isEmpty()) {
            throw new IllegalArgumentException("table " + tables.get(0).selection() + " has no row '" + row
                    + "': expected "
                    + tables.stream().flatMap(table -> table.rows().stream()).collect(Collectors.joining(", ")));
        }
        having.forEach(table -> add(chosen, table, List.of(row)));
    }

    private static void add(Map<Table, Set<String>> chosen, Table table, List<String> rows) {
        chosen.computeIfAbsent(table, ignored -> new LinkedHashSet<>()).addAll(rows);
    }

    List<Table> tables() {
        return new ArrayList<>(rows.keySet());
    }

    boolean has(Step step) {
        return rows.getOrDefault(step.table(), Set.of()).contains(step.row());
    }

    /** Rows of its tables that it does not have, such as {@code d randwrite}. */
    List<String> others() {
        List<String> others = new ArrayList<>();
        rows.forEach((table, wanted) -> table.rows().stream()
                .filter(row -> !wanted.contains(row))
                .forEach(row -> others.add(table.id() + " " + row)));
        return others;
    }
}
