package io.sluice.report;

import java.util.List;

/**
 * Bars that lie, each with its name before and its value behind it; a group for each row. With a single series, a bar for each row.
 *
 * @param rows of the table, from the top
 * @param quantity what the values are, with their unit
 */
record BarChart(String title, String subtitle, List<String> rows, String quantity, List<Series> series)
        implements Chart {
    private static final int WIDTH = 760;
    private static final int TOP = 66;
    private static final int BAR = 17;
    private static final int PITCH = 22;
    private static final int GROUP_HEAD = 22;
    private static final int GROUP_GAP = 12;

    @Override
    public String description() {
        return title + ": " + quantity + ", bars for "
                + String.join(
                        "; ", (grouped() ? series.stream().map(Series::label).toList() : rows))
                + (grouped() ? ", each for " + String.join(", ", rows) : "");
    }

    @Override
    public void draw(Markup svg, Canvas.Style style) {
        int bars = series.stream().mapToInt(one -> one.points().size()).sum();
        int bottom = TOP + bars * PITCH + (grouped() ? rows.size() * (GROUP_HEAD + GROUP_GAP) : GROUP_GAP);
        Canvas canvas = new Canvas(svg, WIDTH, bottom + 52);
        canvas.begin(title, description(), style);
        canvas.heading(title, 12, 26);
        canvas.note(subtitle + "; thin lines from the lowest to the highest run", 12, 46, "start");
        ValueScale scale = ValueScale.linear(
                Series.summaries(series).mapToDouble(Summary::max).max().orElseThrow());
        Bars drawn = new Bars(canvas, scale);
        drawn.axis(bottom);
        double y = TOP;
        for (String row : rows) {
            if (grouped()) {
                canvas.strong(row, 12, y + 14);
                y += GROUP_HEAD;
            }
            for (Series one : series) {
                for (Series.Point point : one.points()) {
                    if (point.row().equals(row)) {
                        drawn.bar(one, point, grouped() ? one.label() : row, y);
                        y += PITCH;
                    }
                }
            }
            y += grouped() ? GROUP_GAP : 0;
        }
        canvas.end();
    }

    private boolean grouped() {
        return series.size() > 1;
    }

    private double left() {
        List<String> names = grouped() ? series.stream().map(Series::label).toList() : rows;
        return 24 + names.stream().mapToDouble(Canvas::width).max().orElse(0);
    }

    /** Room for the values behind the longest bar. */
    private double valueWidth() {
        return 12
                + Series.summaries(series)
                        .map(Numbers::summary)
                        .mapToDouble(Canvas::width)
                        .max()
                        .orElse(0);
    }

    /** Bars on their axis. */
    private final class Bars {
        private final Canvas canvas;
        private final ValueScale scale;
        private final double left = left();
        private final double right = WIDTH - valueWidth();

        Bars(Canvas canvas, ValueScale scale) {
            this.canvas = canvas;
            this.scale = scale;
        }

        void axis(double bottom) {
            for (double tick : scale.ticks()) {
                canvas.gridLine(x(tick), TOP - 6, x(tick), bottom);
                canvas.note(Numbers.tick(tick), x(tick), bottom + 18, "middle");
            }
            canvas.axisLine(left, TOP - 6, left, bottom);
            canvas.note(quantity, (left + right) / 2, bottom + 40, "middle");
        }

        void bar(Series one, Series.Point point, String name, double y) {
            Summary summary = point.summary();
            double middle = y + BAR / 2.0;
            canvas.text(name, left - 8, middle + 4.5, "end");
            canvas.bar(
                    one.ink(),
                    left,
                    y,
                    x(summary.median()) - left,
                    BAR,
                    name + ", " + point.row() + ": " + Numbers.summary(summary));
            canvas.whiskerOverBar(x(summary.min()), middle, x(summary.max()), middle);
            canvas.note(Numbers.summary(summary), x(summary.max()) + 6, middle + 4.5, "start");
        }

        private double x(double value) {
            return left + scale.place(value) * (right - left);
        }
    }
}
