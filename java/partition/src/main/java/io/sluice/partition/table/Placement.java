package io.sluice.partition.table;

import org.jspecify.annotations.Nullable;

/** Finds blocks for a new partition. */
final class Placement {
    private static final int LEAST_ALIGNMENT_BYTES = 1 << 20;
    /** More than this is a device's mistake: nobody's erase blocks are so large. */
    private static final long MOST_ALIGNMENT_BYTES = 1L << 30;

    private final String device;
    private final long alignBlocks;

    /** Of a device; see {@link io.sluice.block.Geometry#optimalWriteBlocks()}. */
    Placement(Blocks blocks, int optimalBlocks) {
        long least = Math.max(1, LEAST_ALIGNMENT_BYTES / blocks.blockBytes());
        // Both are at least 1 and below 2^31.
        long common = least / gcd(least, optimalBlocks) * optimalBlocks;
        this.device = blocks.device();
        this.alignBlocks = common <= MOST_ALIGNMENT_BYTES / blocks.blockBytes() ? common : least;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** What the first block of a partition should be a multiple of, logical blocks. */
    long alignBlocks() {
        return alignBlocks;
    }

    /** A length that ends aligned, too, as some encryption wants it, where that is not nothing. */
    long aligned(long first, long most) {
        long count = most - (first + most) % alignBlocks;
        return count > 0 ? count : most;
    }

    /**
     * Finds a place.
     *
     * @throws PartitionTableException when there is none
     */
    Extent find(NewPartition wanted, Room room) throws PartitionTableException {
        if (wanted.firstBlock() != 0) {
            return at(wanted, room);
        }
        Extent largest = largest(wanted, room);
        if (largest == null) {
            throw refusal("no free block is a multiple of " + align(wanted) + "; ask for another alignment");
        }
        long count =
                wanted.blockCount() == 0 ? aligned(largest.firstBlock(), largest.blockCount()) : wanted.blockCount();
        if (count > largest.blockCount()) {
            throw refusal("there is no room for " + count + " blocks; the largest free place has "
                    + largest.blockCount() + " from block " + largest.firstBlock());
        }
        return new Extent(largest.firstBlock(), count);
    }

    private long align(NewPartition wanted) {
        return wanted.alignBlocks() == 0 ? alignBlocks : wanted.alignBlocks();
    }

    /** The largest place that begins aligned; null when there is none. */
    @Nullable
    Extent largest(NewPartition wanted, Room room) {
        long align = align(wanted);
        Extent largest = null;
        for (Extent free : room.free()) {
            long skip = (align - free.firstBlock() % align) % align;
            if (skip < free.blockCount()) {
                Extent aligned = Extent.between(free.firstBlock() + skip, free.lastBlock());
                if (largest == null || aligned.blockCount() > largest.blockCount()) {
                    largest = aligned;
                }
            }
        }
        return largest;
    }

    private Extent at(NewPartition wanted, Room room) throws PartitionTableException {
        long first = wanted.firstBlock();
        long align = align(wanted);
        if (first % align != 0) {
            throw refusal("block " + first + " is no multiple of " + align + "; " + (first - first % align)
                    + " is one, or ask for another alignment");
        }
        for (Extent free : room.free()) {
            if (free.contains(first)) {
                long most = free.lastBlock() - first + 1;
                long count = wanted.blockCount() == 0 ? aligned(first, most) : wanted.blockCount();
                if (count > most) {
                    throw refusal("there is no room for " + count + " blocks from block " + first + "; " + most
                            + " are free");
                }
                return new Extent(first, count);
            }
        }
        throw refusal(
                "block " + first + " is not free: usable are " + room.within().firstBlock() + " to "
                        + room.within().lastBlock() + ", without those of other partitions");
    }

    private PartitionTableException refusal(String reason) {
        return new PartitionTableException(device, reason);
    }
}
