package io.sluice.reproduce;

import io.sluice.report.Measurement;
import io.sluice.report.Outcome;
import io.sluice.report.Table;
import io.sluice.report.Tables;
import java.util.Optional;

/**
 * One measurement that is to be taken: of a cell, in one of its runs.
 *
 * @param sequence its place among all, from 1
 * @param run from 1
 */
record Step(int sequence, Table table, String row, String column, int run) {
    private static final int WORDS = 5;

    /** Cell and run, for people and for marks on a console. */
    String place() {
        return table.id() + " " + row + " " + column + " " + run;
    }

    /** The command that measures it, in a lab. */
    Recipe recipe() {
        return Recipes.of(table, row, column);
    }

    /** Whether a measurement is of this cell and run. */
    boolean isOf(Measurement measurement) {
        return measurement.table().equals(table.id())
                && measurement.row().equals(row)
                && measurement.column().equals(column)
                && measurement.run() == run;
    }

    Measurement measured(Outcome outcome, String command) {
        return new Measurement(table.id(), row, column, run, sequence, outcome, command);
    }

    /** As {@link #parse} reads it. */
    String line() {
        return sequence + " " + place();
    }

    static Step parse(String line) {
        String[] words = line.split(" ", -1);
        Optional<Table> table = words.length == WORDS ? Tables.of(words[1]) : Optional.empty();
        if (table.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + line + "' is no step: expected SEQUENCE TABLE ROW COLUMN RUN, such as 12 a 4K mediated 2");
        }
        return new Step(Integer.parseInt(words[0]), table.get(), words[2], words[3], Integer.parseInt(words[4]));
    }
}
