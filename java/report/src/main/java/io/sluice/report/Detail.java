package io.sluice.report;

import java.util.Map;

/** What stands beside a value, by its name in measurements. */
final class Detail {
    private static final Map<String, String> LABELS = Map.of(
            "cpuGuestMs", "CPU time in the guest, ms",
            "cpuQemuMs", "CPU time of QEMU, ms",
            "cpuJvmMs", "CPU time of the JVM, ms",
            "frequencyMHz", "frequency, MHz");

    private Detail() {}

    /** Percent of a core: {@code idle0}, {@code idle1}, … */
    static boolean isIdle(String name) {
        return name.matches("idle\\d+");
    }

    /** A percentile of the latency: {@code p50}, {@code p99}, … */
    static boolean isPercentile(String name) {
        return name.matches("p\\d+(\\.\\d+)?");
    }

    /** For people. */
    static String label(String name) {
        return isIdle(name) ? "core " + name.substring("idle".length()) : LABELS.getOrDefault(name, name);
    }
}
