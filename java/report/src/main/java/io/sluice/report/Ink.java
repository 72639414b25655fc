package io.sluice.report;

import java.util.Locale;

/**
 * What a chart draws a column with. Colours keep apart for colour-blind eyes, by lightness where hue does not tell; and in lines also markers and dashes
 * do.
 */
public enum Ink {
    BLACK("#2f2f2f", "#ececec", Marker.CIRCLE, ""),
    GREY("#6a6a6a", "#b0b0b0", Marker.SQUARE, "8 3"),
    SILVER("#949494", "#7c7c7c", Marker.DIAMOND, "3 3"),
    BLUE("#0072b2", "#56b4e9", Marker.SQUARE, ""),
    ORANGE("#d55e00", "#ff8c42", Marker.TRIANGLE, "7 4"),
    GREEN("#009e73", "#2fd0a0", Marker.DIAMOND, "6 5"),
    PURPLE("#c0609a", "#e8a0cc", Marker.POINT_DOWN, "2 4"),
    YELLOW("#b37400", "#f2c14e", Marker.CROSS, "10 3 2 3");

    private final String onLight;
    private final String onDark;
    private final Marker marker;
    private final String dashes;

    Ink(String onLight, String onDark, Marker marker, String dashes) {
        this.onLight = onLight;
        this.onDark = onDark;
        this.marker = marker;
        this.dashes = dashes;
    }

    String onLight() {
        return onLight;
    }

    String onDark() {
        return onDark;
    }

    Marker marker() {
        return marker;
    }

    /** As SVG's stroke-dasharray has them; empty for a line in one piece. */
    String dashes() {
        return dashes;
    }

    /** What style sheets call it. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
