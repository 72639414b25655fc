package io.sluice.report;

import java.util.Arrays;
import java.util.Locale;

/**
 * Draws on an svg element. Colours are attributes, for a light ground; the classes beside them are what a style sheet for a dark ground needs, which a chart
 * drawn by a library for Java's own graphics would not have.
 */
final class Canvas {
    static final int FONT_PIXELS = 13;

    /** Wide: what a character of the widest usual font takes on average. */
    private static final double CHARACTER = 0.64;

    /** Where an svg element stands, and so where its style sheet is. */
    enum Style {
        /** In a page that has {@link #dark()}. */
        OF_PAGE,
        /** Brings its own, and its own ground. */
        OWN,
        /** For a rasteriser: light, with a ground. */
        NONE
    }

    private final Markup svg;
    private final int width;
    private final int height;

    Canvas(Markup svg, int width, int height) {
        this.svg = svg;
        this.width = width;
        this.height = height;
    }

    /** Begins the element. */
    void begin(String title, String description, Style style) {
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + width + " " + height,
                "width",
                String.valueOf(width),
                "height",
                String.valueOf(height),
                "role",
                "img",
                "font-family",
                // The rasteriser takes the first name alone: Java's own for a font that is there.
                style == Style.NONE ? "SansSerif" : "system-ui, -apple-system, Helvetica, Arial, sans-serif",
                "font-size",
                String.valueOf(FONT_PIXELS));
        svg.leaf("title", title).leaf("desc", description);
        if (style == Style.OWN) {
            svg.leaf("style", "@media (prefers-color-scheme: dark) {\n" + dark() + "}");
        }
        if (style != Style.OF_PAGE) {
            svg.empty("rect", "width", "100%", "height", "100%", "fill", "#ffffff", "class", "c-ground");
        }
    }

    /** Ends the element. */
    void end() {
        svg.close();
    }

    void heading(String text, double x, double y) {
        svg.leaf("text", text, at(x, y, "start", "c-text", "#1c1c1c", "font-size", "16", "font-weight", "bold"));
    }

    /** @param anchor start, middle or end: what of the text is at the place */
    void text(String text, double x, double y, String anchor) {
        svg.leaf("text", text, at(x, y, anchor, "c-text", "#1c1c1c"));
    }

    void strong(String text, double x, double y) {
        svg.leaf("text", text, at(x, y, "start", "c-text", "#1c1c1c", "font-weight", "bold"));
    }

    void note(String text, double x, double y, String anchor) {
        svg.leaf("text", text, at(x, y, anchor, "c-note", "#555555"));
    }

    void gridLine(double x1, double y1, double x2, double y2) {
        svg.empty("path", "d", line(x1, y1, x2, y2), "stroke", "#dddddd", "fill", "none", "class", "c-grid");
    }

    void axisLine(double x1, double y1, double x2, double y2) {
        svg.empty("path", "d", line(x1, y1, x2, y2), "stroke", "#666666", "fill", "none", "class", "c-axis");
    }

    /** A thin line, for the lowest and the highest. */
    void whisker(Ink ink, double x1, double y1, double x2, double y2) {
        svg.empty(
                "path",
                "d",
                line(x1, y1, x2, y2),
                "stroke",
                ink.onLight(),
                "fill",
                "none",
                "stroke-width",
                "1.5",
                "class",
                "c-stroke-" + ink.id());
    }

    /** The same over what has the ink's own colour. */
    void whiskerOverBar(double x1, double y1, double x2, double y2) {
        svg.empty(
                "path",
                "d",
                line(x1, y1, x2, y2),
                "stroke",
                "#1c1c1c",
                "fill",
                "none",
                "stroke-width",
                "1.5",
                "class",
                "c-over");
    }

    /** @param path of SVG */
    void curve(Ink ink, String path) {
        if (ink.dashes().isEmpty()) {
            svg.empty("path", curveAttributes(ink, path));
        } else {
            svg.empty("path", concat(curveAttributes(ink, path), "stroke-dasharray", ink.dashes()));
        }
    }

    void marker(Ink ink, double x, double y, String hint) {
        svg.open("path", "d", ink.marker().at(x, y), "fill", ink.onLight(), "class", "c-fill-" + ink.id());
        svg.leaf("title", hint).close();
    }

    void bar(Ink ink, double x, double y, double barWidth, double barHeight, String hint) {
        svg.open(
                "rect",
                "x",
                number(x),
                "y",
                number(y),
                "width",
                number(barWidth),
                "height",
                number(barHeight),
                "fill",
                ink.onLight(),
                "class",
                "c-fill-" + ink.id());
        svg.leaf("title", hint).close();
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** At least how wide a text is, pixels. */
    static double width(String text) {
        return text.length() * FONT_PIXELS * CHARACTER;
    }

    /** The rules of a style sheet that make charts fit a dark ground. */
    static String dark() {
        StringBuilder rules = new StringBuilder("""
                .c-ground { fill: #15181c }
                .c-text { fill: #ececec }
                .c-note { fill: #b4b9c0 }
                .c-grid { stroke: #343a41 }
                .c-axis { stroke: #8d949c }
                .c-over { stroke: #ffffff }
                """);
        for (Ink ink : Ink.values()) {
            rules.append(".c-stroke-")
                    .append(ink.id())
                    .append(" { stroke: ")
                    .append(ink.onDark())
                    .append(" }\n");
            rules.append(".c-fill-")
                    .append(ink.id())
                    .append(" { fill: ")
                    .append(ink.onDark())
                    .append(" }\n");
        }
        return rules.toString();
    }

    private static String line(double x1, double y1, double x2, double y2) {
        return "M" + number(x1) + " " + number(y1) + "L" + number(x2) + " " + number(y2);
    }

    private static String[] curveAttributes(Ink ink, String path) {
        return new String[] {
            "d",
            path,
            "stroke",
            ink.onLight(),
            "stroke-width",
            "2",
            "stroke-linejoin",
            "round",
            "fill",
            "none",
            "class",
            "c-stroke-" + ink.id()
        };
    }

    private static String[] at(double x, double y, String anchor, String style, String fill, String... more) {
        return concat(
                new String[] {"x", number(x), "y", number(y), "text-anchor", anchor, "fill", fill, "class", style},
                more);
    }

    private static String[] concat(String[] some, String... more) {
        String[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
