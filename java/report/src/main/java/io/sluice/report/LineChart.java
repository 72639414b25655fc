package io.sluice.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines over an axis on which every factor has the same length, with whiskers from the lowest to the highest run.
 *
 * @param axis what the rows are
 * @param rows along the axis, rising
 * @param quantity what the values are, with their unit
 */
record LineChart(String title, String subtitle, Axis axis, List<String> rows, String quantity, List<Series> series)
        implements Chart {
    private static final int WIDTH = 760;
    private static final int RIGHT = 24;
    private static final int PLOT_HEIGHT = 320;
    private static final int LEGEND_TOP = 72;
    private static final int LEGEND_LINE = 22;
    private static final int AXIS_TITLE = 22;
    private static final int SAMPLE = 34;
    private static final double ASIDE = 3.5;

    @Override
    public String description() {
        return title + ": " + quantity + " by " + axis.title() + ", a line each for "
                + String.join("; ", series.stream().map(Series::label).toList());
    }

    @Override
    public void draw(Markup svg, Canvas.Style style) {
        int top = LEGEND_TOP + legendLines() * LEGEND_LINE + AXIS_TITLE;
        Canvas canvas = new Canvas(svg, WIDTH, top + PLOT_HEIGHT + 58);
        canvas.begin(title, description(), style);
        canvas.heading(title, 12, 26);
        canvas.note(subtitle + "; thin lines from the lowest to the highest run", 12, 46, "start");
        legend(canvas);
        new Plot(canvas, top, scale()).draw();
        canvas.end();
    }

    private ValueScale scale() {
        return ValueScale.spanning(
                Series.summaries(series).mapToDouble(Summary::min).min().orElseThrow(),
                Series.summaries(series).mapToDouble(Summary::max).max().orElseThrow());
    }

    private int legendLines() {
        return legend(null);
    }

    /** Places the legend, and draws it where there is a canvas; gives its lines. */
    private int legend(@Nullable Canvas canvas) {
        int lines = 1;
        double x = 12;
        for (Series one : series) {
            double width = SAMPLE + 8 + Canvas.width(one.label()) + 18;
            if (x + width > WIDTH && x > 12) {
                x = 12;
                lines++;
            }
            if (canvas != null) {
                double y = LEGEND_TOP + (lines - 1) * LEGEND_LINE;
                canvas.curve(one.ink(), "M" + Canvas.number(x) + " " + y + "h" + SAMPLE);
                canvas.marker(one.ink(), x + SAMPLE / 2.0, y, one.label());
                canvas.text(one.label(), x + SAMPLE + 8, y + 4.5, "start");
            }
            x += width;
        }
        return lines;
    }

    /** What is between the axes, and they. */
    private final class Plot {
        private final Canvas canvas;
        private final double top;
        private final double bottom;
        private final ValueScale scale;
        private final double left;

        Plot(Canvas canvas, double top, ValueScale scale) {
            this.canvas = canvas;
            this.top = top;
            this.bottom = top + PLOT_HEIGHT;
            this.scale = scale;
            this.left = 20
                    + scale.ticks().stream()
                            .map(Numbers::tick)
                            .mapToDouble(Canvas::width)
                            .max()
                            .orElse(0);
        }

        void draw() {
            for (double tick : scale.ticks()) {
                canvas.gridLine(left, y(tick), WIDTH - RIGHT, y(tick));
                canvas.note(Numbers.tick(tick), left - 8, y(tick) + 4.5, "end");
            }
            for (String row : rows) {
                canvas.gridLine(x(row), top, x(row), bottom);
                canvas.note(row, x(row), bottom + 20, "middle");
            }
            canvas.axisLine(left, bottom, WIDTH - RIGHT, bottom);
            canvas.note(axis.title(), (left + WIDTH - RIGHT) / 2.0, bottom + 44, "middle");
            canvas.note(quantity + (scale.logarithmic() ? ", logarithmic" : ""), 12, top - 16, "start");
            for (int i = 0; i < series.size(); i++) {
                line(series.get(i), (i - (series.size() - 1) / 2.0) * ASIDE);
            }
        }

        /** In one piece, but for rows that have no figure; the whiskers a little aside, so that they do not cover each other. */
        private void line(Series one, double aside) {
            StringBuilder path = new StringBuilder();
            int last = -1;
            for (Series.Point point : one.points()) {
                int row = rows.indexOf(point.row());
                path.append(last >= 0 && row == last + 1 ? "L" : "M")
                        .append(Canvas.number(x(point.row())))
                        .append(' ')
                        .append(Canvas.number(y(point.summary().median())));
                last = row;
            }
            canvas.curve(one.ink(), path.toString());
            for (Series.Point point : one.points()) {
                double x = x(point.row());
                Summary summary = point.summary();
                canvas.whisker(one.ink(), x + aside, y(summary.min()), x + aside, y(summary.max()));
                canvas.marker(
                        one.ink(),
                        x,
                        y(summary.median()),
                        one.label() + ", " + point.row() + ": " + Numbers.summary(summary));
            }
        }

        private double y(double value) {
            return bottom - scale.place(value) * PLOT_HEIGHT;
        }

        private double x(String row) {
            double first = Math.log(Rows.value(rows.get(0)));
            double last = Math.log(Rows.value(rows.get(rows.size() - 1)));
            double place = (Math.log(Rows.value(row)) - first) / (last - first);
            double inset = 22;
            return left + inset + place * (WIDTH - RIGHT - left - 2 * inset);
        }
    }
}
