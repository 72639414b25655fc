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
 * @param prpTransfers transfers done whose memory PRPs described; 0 where there are no PRPs
 * @param sglTransfers transfers done whose memory an SGL described; 0 where there are no SGLs
 * @param bouncedTransfers of all transfers those that went by a copy, since the device does not reach their memory, or not in such segments
 * @param bouncedBytes what was copied for them
 */
public record SessionStatistics(
        long reads,
        long writes,
        long syncs,
        long blocksRead,
        long blocksWritten,
        long failures,
        long strays,
        long commits,
        long prpTransfers,
        long sglTransfers,
        long bouncedTransfers,
        long bouncedBytes) {
    /** Of a session whose device reaches all memory by itself. */
    public SessionStatistics(
            long reads,
            long writes,
            long syncs,
            long blocksRead,
            long blocksWritten,
            long failures,
            long strays,
            long commits) {
        this(reads, writes, syncs, blocksRead, blocksWritten, failures, strays, commits, 0, 0, 0, 0);
    }
}
