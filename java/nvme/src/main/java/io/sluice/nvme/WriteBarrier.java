package io.sluice.nvme;

/**
 * Holds each sync back until every write that was submitted before it is complete, and lets later writes go on meanwhile.
 *
 * <p>Writes belong to the epoch in which they were submitted; a sync that must wait ends the epoch. When the epoch of the
 * oldest held sync has no write left, the sync may go: the epochs before it ended with older syncs, which have gone already.
 */
final class WriteBarrier {
    private final int[] epochOfSlot;
    /** Writes in flight by epoch; a ring with room for an epoch more than syncs can be held. */
    private final int[] writes;
    /** Slots of held syncs, oldest first, a ring beside that of the epochs: the sync at i ended the epoch i. */
    private final int[] held;

    private final boolean[] holds;
    private int epoch;
    private int oldest;
    private int unfinished;

    WriteBarrier(int slots) {
        this.epochOfSlot = new int[slots];
        this.writes = new int[slots + 1];
        this.held = new int[slots + 1];
        this.holds = new boolean[slots];
    }

    /** A write was submitted. */
    void submitted(int slot) {
        epochOfSlot[slot] = epoch;
        writes[epoch]++;
        unfinished++;
    }

    /** A write is complete; returns whether syncs may have become ready: see {@link #nextReady}. */
    boolean completed(int slot) {
        int of = epochOfSlot[slot];
        unfinished--;
        return --writes[of] == 0 && of != epoch;
    }

    /** A sync was submitted; returns whether it may be sent at once. Otherwise it is held. */
    boolean passes(int slot) {
        if (unfinished == 0) {
            return true;
        }
        held[epoch] = slot;
        holds[slot] = true;
        epoch = next(epoch);
        return false;
    }

    /** Whether no further sync can be held: syncs that were given up still occupy their epochs. */
    boolean full() {
        return next(epoch) == oldest;
    }

    /** The slot of the next held sync that may be sent now; negative when there is none. */
    int nextReady() {
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
    boolean holds(int slot) {
        return holds[slot];
    }

    /** Forgets a held sync that was given up; the epoch that it ended stays. */
    void drop(int slot) {
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
