package io.sluice.cli;

/**
 * One row of a measurement.
 *
 * @param recordBytes bytes of one I/O
 * @param iodepth I/Os in flight
 * @param batch most I/Os told to the device at once, at most {@code iodepth}
 * @param readPercent share of reads where the pattern has both
 * @param seed of the block numbers and of the data
 * @param spanBytes the part of the device, from its beginning, that is touched
 * @param rampNanos how long to run before counting
 * @param runNanos how long to count; {@link Long#MAX_VALUE} = until {@code runBytes}
 * @param runBytes how much to move while counting; {@link Long#MAX_VALUE} = until {@code runNanos}
 * @param verify whether blocks carry a pattern that is checked
 * @param interrupts whether to sleep while waiting
 */
record Workload(
        AccessPattern pattern,
        int recordBytes,
        int iodepth,
        int batch,
        int readPercent,
        long seed,
        long spanBytes,
        long rampNanos,
        long runNanos,
        long runBytes,
        boolean verify,
        boolean interrupts) {}
