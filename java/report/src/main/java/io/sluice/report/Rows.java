package io.sluice.report;

/** Names of rows that are numbers. */
final class Rows {
    private Rows() {}

    /** {@code 128K} is 131072. */
    static double value(String row) {
        long unit = row.endsWith("K") ? 1 << 10 : row.endsWith("M") ? 1 << 20 : 1;
        return Double.parseDouble(unit == 1 ? row : row.substring(0, row.length() - 1)) * unit;
    }
}
