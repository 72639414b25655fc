package io.sluice.nvme;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * A submission queue and its completion queue (section 4.1), with the slots that commands in flight occupy. It knows rings,
 * phase and command identifiers, and nothing of what commands mean. One thread at a time.
 *
 * <p>A command identifier is the slot's number in its low bits and the slot's generation above: each use of a slot has another
 * identifier until the generations are used up, so that a completion that comes late, or twice, or from nowhere, is not
 * taken for that of the slot's present command. A queue of 32768 slots or more leaves no bit for generations; there a slot
 * is still never used again before its completion came.
 *
 * <p>Memory order: the stores that make up an entry come first, then the doorbell (see {@link Doorbell}). A completion entry is read
 * from its last two doublewords, by one acquire load, since they hold the phase bit and the controller writes that last; what
 * else is in the entry is read after it.
 */
final class QueuePair {
    /** From {@link #reap}: no completion is there. */
    static final int EMPTY = -1;
    /** From {@link #reap}: a completion was there that belongs to no command in flight. */
    static final int STRAY = -2;

    static final int SUBMISSION_SHIFT = 6;
    static final int COMPLETION_SHIFT = 4;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** The phase bit among the last two doublewords of a completion entry. */
    private static final long PHASE = 1L << 48;

    private static final int MOST_SLOTS = 0xffff;
    /** Marks a slot whose command was given up: its completion frees the slot and reports nothing. */
    private static final int ABANDONED = 1 << 16;
    /** No identifier of a command. */
    private static final int NO_COMMAND = -1;

    // What every command touches.
    private final LongBuffer submissions;
    private final ByteBuffer completions;
    private final Doorbell submissionDoorbell;
    private final Doorbell completionDoorbell;
    /** By slot, the identifier of its command; {@link #NO_COMMAND} in a slot that is free. */
    private final int[] commandIds;
    /** For each free slot the identifier that its next command gets, which names the slot too. */
    private final int[] free;

    private final int slotMask;
    private final int submissionEntries;
    private final int completionEntries;
    /**
     * After how many completions their entries are given back to the controller: few enough for those in flight to find room beside them, many enough
     * for few doorbells, of which each is a store across the bus or an exit of the virtual machine.
     */
    private final int releaseDistance;

    private int freeCount;
    private int submissionTail;
    private int rungTail;
    private int completionHead;
    private int releasedHead;
    /** The head at which entries are due to be given back. */
    private int releaseAt;

    private long phase = PHASE;
    private int status;

    // What only set-up and trouble touch.
    private final int id;
    private final int slots;
    private final int generationStep;
    private int abandoned;
    private int late;
    private long strays;

    /**
     * Rings over zeroed memory.
     *
     * @param id queue identifier, 0 = the admin queues
     * @param submissions the submission queue, 64 bytes an entry
     * @param completions the completion queue, 16 bytes an entry, at least as many entries
     * @param slots how many commands may be in flight, less than the entries of either queue
     * @param submissionDoorbell tells the controller of new entries
     * @param completionDoorbell gives it completion entries back
     */
    QueuePair(
            int id,
            ByteBuffer submissions,
            ByteBuffer completions,
            int slots,
            Doorbell submissionDoorbell,
            Doorbell completionDoorbell) {
        this.id = id;
        this.submissions = submissions.asLongBuffer();
        this.completions = completions;
        this.slots = slots;
        this.submissionEntries = submissions.capacity() >> SUBMISSION_SHIFT;
        this.completionEntries = completions.capacity() >> COMPLETION_SHIFT;
        if (slots < 1 || slots >= submissionEntries || slots >= completionEntries) {
            throw new IllegalArgumentException(
                    slots + " slots in queues of " + submissionEntries + " and " + completionEntries);
        }
        this.releaseDistance = ((completionEntries - 1 - slots) >> 1) + 1;
        this.releaseAt = releaseDistance % completionEntries;
        this.submissionDoorbell = submissionDoorbell;
        this.completionDoorbell = completionDoorbell;
        // As many identifiers as the low bits can name, so that a device that names a slot beyond the last finds
        // nothing there.
        this.generationStep = slots == 1 ? 1 : Integer.highestOneBit(slots - 1) << 1;
        this.slotMask = generationStep - 1;
        this.commandIds = new int[generationStep];
        this.free = new int[slots];
        Arrays.fill(commandIds, NO_COMMAND);
        Arrays.setAll(free, i -> slots - 1 - i);
        this.freeCount = slots;
    }

    /** Takes a slot for a command; negative when all are taken. */
    int acquire() {
        int commandId = begin();
        return commandId < 0 ? commandId : slot(commandId);
    }

    /** Takes a slot for a command, and returns the command's identifier; negative when all are taken. */
    int begin() {
        if (freeCount == 0) {
            return EMPTY;
        }
        int commandId = free[--freeCount];
        commandIds[commandId & slotMask] = commandId;
        return commandId;
    }

    /** The slot of the command of this identifier. */
    int slot(int commandId) {
        return commandId & slotMask;
    }

    /** The identifier of the command in a slot that was acquired. */
    int commandId(int slot) {
        return commandIds[slot];
    }

    /** Where in {@link #submissions()} the next entry starts. There is room for one for each slot acquired. */
    int entry() {
        return (submissionTail & MOST_SLOTS) << (SUBMISSION_SHIFT - 3);
    }

    /** The submission queue by pairs of doublewords, eight an entry. */
    LongBuffer submissions() {
        return submissions;
    }

    /** The entry at {@link #entry} is written. */
    void push() {
        int next = submissionTail + 1;
        submissionTail = next == submissionEntries ? 0 : next;
    }

    /** Tells the controller of the entries pushed since the last time; returns whether there were any. */
    boolean ring() {
        if (submissionTail == rungTail) {
            return false;
        }
        rungTail = submissionTail;
        submissionDoorbell.ring(submissionTail);
        return true;
    }

    /** Whether a completion is there. */
    boolean ready() {
        return ((long) LONG.getAcquire(completions, (completionHead << COMPLETION_SHIFT) + 8) & PHASE) == phase;
    }

    /**
     * Takes the next completion.
     *
     * @return the slot whose command it completes, which is free again; {@link #EMPTY} or {@link #STRAY}
     */
    int reap() {
        int at = completionHead << COMPLETION_SHIFT;
        long last = (long) LONG.getAcquire(completions, at + 8);
        if ((last & PHASE) != phase) {
            return EMPTY;
        }
        int next = completionHead + 1;
        if (next == completionEntries) {
            next = 0;
            phase ^= PHASE;
        }
        completionHead = next;
        if (next == releaseAt) {
            releaseDue();
        }
        // From bit 0 on: SQ head pointer, SQ identifier, command identifier, phase, status (section 4.6).
        int queueId = (int) last >>> 16;
        int commandId = (int) (last >>> 32) & 0xffff;
        int slot = commandId & slotMask;
        if (commandIds[slot] != commandId || queueId != id) {
            return stray(commandId, slot, queueId);
        }
        status = (int) (last >>> 49);
        release(slot, commandId);
        return slot & MOST_SLOTS;
    }

    private void releaseDue() {
        try {
            releaseCompletions();
        } catch (InternalError doorbellGone) {
            // The function was removed. What it completed before is worth a report all the same; nothing will come
            // after it.
            return;
        }
    }

    /** Gives a slot back whose command was never pushed. */
    void cancel(int slot) {
        release(slot, commandIds[slot]);
    }

    private void release(int slot, int commandId) {
        int next = commandId + generationStep & 0xffff;
        commandIds[slot] = NO_COMMAND;
        // FFFFh is no command identifier (section 4.2): the error log uses it for "no particular command".
        free[freeCount++] = next == 0xffff ? slot : next;
    }

    private int stray(int commandId, int slot, int queue) {
        late = EMPTY;
        if (queue == id && commandIds[slot] == (commandId | ABANDONED)) {
            abandoned--;
            late = slot;
            release(slot, commandId);
        }
        strays++;
        return STRAY;
    }

    /** The slot, free again, whose command had been given up and which {@link #reap} found completed when it returned {@link #STRAY}; negative when that was another stray. */
    int late() {
        return late;
    }

    /** Status of the completion that {@link #reap} took: the field without the phase bit, 0 = success. */
    int status() {
        return status;
    }

    /** Doubleword 0 of the completion that {@link #reap} took. */
    int result() {
        int taken = completionHead == 0 ? completionEntries - 1 : completionHead - 1;
        return completions.getInt(taken << COMPLETION_SHIFT);
    }

    /** Gives all entries that were taken back to the controller. {@link #reap} does it by itself when it must be done. */
    void releaseCompletions() {
        int head = completionHead;
        if (head != releasedHead) {
            int next = head + releaseDistance;
            releaseAt = next < completionEntries ? next : next - completionEntries;
            releasedHead = head;
            completionDoorbell.ring(head);
        }
    }

    /** How many commands are in flight, without those that were given up. */
    int inFlight() {
        return slots - freeCount - abandoned;
    }

    /** How many commands were given up and have not been completed since. */
    int abandoned() {
        return abandoned;
    }

    int slots() {
        return slots;
    }

    int id() {
        return id;
    }

    /** Completions that belonged to no command in flight. */
    long strays() {
        return strays;
    }

    /** Whether a slot holds a command that was not given up. */
    boolean inFlight(int slot) {
        return commandIds[slot] >= 0 && commandIds[slot] < ABANDONED;
    }

    /** Gives a command up. Its slot stays taken, and its memory in the controller's reach, until its completion comes. */
    void abandon(int slot) {
        abandoned++;
        commandIds[slot] |= ABANDONED;
    }

    @Override
    public String toString() {
        return "queue pair " + id + ", " + inFlight() + " of " + slots + " in flight, tail " + submissionTail
                + ", head " + completionHead + ", ids " + Arrays.hashCode(commandIds);
    }
}
