package io.sluice.tester;

import org.jspecify.annotations.Nullable;

/**
 * What one workload measured.
 *
 * @param workload what was run
 * @param device where
 * @param layer on what
 * @param windowBytes bytes of the window that it went through
 * @param blockBytes bytes of a block of the device
 * @param nanos how long it ran, without the ramp and the reading back
 * @param tally what was counted
 * @param thread what its thread had of the processors
 * @param firstError what went wrong first, for people; null when nothing did
 * @param series the time series, a row for each interval and operation, the columns of {@link Series}; empty when none was asked for
 * @param log each I/O, the columns of {@link Series}; empty when it was not asked for
 */
public record Measured(
        Workload workload,
        String device,
        String layer,
        long windowBytes,
        int blockBytes,
        long nanos,
        Tally tally,
        ThreadCpu thread,
        @Nullable String firstError,
        LongLog series,
        LongLog log) {}
