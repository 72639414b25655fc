package io.sluice.system.guest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * How a test in the guest ended: a line on the serial port.
 *
 * @param group simple name of its class, or what else it belongs to
 * @param name its display name
 * @param status one of PASSED, FAILED, ABORTED
 * @param millis how long it took
 * @param details stack trace or reason; empty when it passed
 */
record GuestResult(String group, String name, String status, long millis, String details) {
    static final String PASSED = "PASSED";
    static final String FAILED = "FAILED";
    static final String ABORTED = "ABORTED";

    private static final String MARK = "sluice-test";

    /** The line, without its end. The details are the only part that can hold anything, so they are encoded. */
    String line() {
        return String.join(
                "\t",
                MARK,
                group,
                name,
                status,
                String.valueOf(millis),
                Base64.getEncoder().encodeToString(details.getBytes(StandardCharsets.UTF_8)));
    }

    /** Reads a line; empty when it is none of ours. */
    static Optional<GuestResult> parse(String line) {
        String[] fields = line.strip().split("\t", -1);
        if (fields.length < 5 || !fields[0].equals(MARK)) {
            return Optional.empty();
        }
        String details = fields.length == 5 ? "" : fields[5];
        return Optional.of(new GuestResult(
                fields[1],
                fields[2],
                fields[3],
                Long.parseLong(fields[4]),
                new String(Base64.getDecoder().decode(details), StandardCharsets.UTF_8)));
    }
}
