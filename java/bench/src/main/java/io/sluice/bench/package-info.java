/**
 * Benchmarks: {@link io.sluice.bench.Bench} runs them by name and prints what {@code scripts/bench} shows. Each compares Sluice with
 * the least that the same work can cost, in one run. It may call everything; nothing calls it.
 */
@NullMarked
package io.sluice.bench;

import org.jspecify.annotations.NullMarked;
