package io.sluice.report;

import java.util.Locale;

/** The shape of a point on a line, about ten pixels wide. */
enum Marker {
    CIRCLE("m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z"),
    SQUARE("m-4 -4h8v8h-8z"),
    TRIANGLE("m0 -5.5l5 9h-10z"),
    POINT_DOWN("m0 5.5l5 -9h-10z"),
    DIAMOND("m0 -5.8l5.2 5.8l-5.2 5.8l-5.2 -5.8z"),
    CROSS("m-5 -3l2 -2l3 3l3 -3l2 2l-3 3l3 3l-2 2l-3 -3l-3 3l-2 -2l3 -3z");

    private final String outline;

    Marker(String outline) {
        this.outline = outline;
    }

    /** A path of SVG around a point. */
    String at(double x, double y) {
        return String.format(Locale.ROOT, "M%.1f %.1f%s", x, y, outline);
    }
}
