package io.sluice.block;

/**
 * Counters since a session was opened.
 *
 * @param reads operations done that read
 * @param writes operations done that changed blocks
 * @param syncs syncs done
 * @param blocksRead blocks
 * @param blocksWritten blocks, trimmed and zeroed ones included
 * @param failures operations that were reported as failed
 * @param strays completions that belonged to no operation in flight and were dropped
 * @param commits how often the device was told of new operations
 */
public record SessionStatistics(
        long reads,
        long writes,
        long syncs,
        long blocksRead,
        long blocksWritten,
        long failures,
        long strays,
        long commits) {}
