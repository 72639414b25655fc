package io.sluice.cli;

import java.util.List;

/**
 * What runs at the same time.
 *
 * @param name in messages
 */
record BenchTest(String name, List<BenchEntry> entries) {
    BenchTest {
        entries = List.copyOf(entries);
    }

    /** Whether it overwrites anything. */
    boolean changes() {
        return entries.stream().anyMatch(entry -> entry.workload().changes());
    }
}
