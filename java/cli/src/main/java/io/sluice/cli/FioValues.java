package io.sluice.cli;

import io.sluice.cli.FioSections.Setting;
import io.sluice.tester.Sizes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads values as fio writes them. */
final class FioValues {
    private static final Pattern NUMBER = Pattern.compile("(0x[0-9a-f]{1,16}|[0-9]{1,19})([a-z]*)");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,12})(d|h|m|s|ms|msec|us|usec|ns|nsec|)");
    private static final String PREFIXES = "kmgtpe";
    private static final int WHOLE = 100;

    private FioValues() {}

    /** A number of bytes: {@code 4k} = 4096, {@code 4ki} = 4000, as fio has it unless told otherwise. */
    static long bytes(Setting setting) throws FioException {
        return bytes(setting, setting.value());
    }

    static long bytes(Setting setting, String text) throws FioException {
        Matcher matcher = NUMBER.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw setting.wrong("'" + text + "' is no number of bytes, such as 4k or 1g");
        }
        String unit = matcher.group(2).endsWith("b")
                ? matcher.group(2).substring(0, matcher.group(2).length() - 1)
                : matcher.group(2);
        long factor = 1;
        if (!unit.isEmpty()) {
            int power = PREFIXES.indexOf(unit.charAt(0)) + 1;
            if (power == 0 || !(unit.length() == 1 || (unit.length() == 2 && unit.charAt(1) == 'i'))) {
                throw setting.wrong("'" + text + "' is no number of bytes, such as 4k or 1g");
            }
            for (int i = 0; i < power; i++) {
                factor *= unit.length() == 1 ? 1024 : 1000;
            }
        }
        try {
            return Math.multiplyExact(parse(matcher.group(1)), factor);
        } catch (ArithmeticException | NumberFormatException e) {
            throw setting.wrong("'" + text + "' is more than 2^63 bytes");
        }
    }

    private static long parse(String digits) {
        return digits.startsWith("0x") ? Long.parseLong(digits.substring(2), 16) : Long.parseLong(digits);
    }

    /** Bytes, or {@code 50%} of so many. */
    static long share(Setting setting, long of) throws FioException {
        if (!setting.value().endsWith("%")) {
            return bytes(setting);
        }
        String digits = setting.value().substring(0, setting.value().length() - 1);
        if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > WHOLE) {
            throw setting.wrong("'" + setting.value() + "' is no percentage from 0% to 100%");
        }
        int percent = Integer.parseInt(digits);
        return of / WHOLE * percent + of % WHOLE * percent / WHOLE;
    }

    /** A whole number. */
    static int number(Setting setting, int least, int most) throws FioException {
        String text = setting.value();
        if (text.matches("[0-9]{1,10}")) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return (int) number;
            }
        }
        throw setting.wrong(setting.key() + ": expected a number from " + least + " to " + most);
    }

    /** {@code 1} or nothing = yes, {@code 0} = no. */
    static boolean flag(Setting setting) throws FioException {
        return switch (setting.value()) {
            case "", "1" -> true;
            case "0" -> false;
            default -> throw setting.wrong(setting.key() + ": expected 0 or 1");
        };
    }

    /**
     * A time in nanoseconds.
     *
     * @param plain nanoseconds of a number without a unit
     */
    static long nanos(Setting setting, long plain) throws FioException {
        Matcher matcher = TIME.matcher(setting.value().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw setting.wrong(setting.key() + ": '" + setting.value() + "' is no time, such as 10s or 500ms");
        }
        long unit = switch (matcher.group(2)) {
            case "d" -> 86_400_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "s" -> 1_000_000_000L;
            case "ms", "msec" -> 1_000_000L;
            case "us", "usec" -> 1000L;
            case "ns", "nsec" -> 1L;
            default -> plain;
        };
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        } catch (ArithmeticException e) {
            throw setting.wrong(setting.key() + ": more than 2^63 nanoseconds");
        }
    }

    /** Values for reads, writes and trims: {@code a}, {@code a,b} or {@code a,b,c}; what is missing is as the one before. */
    static String[] three(Setting setting) throws FioException {
        String[] parts = setting.value().split(",", -1);
        if (parts.length > 3) {
            throw setting.wrong(setting.key() + ": at most three values, for reads, writes and trims");
        }
        String[] three = new String[3];
        for (int i = 0; i < 3; i++) {
            three[i] = i < parts.length && !parts[i].isEmpty() ? parts[i].strip() : i == 0 ? "" : three[i - 1];
        }
        return three;
    }

    /** Sizes of I/Os for reads, writes and trims. */
    static Sizes[] sizes(Setting setting) throws FioException {
        String[] three = three(setting);
        Sizes[] sizes = new Sizes[3];
        for (int i = 0; i < 3; i++) {
            sizes[i] = Sizes.of(size(setting, three[i]));
        }
        return sizes;
    }

    /** Sizes with shares, {@code 4k/60:64k/40}, for reads, writes and trims; a share that is left out takes of what is left. */
    static Sizes[] split(Setting setting) throws FioException {
        String[] three = three(setting);
        Sizes[] sizes = new Sizes[3];
        for (int i = 0; i < 3; i++) {
            sizes[i] = split(setting, three[i]);
        }
        return sizes;
    }

    private static Sizes split(Setting setting, String text) throws FioException {
        String[] parts = text.split(":", -1);
        int[] percent = new int[parts.length];
        int given = 0;
        int open = 0;
        for (int i = 0; i < parts.length; i++) {
            int slash = parts[i].indexOf('/');
            String share = slash < 0 ? "" : parts[i].substring(slash + 1);
            if (share.isEmpty()) {
                percent[i] = -1;
                open++;
            } else if (share.matches("\\d{1,3}")) {
                percent[i] = Integer.parseInt(share);
                given += percent[i];
            } else {
                throw setting.wrong("'" + parts[i] + "': expected SIZE/PERCENT");
            }
        }
        if (given > WHOLE || (open == 0 && given != WHOLE)) {
            throw setting.wrong("the shares are " + given + " % together: expected 100");
        }
        List<Sizes.Share> shares = new ArrayList<>();
        int left = WHOLE - given;
        for (int i = 0; i < parts.length; i++) {
            int share = percent[i];
            if (share < 0) {
                share = left / open;
                left -= share;
                open--;
            }
            int slash = parts[i].indexOf('/');
            shares.add(new Sizes.Share(size(setting, slash < 0 ? parts[i] : parts[i].substring(0, slash)), share));
        }
        return Sizes.of(shares);
    }

    private static int size(Setting setting, String text) throws FioException {
        long bytes = bytes(setting, text);
        if (bytes < 512 || bytes > Sizes.LARGEST) {
            throw setting.wrong(setting.key() + ": an I/O of " + bytes + " bytes: expected 512 to 1g");
        }
        return (int) bytes;
    }

    /** A pattern of bytes as digits, two for each: {@code 0xdeadbeef} or {@code "abc"}. */
    static String pattern(Setting setting) throws FioException {
        String text = setting.value();
        if (text.length() > 2 && text.length() < 512 && text.startsWith("\"") && text.endsWith("\"")) {
            return HexFormat.of().formatHex(text.substring(1, text.length() - 1).getBytes(StandardCharsets.UTF_8));
        }
        if (text.matches("0x[0-9a-fA-F]{1,1024}")) {
            return text.length() % 2 == 0 ? text.substring(2) : "0" + text.substring(2);
        }
        throw setting.wrong(setting.key() + ": expected bytes such as 0xdeadbeef or \"text\"");
    }
}
