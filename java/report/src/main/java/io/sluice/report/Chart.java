package io.sluice.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A picture of a sheet. */
sealed interface Chart permits LineChart, BarChart {
    /** For those who do not see it. */
    String description();

    /** Draws it as an svg element. */
    void draw(Markup svg, Canvas.Style style);

    /** The chart that fits a sheet: lines where rows are places on an axis, bars where they are names; none where nothing was measured. */
    static Optional<Chart> of(Sheet sheet) {
        Table table = sheet.table();
        String title = "Table " + table.id() + ": " + table.title();
        String quantity = table.quantity() + " (" + Numbers.unit(table.unit()) + ")";
        String subtitle =
                "lab " + sheet.lab().id() + "; " + (table.higherIsBetter() ? "higher" : "lower") + " is better";
        List<Series> series = new ArrayList<>();
        for (Column column : sheet.columns()) {
            List<Series.Point> points = table.rows().stream()
                    .flatMap(row -> sheet.cell(row, column.id()).summary().stream()
                            .map(summary -> new Series.Point(row, summary)))
                    .toList();
            if (!points.isEmpty()) {
                series.add(new Series(column.label(), column.ink(), points));
            }
        }
        if (series.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                table.axis().ordered()
                        ? new LineChart(title, subtitle, table.axis(), table.rows(), quantity, series)
                        : new BarChart(title, subtitle, table.rows(), quantity, series));
    }
}
