package io.sluice.cli;

import io.sluice.tester.Workload;

/**
 * A line of results: the same workload on one session or on several at once.
 *
 * @param workload of the first session; the others have other seeds
 * @param sessions how many sessions, each with a thread of its own
 */
record BenchEntry(BenchLayer layer, AccessPattern pattern, Workload workload, int sessions) {}
