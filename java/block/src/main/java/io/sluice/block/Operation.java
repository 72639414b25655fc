package io.sluice.block;

/** What a session can be asked to do. */
public enum Operation {
    /** Reads blocks into memory. */
    READ(true, false),
    /** Writes blocks from memory. Complete means visible to later reads, not durable: see {@link #SYNC}. */
    WRITE(true, true),
    /** Writes blocks from memory and completes when they are durable (force unit access). */
    WRITE_DURABLE(true, true),
    /** Completes when every write, trim and write-zeroes that was submitted to this session before it is durable. Names no blocks. */
    SYNC(false, false),
    /** Tells the device that the blocks' content is not needed any more; what they read as afterwards is the device's choice. */
    TRIM(false, true),
    /** Makes blocks read as zeroes without a transfer of data. */
    WRITE_ZEROES(false, true);

    private final boolean transfers;
    private final boolean changes;

    Operation(boolean transfers, boolean changes) {
        this.transfers = transfers;
        this.changes = changes;
    }

    /** Whether data moves between the device and memory. */
    public boolean transfers() {
        return transfers;
    }

    /** Whether blocks are changed, so that the session must be writeable. */
    public boolean changes() {
        return changes;
    }
}
