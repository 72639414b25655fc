package io.sluice.block.driver;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.SettingControl;

/** A setting of a recording that is a latency, such as {@code 20 ms} or {@code 20ms} (units ns, us, ms, s, m, h, d); of several recordings the lowest counts. */
public final class LatencySetting extends SettingControl {
    private static final Map<String, TimeUnit> UNITS = Map.of(
            "ns", TimeUnit.NANOSECONDS,
            "us", TimeUnit.MICROSECONDS,
            "ms", TimeUnit.MILLISECONDS,
            "s", TimeUnit.SECONDS,
            "m", TimeUnit.MINUTES,
            "h", TimeUnit.HOURS,
            "d", TimeUnit.DAYS);

    /** At most 18 digits, which a long holds. */
    private static final Pattern LATENCY = Pattern.compile("(\\d{1,18})\\s*([a-z]+)");

    private volatile long nanos;
    private volatile String value = "0 ns";

    /** Lets everything through, until a recording sets it. */
    public LatencySetting() {}

    @Override
    public String combine(Set<String> values) {
        String lowest = "";
        long least = Long.MAX_VALUE;
        for (String candidate : values) {
            long parsed = parse(candidate);
            if (lowest.isEmpty() || parsed < least) {
                lowest = candidate;
                least = parsed;
            }
        }
        return lowest.isEmpty() ? "0 ns" : lowest;
    }

    @Override
    public void setValue(String wanted) {
        nanos = parse(wanted);
        value = wanted;
    }

    @Override
    public String getValue() {
        return value;
    }

    boolean allows(long latencyNanos) {
        return latencyNanos >= nanos;
    }

    /** Nanoseconds; what cannot be read lets everything through, as nothing here can tell whoever wrote it. */
    private static long parse(String text) {
        Matcher matcher = LATENCY.matcher(text.strip());
        TimeUnit unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        return unit == null ? 0 : unit.toNanos(Long.parseLong(matcher.group(1)));
    }
}
