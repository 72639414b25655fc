package io.sluice.cli;

import io.sluice.tester.Access;
import io.sluice.tester.Workload;

/**
 * A line of results: the same workload on one session or on several at once.
 *
 * @param workload of the first session; the others have other seeds
 * @param sessions how many sessions, each with a thread of its own
 */
record BenchEntry(BenchLayer layer, AccessPattern pattern, Workload workload, int sessions) {
    /** What a table calls it: its name, and what it does where the name does not say that. */
    String title() {
        Access access = workload.access();
        String does = access instanceof Access.PingPong ? access.label() + " " + pattern.label() : pattern.label();
        if (access instanceof Access.Replay) {
            return workload.name();
        }
        return workload.name().equals(pattern.label()) ? does : workload.name() + " " + does;
    }
}
