package io.sluice.nvme;

import io.sluice.block.Operation;

/** What the command in each slot is about, so that its completion can be reported. Flat, four longs a slot. */
final class SlotFacts {
    private static final Operation[] OPERATIONS = Operation.values();
    private static final int SHIFT = 2;

    private final long[] facts;

    SlotFacts(int slots) {
        this.facts = new long[slots << SHIFT];
    }

    void set(int slot, Operation operation, long block, long count, long tag) {
        int at = slot << SHIFT;
        facts[at] = tag;
        facts[at + 1] = block;
        facts[at + 2] = count << 3 | operation.ordinal();
    }

    long tag(int slot) {
        return facts[slot << SHIFT];
    }

    long block(int slot) {
        return facts[(slot << SHIFT) + 1];
    }

    long count(int slot) {
        return facts[(slot << SHIFT) + 2] >>> 3;
    }

    Operation operation(int slot) {
        return OPERATIONS[(int) facts[(slot << SHIFT) + 2] & 7];
    }
}
