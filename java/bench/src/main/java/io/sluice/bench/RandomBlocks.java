package io.sluice.bench;

/** Block numbers without order, at the cost of a multiplication: every layer that is measured draws from one of its own. */
final class RandomBlocks {
    private final int shift;
    private long state = 0x9e37_79b9_7f4a_7c15L;

    /**
     * Numbers of transfers that lie side by side.
     *
     * @param bits transfers to choose from, base-two logarithm
     */
    RandomBlocks(int bits) {
        this.shift = 64 - bits;
    }

    /** The first block of the next transfer of eight blocks. */
    long next() {
        state = state * 0x5851_f42d_4c95_7f2dL + 0x1405_7b7e_f767_814fL;
        return state >>> shift << 3;
    }
}
