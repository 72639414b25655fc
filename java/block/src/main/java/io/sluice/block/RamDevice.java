package io.sluice.block;

import java.io.IOException;

/**
 * A device in memory outside of the Java heap. Memory is taken when blocks are written first and given back when they are trimmed or zeroed in
 * large pieces, so that a device may be far larger than the machine's memory. Blocks that were never written read as zeroes. Nothing of it
 * outlives the process: a {@link Operation#SYNC} has nothing to do.
 */
public final class RamDevice implements BlockDevice {
    /** 2^30 bytes: what an {@code int} offset of memory can name with room to spare. */
    private static final int MOST_TRANSFER_BYTES = 1 << 30;

    private final StoreDevice device;

    /**
     * A device of zeroes.
     *
     * @param name name in messages
     * @param blockBytes size of a block, a power of two from 512 to 2^30
     * @param blockCount number of blocks; all of them together at most 2^62 bytes
     */
    public RamDevice(String name, int blockBytes, long blockCount) {
        Geometry geometry = new Geometry(
                blockBytes,
                blockCount,
                true,
                1,
                Math.max(1, MOST_TRANSFER_BYTES / blockBytes),
                blockCount,
                blockCount,
                false);
        if (blockCount > (1L << 62) >>> geometry.blockShift()) {
            throw new IllegalArgumentException(
                    blockCount + " blocks of " + blockBytes + " bytes: expected at most 2^62 bytes");
        }
        this.device = new StoreDevice(name, geometry, new SparseMemory(blockCount << geometry.blockShift()));
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public Geometry geometry() {
        return device.geometry();
    }

    /**
     * Opens a session. There is no limit to their number, each may be used by another thread; operations of different sessions on
     * the same blocks at the same time are not ordered.
     */
    @Override
    public BlockSession open(SessionOptions options) throws IOException {
        return device.open(options);
    }

    @Override
    public void close() throws IOException {
        device.close();
    }

    @Override
    public String toString() {
        return name() + " " + geometry().blockCount() + " blocks of "
                + geometry().blockBytes() + " bytes";
    }
}
