package io.sluice.cli;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers for people. Sizes, rates and seconds are written as dd writes them, since people (and scripts) know them so. */
final class HumanSize {
    private static final String DECIMAL_PREFIXES = " kMGTPE";
    private static final String BINARY_PREFIXES = " KMGTPE";
    private static final String TIME_UNITS = "nums";
    private static final double NANOS_PER_SECOND = 1e9;

    private HumanSize() {}

    /** Powers of 1000: {@code 1.0 MB}, {@code 42 GB}. */
    static String decimal(long bytes) {
        return spaced(scaled(bytes, 1000, DECIMAL_PREFIXES), "B");
    }

    /** Powers of 1024: {@code 1.0 MiB}, {@code 42 GiB}. */
    static String binary(long bytes) {
        return spaced(scaled(bytes, 1024, BINARY_PREFIXES), "iB");
    }

    /** Whether the size in words would only repeat the number of bytes. */
    static boolean isPlain(String size) {
        return size.charAt(size.length() - 2) == ' ';
    }

    /** {@code 873 MB/s}; {@code Infinity B/s} when it took no time. */
    static String rate(long bytes, long nanos) {
        if (nanos <= 0) {
            return "Infinity B/s";
        }
        double perSecond = bytes * NANOS_PER_SECOND / nanos;
        return (perSecond < 10 ? Decimals.fixed(perSecond, 1) + " B" : decimal(Math.round(perSecond))) + "/s";
    }

    /** {@code 873}, {@code 12k}, {@code 1.2M}: at most four characters, for counts in narrow columns. */
    static String brief(long count) {
        return scaled(count, 1000, DECIMAL_PREFIXES).strip();
    }

    /** {@code 4K}, {@code 1.5G} of powers of 1024, in the same way. */
    static String briefBinary(long bytes) {
        return scaled(bytes, 1024, BINARY_PREFIXES).strip().replace(".0", "");
    }

    /** A time with its unit, {@code 873n}, {@code 9.1u}, {@code 12m}, {@code 1.2s}, from nanoseconds. */
    static String briefTime(long nanos) {
        return scaled(nanos, 1000, TIME_UNITS);
    }

    /** Three significant digits: {@code 873}, {@code 98.7k}, {@code 1.23M}. */
    static String threeDigits(double value) {
        double left = value;
        int power = 0;
        // What would be rounded up to the next power belongs to it.
        while (left >= 999.5 && power < DECIMAL_PREFIXES.length() - 1) {
            left /= 1000;
            power++;
        }
        int decimals = power == 0 || left >= 99.95 ? 0 : left >= 9.995 ? 1 : 2;
        return Decimals.fixed(left, decimals) + (power == 0 ? "" : DECIMAL_PREFIXES.charAt(power));
    }

    /** Seconds with six significant digits, as C's {@code %g} writes them. */
    static String seconds(long nanos) {
        if (nanos == 0) {
            return "0";
        }
        BigDecimal value =
                BigDecimal.valueOf(nanos, 9).round(new MathContext(6)).stripTrailingZeros();
        int exponent = value.precision() - value.scale() - 1;
        if (exponent >= -4 && exponent < 6) {
            return value.toPlainString();
        }
        String digits = value.unscaledValue().toString();
        return digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e"
                + (exponent < 0 ? '-' : '+') + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    private static String spaced(String scaled, String unit) {
        int last = scaled.length() - 1;
        String number = scaled.substring(0, last);
        return scaled.charAt(last) == ' ' ? number + " B" : number + " " + scaled.charAt(last) + unit;
    }

    // With a letter for the power of the base behind it. Whole number arithmetic and rounding to nearest (ties to
    // even), one decimal below 10: what dd's gnulib does, to
    // the digit.
    private static String scaled(long amount, int base, String prefixes) {
        long whole = amount;
        int tenths = 0;
        int beyond = 0; // what lies behind the tenths: 0 nothing, 1 less than half, 2 half, 3 more than half
        int power = 0;
        boolean fraction = false;
        while (whole >= base && power < prefixes.length() - 1) {
            int tenfold = (int) (whole % base) * 10 + tenths;
            int twofold = tenfold % base * 2 + (beyond >> 1);
            whole /= base;
            tenths = tenfold / base;
            beyond = twofold < base ? (twofold + beyond != 0 ? 1 : 0) : (base < twofold + beyond ? 3 : 2);
            power++;
        }
        if (power > 0 && whole < 10) {
            if (beyond + (tenths & 1) > 2) {
                tenths++;
                if (tenths == 10) {
                    whole++;
                    tenths = 0;
                }
            }
            beyond = 0;
            fraction = whole < 10;
        }
        if (!fraction && tenths + (beyond + (whole & 1) > 0 ? 1 : 0) > 5) {
            whole++;
            tenths = 0;
            if (whole == base && power < prefixes.length() - 1) {
                whole = 1;
                power++;
                fraction = true;
            }
        }
        String number = fraction ? whole + "." + tenths : Long.toString(whole);
        return number + prefixes.charAt(power);
    }
}
