package io.sluice.block.driver;

/**
 * Holds each sync back until every write that was submitted before it is complete, and lets later writes go on meanwhile.
 *
 * <p>Writes belong to the epoch in which they were submitted; a sync that must wait ends the epoch. When the epoch of the
 * oldest held sync has no write left, the sync may go: the epochs before it ended with older syncs, which have gone already.
 *
 * <p>Slots are numbered from 0; each holds one operation at a time. One thread at a time. Nothing here allocates but the constructor.
 */
public final class WriteBarrier {
    private final int[] epochOfSlot;
    /** Writes in flight by epoch; a ring with room for an epoch more than syncs can be held. */
    private final int[] writes;
    /** Slots of held syncs, oldest first, a ring beside that of the epochs: the sync at i ended the epoch i. */
    private final int[] held;

    private final boolean[] holds;
    private int epoch;
    private int oldest;
    private int unfinished;

    /** A barrier without writes, for that many slots. */
    public WriteBarrier(int slots) {
        this.epochOfSlot = new int[slots];
        this.writes = new int[slots + 1];
        this.held = new int[slots + 1];
        this.holds = new boolean[slots];
    }

    /** A write was submitted. */
    public void submitted(int slot) {
        epochOfSlot[slot] = epoch;
        writes[epoch]++;
        unfinished++;
    }

    /** A write is complete; returns whether syncs may have become ready: see {@link #nextReady}. */
    public boolean completed(int slot) {
        int of = epochOfSlot[slot];
        unfinished--;
        return --writes[of] == 0 && of != epoch;
    }

    /** A sync was submitted; returns whether it may be sent at once. Otherwise it is held. */
    public boolean passes(int slot) {
        if (unfinished == 0) {
            return true;
        }
        held[epoch] = slot;
        holds[slot] = true;
        epoch = next(epoch);
        return false;
    }

    /** Whether no further sync can be held: syncs that were given up still occupy their epochs. */
    public boolean full() {
        return next(epoch) == oldest;
    }

    /** The slot of the next held sync that may be sent now; negative when there is none. */
    public int nextReady() {
        while (oldest != epoch && writes[oldest] == 0) {
            int slot = held[oldest];
            oldest = next(oldest);
            if (slot >= 0) {
                holds[slot] = false;
                return slot;
            }
        }
        return -1;
    }

    /** Whether the sync of a slot is held. */
    public boolean holds(int slot) {
        return holds[slot];
    }

    /** Forgets a held sync that was given up; the epoch that it ended stays. */
    public void drop(int slot) {
        for (int i = oldest; i != epoch; i = next(i)) {
            if (held[i] == slot) {
                held[i] = -1;
            }
        }
        holds[slot] = false;
    }

    private int next(int index) {
        return index + 1 == held.length ? 0 : index + 1;
    }
}
