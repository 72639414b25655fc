package io.sluice.nvme;

import java.nio.ByteBuffer;

/** The range that each slot's Dataset Management command names (section 6.7, figure 364): 16 bytes a slot. */
final class TrimRanges {
    static final int BYTES = 16;

    private final ByteBuffer memory;
    private final long deviceAddress;

    TrimRanges(ByteBuffer memory, long deviceAddress) {
        this.memory = memory;
        this.deviceAddress = deviceAddress;
    }

    /** Writes the range of a slot; returns its address for the controller. */
    long write(int slot, long firstBlock, long count) {
        int at = slot * BYTES;
        // Context attributes 0: no hint of how the blocks will be used.
        memory.putLong(at, count << 32);
        memory.putLong(at + 8, firstBlock);
        return deviceAddress + at;
    }
}
