package io.sluice.partition.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Blocks beside each other.
 *
 * @param firstBlock first logical block, counted from the start of the device
 * @param blockCount number of logical blocks, at least 1
 */
public record Extent(long firstBlock, long blockCount) {
    public Extent {
        if (firstBlock < 0 || blockCount < 1 || firstBlock > Long.MAX_VALUE - blockCount) {
            throw new IllegalArgumentException(blockCount + " blocks at " + firstBlock + " cannot be");
        }
    }

    /** Blocks from the first to the last, both of them included. */
    static Extent between(long first, long last) {
        return new Extent(first, last - first + 1);
    }

    /** Last logical block. */
    public long lastBlock() {
        return firstBlock + blockCount - 1;
    }

    /** What is left of it without others, in order. */
    List<Extent> without(List<Extent> others) {
        List<Extent> byPlace = new ArrayList<>(others);
        byPlace.sort(Comparator.comparingLong(Extent::firstBlock));
        List<Extent> left = new ArrayList<>();
        long next = firstBlock;
        for (Extent other : byPlace) {
            if (other.firstBlock() > next) {
                left.add(between(next, Math.min(other.firstBlock() - 1, lastBlock())));
            }
            next = Math.max(next, other.lastBlock() + 1);
            if (next > lastBlock()) {
                return left;
            }
        }
        left.add(between(next, lastBlock()));
        return left;
    }

    /** Whether a block is in both. */
    public boolean overlaps(Extent other) {
        return firstBlock <= other.lastBlock() && other.firstBlock <= lastBlock();
    }

    /** Whether a block is in it. */
    boolean contains(long block) {
        return firstBlock <= block && block <= lastBlock();
    }

    /** Whether all blocks of another are in this one. */
    public boolean contains(Extent other) {
        return firstBlock <= other.firstBlock && other.lastBlock() <= lastBlock();
    }
}
