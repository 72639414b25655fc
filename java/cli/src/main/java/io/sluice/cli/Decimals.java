package io.sluice.cli;

/** Fixed-point numbers as text. {@link String#format} would do, at a thousand times the cost in a JVM that has just started. */
final class Decimals {
    private Decimals() {}

    /** {@code 1234.5}. */
    static String fixed(double value, int decimals) {
        return text(value, decimals, false);
    }

    /** {@code 1,234.5}. */
    static String grouped(double value, int decimals) {
        return text(value, decimals, true);
    }

    /** {@code 1,234}. */
    static String grouped(long value) {
        StringBuilder text = new StringBuilder(Long.toString(value));
        for (int i = text.length() - 3; i > (value < 0 ? 1 : 0); i -= 3) {
            text.insert(i, ',');
        }
        return text.toString();
    }

    private static String text(double value, int decimals, boolean grouping) {
        long scale = 1;
        for (int i = 0; i < decimals; i++) {
            scale *= 10;
        }
        long scaled = Math.round(Math.abs(value) * scale);
        StringBuilder text = new StringBuilder(24);
        if (decimals > 0) {
            long fraction = scaled % scale;
            for (int i = 0; i < decimals; i++, fraction /= 10) {
                text.append((char) ('0' + fraction % 10));
            }
            text.append('.');
        }
        long whole = scaled / scale;
        int digits = 0;
        do {
            if (grouping && digits > 0 && digits % 3 == 0) {
                text.append(',');
            }
            text.append((char) ('0' + whole % 10));
            whole /= 10;
            digits++;
        } while (whole > 0);
        if (value < 0 && scaled > 0) {
            text.append('-');
        }
        return text.reverse().toString();
    }
}
