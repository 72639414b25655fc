package io.sluice.reproduce;

import io.sluice.report.Column;
import io.sluice.report.Lab;
import io.sluice.report.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which steps there are, in which order. Within a run and row the columns come one directly after the other, and each run and row begins with another column, so that what
 * changes while time passes meets all of them.
 *
 * @param steps all of them
 */
record Plan(List<Step> steps) {
    Plan {
        steps = List.copyOf(steps);
    }

    /** The steps of tables in a lab. */
    static Plan of(List<Table> tables, Lab lab, int runs) {
        List<Step> steps = new ArrayList<>();
        for (Table table : tables) {
            for (int run = 1; run <= runs; run++) {
                int rotation = run - 1;
                for (String row : table.rows()) {
                    for (String column : rotated(table.columns(lab), rotation++)) {
                        steps.add(new Step(steps.size() + 1, table, row, column, run));
                    }
                }
            }
        }
        return new Plan(steps);
    }

    private static List<String> rotated(List<Column> columns, int by) {
        List<String> ids = new ArrayList<>(columns.stream().map(Column::id).toList());
        Collections.rotate(ids, -by);
        return ids;
    }

    /** Without steps of some kind. */
    Plan without(Predicate<Step> kind) {
        return new Plan(steps.stream().filter(kind.negate()).toList());
    }

    /** What is taken together, in one boot of a guest or one process: the steps of a table, or, where each is to have a fresh one, a step. */
    List<List<Step>> together(boolean fresh) {
        List<List<Step>> groups = new ArrayList<>();
        for (Step step : steps) {
            List<Step> last = groups.isEmpty() ? List.of() : groups.get(groups.size() - 1);
            if (fresh || last.isEmpty() || !last.get(0).table().equals(step.table())) {
                groups.add(new ArrayList<>());
            }
            groups.get(groups.size() - 1).add(step);
        }
        return groups;
    }
}
