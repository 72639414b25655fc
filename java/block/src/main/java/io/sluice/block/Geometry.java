package io.sluice.block;

import java.util.Objects;

/**
 * What a device, or the window of a session, is like.
 *
 * @param blockBytes size of a block in bytes, a power of two, at least 512
 * @param blockCount number of blocks, at least 1
 * @param writeable whether blocks can be changed
 * @param alignmentBytes what addresses and offsets of memory must be multiples of, a power of two
 * @param maxTransferBlocks most blocks of one {@link Operation#READ} or {@link Operation#WRITE}
 * @param maxTrimBlocks most blocks of one {@link Operation#TRIM}; 0 when the device cannot trim
 * @param maxZeroBlocks most blocks of one {@link Operation#WRITE_ZEROES}; 0 when the device cannot
 * @param volatileWriteCache whether completed writes can be lost with power before a {@link Operation#SYNC}
 * @param atomicWriteBlocks most blocks of one write that a loss of power leaves either all old or all new, wherever it starts; at least 1, and 1 where
 *     the device says nothing more
 * @param optimalWriteBlocks writes are fastest that start at a multiple of so many blocks, counted from the start of the device, and are a multiple of
 *     it long; 1 where the device has no such wish
 * @param boundary what transfers are faster not to reach across
 */
public record Geometry(
        int blockBytes,
        long blockCount,
        boolean writeable,
        int alignmentBytes,
        int maxTransferBlocks,
        long maxTrimBlocks,
        long maxZeroBlocks,
        boolean volatileWriteCache,
        int atomicWriteBlocks,
        int optimalWriteBlocks,
        IoBoundary boundary) {
    public Geometry {
        Objects.requireNonNull(boundary, "boundary");
        if (blockBytes < 512 || Integer.bitCount(blockBytes) != 1) {
            throw new IllegalArgumentException(
                    "block size of " + blockBytes + " bytes: expected a power of two from 512");
        }
        if (blockCount < 1 || maxTransferBlocks < 1 || maxTrimBlocks < 0 || maxZeroBlocks < 0) {
            throw new IllegalArgumentException(
                    "a count is out of range: " + blockCount + " blocks, at most " + maxTransferBlocks + " a transfer, "
                            + maxTrimBlocks + " a trim, " + maxZeroBlocks + " a write-zeroes");
        }
        if (Integer.bitCount(alignmentBytes) != 1) {
            throw new IllegalArgumentException("alignment of " + alignmentBytes + " bytes: expected a power of two");
        }
        if (atomicWriteBlocks < 1 || optimalWriteBlocks < 1) {
            throw new IllegalArgumentException("writes of " + atomicWriteBlocks + " blocks at once, best of "
                    + optimalWriteBlocks + ": neither can be less than 1");
        }
    }

    /** A device that writes a block at once, and more than one at no special size. */
    public Geometry(
            int blockBytes,
            long blockCount,
            boolean writeable,
            int alignmentBytes,
            int maxTransferBlocks,
            long maxTrimBlocks,
            long maxZeroBlocks,
            boolean volatileWriteCache) {
        this(
                blockBytes,
                blockCount,
                writeable,
                alignmentBytes,
                maxTransferBlocks,
                maxTrimBlocks,
                maxZeroBlocks,
                volatileWriteCache,
                1,
                1,
                IoBoundary.NONE);
    }

    /** Base-two logarithm of {@link #blockBytes}. */
    public int blockShift() {
        return Integer.numberOfTrailingZeros(blockBytes);
    }

    /**
     * The same device seen through a window.
     *
     * @param first block of the device that is block 0 of the window
     */
    public Geometry window(long first, long count, boolean mayWrite) {
        return new Geometry(
                blockBytes,
                count,
                writeable && mayWrite,
                alignmentBytes,
                maxTransferBlocks,
                maxTrimBlocks,
                maxZeroBlocks,
                volatileWriteCache,
                atomicWriteBlocks,
                optimalWriteBlocks,
                boundary.from(first));
    }

    /** The same device with another largest transfer. */
    public Geometry maxTransferBlocks(int count) {
        return new Geometry(
                blockBytes,
                blockCount,
                writeable,
                alignmentBytes,
                count,
                maxTrimBlocks,
                maxZeroBlocks,
                volatileWriteCache,
                atomicWriteBlocks,
                optimalWriteBlocks,
                boundary);
    }

    /** The same device with other sizes of writes. */
    public Geometry writeBlocks(int atomic, int optimal) {
        return new Geometry(
                blockBytes,
                blockCount,
                writeable,
                alignmentBytes,
                maxTransferBlocks,
                maxTrimBlocks,
                maxZeroBlocks,
                volatileWriteCache,
                atomic,
                optimal,
                boundary);
    }

    /** The same device with other boundaries. */
    public Geometry boundary(IoBoundary value) {
        return new Geometry(
                blockBytes,
                blockCount,
                writeable,
                alignmentBytes,
                maxTransferBlocks,
                maxTrimBlocks,
                maxZeroBlocks,
                volatileWriteCache,
                atomicWriteBlocks,
                optimalWriteBlocks,
                value);
    }
}
