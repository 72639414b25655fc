package io.sluice.block.statistics;

import io.sluice.block.LatencyHistogram;

/**
 * What a session did of one kind of operation.
 *
 * @param done how many operations
 * @param blocks how many blocks they were about
 * @param latency how long they took; empty when the session does not record that
 */
public record OperationReading(long done, long blocks, LatencyHistogram latency) {
    /** Nothing. */
    public static final OperationReading NONE = new OperationReading(0, 0, LatencyHistogram.EMPTY);

    /** What was added since an earlier reading of the same session. */
    public OperationReading since(OperationReading earlier) {
        return new OperationReading(
                Math.max(0, done - earlier.done), Math.max(0, blocks - earlier.blocks), latency.since(earlier.latency));
    }
}
