package io.sluice.tester;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What workloads measured that ran at the same time.
 *
 * @param parts each of them, in their order
 * @param total all of them together
 * @param nanos how long the longest one ran
 * @param processNanos CPU time of the whole process while they ran, all threads, nanoseconds in steps of 10 ms
 * @param idlePercent idle share of each core while they ran, 0 to 100; empty when cores came or went
 */
public record TestResult(List<Measured> parts, Tally total, long nanos, long processNanos, List<Double> idlePercent) {
    public TestResult {
        parts = List.copyOf(parts);
        idlePercent = List.copyOf(idlePercent);
    }

    /** What went wrong first, for people; null when nothing did. */
    public @Nullable String firstError() {
        return parts.stream()
                .map(Measured::firstError)
                .filter(error -> error != null)
                .findFirst()
                .orElse(null);
    }
}
