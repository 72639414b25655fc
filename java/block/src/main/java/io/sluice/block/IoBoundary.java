package io.sluice.block;

/**
 * Blocks that a device would rather not see an operation reach across: it takes those of both sides one after the other, or splits the operation itself.
 *
 * @param blocks distance of two boundaries, blocks; 0 = there are none
 * @param first the first block that stands behind a boundary, 0 to {@code blocks - 1}
 */
public record IoBoundary(int blocks, int first) {
    /** No boundaries. */
    public static final IoBoundary NONE = new IoBoundary(0, 0);

    public IoBoundary {
        if (blocks < 0 || first < 0 || (first != 0 && first >= blocks)) {
            throw new IllegalArgumentException("boundaries every " + blocks + " blocks from block " + first
                    + ": expected 0 or more, and a first one below the distance");
        }
    }

    /** Boundaries at multiples of a number of blocks; 0 = none. */
    public static IoBoundary every(int blocks) {
        return blocks == 0 ? NONE : new IoBoundary(blocks, 0);
    }

    /** The same boundaries where block numbers begin later. */
    IoBoundary from(long block) {
        return blocks == 0 ? NONE : new IoBoundary(blocks, (int) Math.floorMod(first - block, (long) blocks));
    }

    /** How many blocks there are from a block up to the next boundary; {@link Long#MAX_VALUE} where there is none. */
    long reach(long block) {
        return blocks == 0 ? Long.MAX_VALUE : blocks - Math.floorMod(block - first, (long) blocks);
    }
}
