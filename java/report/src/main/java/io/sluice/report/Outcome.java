package io.sluice.report;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What came of a measurement. */
public sealed interface Outcome {
    /**
     * A figure.
     *
     * @param value finite, at least 0
     * @param unit the table's
     * @param details what was seen beside it, finite: {@code idle0}, {@code idle1}, … (percent of a core, while it ran), {@code cpuGuestMs}, {@code
     *     cpuQemuMs}, {@code cpuJvmMs} (processor time of each side), {@code frequencyMHz}, {@code p50} and {@code p99} (in the table's unit)
     */
    record Value(double value, String unit, Map<String, Double> details) implements Outcome {
        public Value {
            if (!Double.isFinite(value) || value < 0) {
                throw new IllegalArgumentException("a value of " + value + ": expected a finite number from 0 on");
            }
            details.forEach((name, detail) -> {
                if (!Double.isFinite(detail)) {
                    throw new IllegalArgumentException(name + " is " + detail + ": expected a finite number");
                }
            });
            details = Collections.unmodifiableMap(new TreeMap<>(details));
        }
    }

    /**
     * None.
     *
     * @param error why, for people
     */
    record Failure(String error) implements Outcome {}
}
