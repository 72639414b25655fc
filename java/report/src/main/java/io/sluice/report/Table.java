package io.sluice.report;

import java.util.List;
import java.util.Optional;

/**
 * A table that is measured: what its rows and columns are and which of its columns the others are compared with. All else (pages, charts, the list of
 * what to run) follows from it.
 *
 * @param id its name in measurements and files
 * @param selection the name by which a run asks for it; tables of one name are measured together
 * @param title for people
 * @param unit of all its values: {@code MB/s} (10^6 bytes), {@code MiB/s}, {@code us} or {@code ns}
 * @param quantity for people: what the values are, without the unit
 * @param higherIsBetter false when lower is
 * @param axis what the rows are
 * @param rows their names, from the top; of a block size or a depth also its value
 * @param columns from the left
 * @param references columns that ratios are given to, the most important first; those that a lab does not have are passed over
 */
public record Table(
        String id,
        String selection,
        String title,
        String unit,
        String quantity,
        boolean higherIsBetter,
        Axis axis,
        List<String> rows,
        List<Column> columns,
        List<String> references) {
    public Table {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        references = List.copyOf(references);
    }

    /** Columns that a lab has, from the left. */
    public List<Column> columns(Lab lab) {
        return columns.stream().filter(column -> column.labs().contains(lab)).toList();
    }

    /** The column of a name. */
    public Optional<Column> column(String columnId) {
        return columns.stream().filter(column -> column.id().equals(columnId)).findFirst();
    }

    /** Columns that the others are compared with in a lab, the most important first. */
    public List<Column> references(Lab lab) {
        return references.stream()
                .flatMap(reference -> column(reference).stream())
                .filter(column -> column.labs().contains(lab))
                .toList();
    }
}
