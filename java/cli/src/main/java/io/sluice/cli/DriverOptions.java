package io.sluice.cli;

import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.PriorityWeights;
import io.sluice.nvme.SglUse;
import picocli.CommandLine.TypeConversionException;

/** What stands behind {@code @} in the name of a controller: what the driver is to use of what the controller offers. */
final class DriverOptions {
    /** For help texts. */
    static final String GRAMMAR =
            "shadow=on|off (doorbells in memory; on where offered), cmb=on|off (submission queues in the controller's"
                    + " memory buffer; off), hmb=SIZE (most memory to lend the controller; 0), weights=HIGH:MEDIUM:LOW[:BURST]"
                    + " (priorities of sessions), sgl=always|needed|never (scatter-gather lists; where PRPs do not do)";

    private static final int DEFAULT_BURST = 32;

    private DriverOptions() {}

    /** Whether a text is meant as options: a path can hold an @ too. */
    static boolean isMeant(String text) {
        int equals = text.indexOf('=');
        return equals > 0
                && switch (text.substring(0, equals)) {
                    case "shadow", "cmb", "hmb", "weights", "sgl" -> true;
                    default -> false;
                };
    }

    /**
     * Reads them.
     *
     * @throws TypeConversionException when they make no sense; the message says what would
     */
    static ControllerOptions parse(String text) {
        ControllerOptions options = ControllerOptions.defaults();
        for (String option : text.split(",", -1)) {
            int equals = option.indexOf('=');
            String key = equals < 0 ? option : option.substring(0, equals);
            String value = equals < 0 ? "" : option.substring(equals + 1);
            options = switch (key) {
                case "shadow" -> options.shadowDoorbells(flag(text, key, value));
                case "cmb" -> options.memoryBufferQueues(flag(text, key, value));
                case "sgl" -> options.sglUse(sglUse(text, value));
                case "hmb" -> options.maxHostMemoryBytes(size(text, value));
                case "weights" -> options.priorityWeights(weights(text, value));
                default -> throw wrong(text, "'" + key + "' is no option of the driver; there are " + GRAMMAR);
            };
        }
        return options;
    }

    private static boolean flag(String text, String key, String value) {
        return switch (value) {
            case "on", "yes" -> true;
            case "off", "no" -> false;
            default -> throw wrong(text, key + "=" + value + ": expected on or off");
        };
    }

    private static SglUse sglUse(String text, String value) {
        return switch (value) {
            case "always" -> SglUse.ALWAYS;
            case "needed" -> SglUse.WHERE_NEEDED;
            case "never" -> SglUse.NEVER;
            default -> throw wrong(text, "sgl=" + value + ": expected always, needed or never");
        };
    }

    private static long size(String text, String value) {
        long bytes = SizeParser.parse(value).orElse(-1);
        if (bytes < 0 || bytes > 1L << 40) {
            throw wrong(text, "hmb=" + value + ": expected a size up to 1T, such as 64M");
        }
        return bytes;
    }

    private static PriorityWeights weights(String text, String value) {
        String[] parts = value.split(":", -1);
        int[] numbers = {0, 0, 0, DEFAULT_BURST};
        boolean wrong = parts.length < 3 || parts.length > numbers.length;
        for (int i = 0; !wrong && i < parts.length; i++) {
            long number = SizeParser.parse(parts[i]).orElse(-1);
            wrong = number < 1 || number > 256;
            numbers[i] = (int) number;
        }
        try {
            if (!wrong) {
                return new PriorityWeights(numbers[0], numbers[1], numbers[2], numbers[3]);
            }
        } catch (IllegalArgumentException mistake) {
            throw wrong(text, "weights=" + value + ": " + mistake.getMessage());
        }
        throw wrong(
                text,
                "weights=" + value
                        + ": expected those of high, medium and low priority, 1 to 256, and where wanted the burst, such as"
                        + " 8:4:1:16");
    }

    private static TypeConversionException wrong(String text, String reason) {
        return new TypeConversionException("'@" + text + "': " + reason);
    }
}
