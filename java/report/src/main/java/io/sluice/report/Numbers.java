package io.sluice.report;

import java.util.Locale;
import java.util.function.DoubleFunction;

/** Numbers as people read them. */
final class Numbers {
    private static final String WIDE = "†";

    private Numbers() {}

    /** Three digits or more: {@code 12,345}, {@code 345.6}, {@code 12.3}, {@code 1.23}, {@code 0.123}. */
    static String value(double value) {
        double size = Math.abs(value);
        // What is rounded up to the next power of ten is written as that one is.
        int decimals = size < 0.9995 ? 3 : size < 9.995 ? 2 : size < 999.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%,." + (size == 0 ? 0 : decimals) + "f", value);
    }

    /** Of a whole: {@code 7.7}. */
    static String percent(double percent) {
        return String.format(Locale.ROOT, "%.1f", percent);
    }

    /** On an axis: {@code 12,000}, {@code 0.5}. */
    static String tick(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : value(value);
    }

    /** Of two values: {@code 0.98}, {@code 14.20}, {@code 0.017}. */
    static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio < 0.0995 ? "%.3f" : "%.2f", ratio);
    }

    /** {@code 78.3 (77.0–80.1) ×5}, with a mark behind the median when it alone says too little. */
    static String summary(Summary summary) {
        return summary(summary, " ", Numbers::value);
    }

    /** The same on two lines. */
    static String cell(Summary summary) {
        return summary(summary, "\n", Numbers::value);
    }

    /** The same on two lines, of ratios. */
    static String ratioCell(Summary summary) {
        return summary(summary, "\n", Numbers::ratio);
    }

    /** What the mark means. */
    static String legend() {
        return "Each cell is the median of its runs, with the lowest and the highest, and how many there were. " + WIDE
                + " marks a cell whose runs are more than 15 % of the median apart: read the range, not the median.";
    }

    /** A unit of a table for people. */
    static String unit(String unit) {
        return unit.equals("us") ? "µs" : unit;
    }

    private static String summary(Summary summary, String separator, DoubleFunction<String> number) {
        return number.apply(summary.median()) + (summary.isWide() ? WIDE : "") + separator + "("
                + number.apply(summary.min()) + "–" + number.apply(summary.max()) + ") ×" + summary.runs();
    }
}
