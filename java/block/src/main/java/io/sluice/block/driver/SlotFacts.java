package io.sluice.block.driver;

import io.sluice.block.Operation;
import java.util.Arrays;

/**
 * What the command in each slot is about, so that its completion can be reported, and since when it is known to be under way. Flat,
 * four longs a slot: a command touches one cache line here. One thread at a time.
 */
public final class SlotFacts {
    private static final Operation[] OPERATIONS = Operation.values();
    private static final int SHIFT = 2;
    private static final int TAG = 0;
    private static final int BLOCK = 1;
    /** The number of blocks, and below it the operation. */
    private static final int COUNT = 2;

    private static final int SINCE = 3;
    private static final int COUNT_SHIFT = 5;
    /** What is 0 below the count of a read, the first of the operations, with nothing attached. */
    private static final int NOT_PLAIN_READ = (1 << COUNT_SHIFT) - 1;

    private static final int ATTACHED = 1 << 4;
    private static final int CHANGES_SHIFT = 3;
    private static final int CHANGES = 1 << CHANGES_SHIFT;
    private static final int KIND = CHANGES - 1;
    /** A bit for each operation that changes blocks: asking the operation itself is a load more. */
    private static final int CHANGING = Arrays.stream(OPERATIONS)
            .filter(Operation::changes)
            .mapToInt(o -> 1 << o.ordinal())
            .sum();

    private final long[] facts;
    /** Slots whose operations the device was not told of, while times are taken. */
    private final int[] uncommitted;

    private int uncommittedCount;
    private boolean timed;

    /** Facts of that many slots, numbered from 0. */
    public SlotFacts(int slots) {
        this.facts = new long[slots << SHIFT];
        this.uncommitted = new int[slots];
    }

    /** An operation takes a slot. {@code count} is below 2^59; the tag comes back from {@link #tag}. */
    public void set(int slot, Operation operation, long block, long count, long tag) {
        long[] to = facts;
        int at = slot << SHIFT;
        to[at + TAG] = tag;
        to[at + BLOCK] = block;
        int kind = operation.ordinal();
        int change = ((CHANGING >>> kind) & 1) << CHANGES_SHIFT;
        to[at + COUNT] = (count << COUNT_SHIFT) | change | kind;
        to[at + SINCE] = 0;
        if (timed) {
            remember(slot);
        }
    }

    private void remember(int slot) {
        int at = uncommittedCount;
        // A slot that was given up before any commit may be there twice; then another may not be, and goes untimed.
        if (at < uncommitted.length) {
            uncommitted[at] = slot;
            uncommittedCount = at + 1;
        }
    }

    /** Whether the time of each operation counts from the commit that told the device of it; see {@link LatencyRecorder}. */
    void timed(boolean value) {
        if (timed != value) {
            timed = value;
            uncommittedCount = 0;
        }
    }

    /** The device was told of all operations: their time counts from now on, which is not 0. */
    void committed(long now) {
        for (int i = 0; i < uncommittedCount; i++) {
            facts[(uncommitted[i] << SHIFT) + SINCE] = now;
        }
        uncommittedCount = 0;
    }

    /** Since when the operation in a slot is known to be under way, {@link System#nanoTime}; 0 when that is not known. */
    long since(int slot) {
        return facts[(slot << SHIFT) + SINCE];
    }

    /** The tag of the operation in a slot. */
    public long tag(int slot) {
        return facts[(slot << SHIFT) + TAG];
    }

    /** Its first block. */
    public long block(int slot) {
        return facts[(slot << SHIFT) + BLOCK];
    }

    /** Its number of blocks. */
    public long count(int slot) {
        return facts[(slot << SHIFT) + COUNT] >>> COUNT_SHIFT;
    }

    /** Its number of blocks where it is a read with nothing {@linkplain #attach attached}, which is what most are; negative where not. */
    public long plainReadBlocks(int slot) {
        long word = facts[(slot << SHIFT) + COUNT];
        return (word & NOT_PLAIN_READ) == 0 ? word >>> COUNT_SHIFT : -1;
    }

    /** {@link Operation#changes} of the operation, without a look at it. */
    public boolean changes(int slot) {
        return ((int) facts[(slot << SHIFT) + COUNT] & CHANGES) != 0;
    }

    /** The session keeps more about the operation than this. To be called after {@link #set}. */
    public void attach(int slot) {
        facts[(slot << SHIFT) + COUNT] |= ATTACHED;
    }

    /** Whether {@link #attach} was called for the operation. */
    public boolean attached(int slot) {
        return ((int) facts[(slot << SHIFT) + COUNT] & ATTACHED) != 0;
    }

    /** {@link Operation#ordinal} of the operation. */
    public int kind(int slot) {
        return (int) facts[(slot << SHIFT) + COUNT] & KIND;
    }

    /** The operation itself. */
    public Operation operation(int slot) {
        return OPERATIONS[kind(slot)];
    }

    /**
     * Whether a command that is in flight is overdue. The clock is not read when a command is submitted, which would cost more than
     * all the rest: unless times are taken, a command's time counts from the first look at the clock after its submission. So it is never
     * called overdue too early.
     *
     * @param now {@link System#nanoTime}
     */
    public boolean overdue(int slot, long now, long deadlineNanos) {
        int at = (slot << SHIFT) + SINCE;
        if (facts[at] == 0) {
            facts[at] = now == 0 ? 1 : now;
            return false;
        }
        return now - facts[at] > deadlineNanos;
    }
}
