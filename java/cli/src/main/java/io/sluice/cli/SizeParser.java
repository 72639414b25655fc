package io.sluice.cli;

import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads sizes and counts as dd writes them: {@code 4k}, {@code 1MB} (10^6), {@code 1M} or {@code 1MiB} (2^20), {@code 2x512}; the
 * suffixes are c 1, w 2, b 512, and k K M G T P E.
 */
final class SizeParser implements ITypeConverter<Long> {
    private static final String SMALL_UNITS = "Bcwb";
    private static final int[] SMALL_UNIT_BYTES = {1, 1, 2, 512};
    private static final String PREFIXES = "KMGTPE";

    @Override
    public Long convert(String text) {
        return parse(text).stream()
                .boxed()
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is no size: expected a number such as 4096, 4k, 1M or 2x512"));
    }

    /** The number; empty when the text is none or it does not fit into 63 bits. */
    static OptionalLong parse(String text) {
        long product = 1;
        for (int start = 0; start <= text.length(); ) {
            int end = text.indexOf('x', start);
            if (end < 0) {
                end = text.length();
            }
            long factor = factor(text, start, end);
            if (factor < 0 || (product != 0 && factor > Long.MAX_VALUE / product)) {
                return OptionalLong.empty();
            }
            product *= factor;
            start = end + 1;
        }
        return OptionalLong.of(product);
    }

    private static long factor(String text, int start, int end) {
        int digits = start;
        while (digits < end && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == start || digits - start > 19) {
            return -1;
        }
        long number = 0;
        for (int i = start; i < digits; i++) {
            int digit = text.charAt(i) - '0';
            if (number > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            number = number * 10 + digit;
        }
        long unit = unit(text.substring(digits, end));
        return unit < 0 || number > Long.MAX_VALUE / unit ? -1 : number * unit;
    }

    private static long unit(String suffix) {
        if (suffix.isEmpty()) {
            return 1;
        }
        int small = SMALL_UNITS.indexOf(suffix.charAt(0));
        if (small >= 0) {
            return suffix.length() == 1 || (small > 0 && suffix.equals(suffix.charAt(0) + "B"))
                    ? SMALL_UNIT_BYTES[small]
                    : -1;
        }
        int power = 1 + PREFIXES.indexOf(suffix.charAt(0) == 'k' ? 'K' : suffix.charAt(0));
        if (power == 0) {
            return -1;
        }
        return switch (suffix.substring(1)) {
            case "", "iB" -> 1L << (10 * power);
            case "B" -> decimal(power);
            default -> -1;
        };
    }

    private static long decimal(int power) {
        long unit = 1;
        for (int i = 0; i < power; i++) {
            unit *= 1000;
        }
        return unit;
    }
}
