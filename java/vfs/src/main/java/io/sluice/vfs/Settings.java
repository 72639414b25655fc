package io.sluice.vfs;

import io.sluice.block.SessionOptions;
import io.sluice.block.WaitStrategy;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the environment map of a file system says; the keys are those of {@link SluiceFileSystemProvider}.
 *
 * @param session for sessions; the window is each file's own
 * @param inFlight most requests of a file that are begun and not done
 * @param zeroCopyBytes how much of the callers' memory the device may be shown
 * @param readAheadBytes of each handle, 0 = none
 * @param writeWindowBytes of each handle, 0 = none
 * @param watchInterval how often the device and its table are looked at while somebody watches
 */
record Settings(
        SessionOptions session,
        int inFlight,
        WaitStrategy waiting,
        int zeroCopyBytes,
        int readAheadBytes,
        int writeWindowBytes,
        Duration watchInterval,
        Set<PosixFilePermission> permissions,
        String owner,
        String group) {
    static final String WRITEABLE = "writeable";
    static final String DEVICE = "device";
    private static final Set<String> KEYS = Set.of(
            DEVICE,
            WRITEABLE,
            "io_buffer",
            "queue_depth",
            "in_flight",
            "waiting",
            "deadline",
            "label",
            "zero_copy",
            "read_ahead",
            "write_window",
            "watch_interval",
            "permissions",
            "owner",
            "group");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})([KMG]?)(?:iB|B)?");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9}) ?(ms|s)");

    /**
     * Reads a map.
     *
     * @throws IllegalArgumentException when it has a key that is not known, or a value that makes no sense
     */
    static Settings of(Map<String, ?> environment) {
        for (String key : environment.keySet()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("'" + key + "' is nothing that a file system can be told; there are "
                        + String.join(", ", KEYS.stream().sorted().toList()));
            }
        }
        SessionOptions defaults = SessionOptions.defaults();
        boolean writeable = flag(environment, WRITEABLE);
        WaitStrategy waiting = waiting(text(environment, "waiting", "adaptive"));
        int depth = number(environment, "queue_depth", defaults.queueDepth(), 1, 65535);
        SessionOptions session = defaults.writeable(writeable)
                .bufferBytes(number(environment, "io_buffer", defaults.bufferBytes(), 4096, 1 << 30))
                .queueDepth(depth)
                .interrupts(waiting.sleepsOnInterrupt())
                .deadline(duration(environment, "deadline", defaults.deadline()))
                .label(text(environment, "label", "vfs"));
        String user = System.getProperty("user.name", "root");
        String owner = text(environment, "owner", user);
        return new Settings(
                session,
                number(environment, "in_flight", depth, 1, 1 << 20),
                waiting,
                number(environment, "zero_copy", 128 << 20, 0, 1 << 30),
                number(environment, "read_ahead", 0, 0, 1 << 26),
                number(environment, "write_window", 0, 0, 1 << 26),
                duration(environment, "watch_interval", Duration.ofSeconds(1)),
                PosixFilePermissions.fromString(
                        text(environment, "permissions", writeable ? "rw-rw----" : "r--r-----")),
                owner,
                text(environment, "group", owner));
    }

    /** Whether files may be written. */
    boolean writeable() {
        return session.writeable();
    }

    private static String text(Map<String, ?> environment, String key, String otherwise) {
        Object value = environment.get(key);
        return value == null ? otherwise : value.toString();
    }

    private static boolean flag(Map<String, ?> environment, String key) {
        String value = text(environment, key, "no");
        return switch (value) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw wrong(key, value, "yes or no");
        };
    }

    /** A number, as one or as text with a unit behind it. */
    private static int number(Map<String, ?> environment, String key, int otherwise, int least, int most) {
        Object value = environment.get(key);
        if (value == null) {
            return otherwise;
        }
        @Nullable
        Long number = value instanceof Integer || value instanceof Long ? (Long) ((Number) value).longValue() : null;
        Matcher size = SIZE.matcher(value.toString());
        if (number == null && size.matches()) {
            int power = "KMG".indexOf(size.group(2)) + 1;
            number = Long.parseLong(size.group(1)) << (size.group(2).isEmpty() ? 0 : 10 * power);
        }
        if (number == null || number < least || number > most) {
            throw wrong(key, value, "a number from " + least + " to " + most + ", such as 65536, 64K or 4M");
        }
        return number.intValue();
    }

    private static Duration duration(Map<String, ?> environment, String key, Duration otherwise) {
        Object value = environment.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Duration known) {
            return known;
        }
        Matcher text = DURATION.matcher(value.toString());
        if (!text.matches()) {
            throw wrong(key, value, "a Duration, or text such as 500ms or 30s");
        }
        long number = Long.parseLong(text.group(1));
        return text.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
    }

    private static WaitStrategy waiting(String value) {
        return switch (value) {
            case "adaptive" -> WaitStrategy.adaptive();
            case "spin" -> WaitStrategy.busySpin();
            case "yield" -> WaitStrategy.yielding();
            case "sleep" -> WaitStrategy.sleeping();
            default -> throw wrong("waiting", value, "adaptive, spin, yield or sleep");
        };
    }

    private static IllegalArgumentException wrong(String key, Object value, String expected) {
        return new IllegalArgumentException(key + "=" + value + ": expected " + expected);
    }
}
