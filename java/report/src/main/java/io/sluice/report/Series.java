package io.sluice.report;

import java.util.List;
import java.util.stream.Stream;

/**
 * A column of a chart.
 *
 * @param points one at least
 */
record Series(String label, Ink ink, List<Point> points) {
    /** What a row came to. */
    record Point(String row, Summary summary) {}

    /** All that has to have room on the axis of some series. */
    static Stream<Summary> summaries(List<Series> series) {
        return series.stream().flatMap(one -> one.points.stream()).map(Point::summary);
    }
}
