package io.sluice.nvme;

import io.sluice.pci.RegisterSpace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A submission queue and its completion queue (section 4.1), with the slots that commands in flight occupy. It knows rings,
 * doorbells, phase and command identifiers, and nothing of what commands mean. One thread at a time.
 *
 * <p>A command identifier is the slot's number in its low bits and the slot's generation above: each use of a slot has another
 * identifier until the generations are used up, so that a completion that comes late, or twice, or from nowhere, is not
 * taken for that of the slot's present command. A queue of 32768 slots or more leaves no bit for generations; there a slot
 * is still never used again before its completion came.
 *
 * <p>Memory order: the stores that make up an entry come first, then the store of the doorbell, as a release store, so that no
 * compiler and no CPU lets the controller see the doorbell before the entry. A completion entry is read from its last
 * doubleword, by an acquire load, since that holds the phase bit and the controller writes it last; what else
 * is in the entry is read after it.
 */
final class QueuePair {
    /** From {@link #reap}: no completion is there. */
    static final int EMPTY = -1;
    /** From {@link #reap}: a completion was there that belongs to no command in flight. */
    static final int STRAY = -2;

    static final int SUBMISSION_SHIFT = 6;
    static final int COMPLETION_SHIFT = 4;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int PHASE = 1 << 16;
    /** Marks a slot whose command was given up: its completion frees the slot and reports nothing. */
    private static final int ABANDONED = 1 << 16;

    // What every command touches.
    private final ByteBuffer submissions;
    private final ByteBuffer completions;
    private final @Nullable ByteBuffer submissionDoorbell;
    private final @Nullable ByteBuffer completionDoorbell;
    private final int[] commandIds;
    private final int[] free;
    private final int slotMask;
    private final int submissionEntries;
    private final int completionEntries;
    /** How many consumed completion entries may be kept from the controller before it could run out of entries. */
    private final int releaseLag;

    private int freeCount;
    private int submissionTail;
    private int rungTail;
    private int completionHead;
    private int unreleased;
    private int phase = PHASE;
    private int status;
    private int taken;

    // What only set-up and trouble touch.
    private final int id;
    private final int slots;
    private final int generationStep;
    private final long[] since;
    private final RegisterSpace registers;
    private final long submissionDoorbellOffset;
    private final long completionDoorbellOffset;
    private long strays;

    /**
     * Rings over zeroed memory.
     *
     * @param id queue identifier, 0 = the admin queues
     * @param submissions the submission queue, 64 bytes an entry
     * @param completions the completion queue, 16 bytes an entry, at least as many entries
     * @param slots how many commands may be in flight, less than the entries of either queue
     */
    QueuePair(
            int id,
            ByteBuffer submissions,
            ByteBuffer completions,
            int slots,
            RegisterSpace registers,
            int doorbellStrideBytes) {
        this.id = id;
        this.submissions = submissions;
        this.completions = completions;
        this.slots = slots;
        this.submissionEntries = submissions.capacity() >> SUBMISSION_SHIFT;
        this.completionEntries = completions.capacity() >> COMPLETION_SHIFT;
        if (slots < 1 || slots >= submissionEntries || slots >= completionEntries) {
            throw new IllegalArgumentException(
                    slots + " slots in queues of " + submissionEntries + " and " + completionEntries);
        }
        this.releaseLag = completionEntries - 1 - slots;
        this.registers = registers;
        this.submissionDoorbellOffset = Registers.DOORBELLS + 2L * id * doorbellStrideBytes;
        this.completionDoorbellOffset = Registers.DOORBELLS + (2L * id + 1) * doorbellStrideBytes;
        this.submissionDoorbell = registers.mapped(submissionDoorbellOffset, 4);
        this.completionDoorbell = registers.mapped(completionDoorbellOffset, 4);
        this.slotMask = slots == 1 ? 0 : (Integer.highestOneBit(slots - 1) << 1) - 1;
        this.generationStep = slotMask + 1;
        this.commandIds = new int[slots];
        this.free = new int[slots];
        this.since = new long[slots];
        for (int slot = 0; slot < slots; slot++) {
            commandIds[slot] = ~slot;
            free[slot] = slots - 1 - slot;
        }
        this.freeCount = slots;
    }

    /** Takes a slot for a command; negative when all are taken. */
    int acquire() {
        if (freeCount == 0) {
            return EMPTY;
        }
        int slot = free[--freeCount];
        commandIds[slot] = ~commandIds[slot];
        since[slot] = 0;
        return slot;
    }

    /** The identifier of the command in a slot that was acquired. */
    int commandId(int slot) {
        return commandIds[slot];
    }

    /** Where in {@link #submissions()} the next entry goes, bytes. There is room for one for each slot acquired. */
    int entry() {
        return submissionTail << SUBMISSION_SHIFT;
    }

    ByteBuffer submissions() {
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
        if (submissionDoorbell != null) {
            INT.setRelease(submissionDoorbell, 0, submissionTail);
        } else {
            registers.write32(submissionDoorbellOffset, submissionTail);
        }
        return true;
    }

    /** Whether a completion is there. */
    boolean ready() {
        return ((int) INT.getAcquire(completions, (completionHead << COMPLETION_SHIFT) + 12) & PHASE) == phase;
    }

    /**
     * Takes the next completion.
     *
     * @return the slot whose command it completes, which is free again; {@link #EMPTY} or {@link #STRAY}
     */
    int reap() {
        int at = completionHead << COMPLETION_SHIFT;
        int last = (int) INT.getAcquire(completions, at + 12);
        if ((last & PHASE) != phase) {
            return EMPTY;
        }
        int queues = completions.getInt(at + 8);
        taken = at;
        int next = completionHead + 1;
        if (next == completionEntries) {
            completionHead = 0;
            phase ^= PHASE;
        } else {
            completionHead = next;
        }
        unreleased++;
        int commandId = last & 0xffff;
        int slot = commandId & slotMask;
        if (slot >= slots || commandIds[slot] != commandId || queues >>> 16 != id) {
            return stray(commandId, slot, queues >>> 16);
        }
        status = last >>> 17;
        release(slot, commandId);
        return slot;
    }

    /** Gives a slot back whose command was never pushed. */
    void cancel(int slot) {
        release(slot, commandIds[slot]);
    }

    private void release(int slot, int commandId) {
        int next = commandId + generationStep & 0xffff;
        // FFFFh is no command identifier (section 4.2): the error log uses it for "no particular command".
        commandIds[slot] = ~(next == 0xffff ? slot : next);
        free[freeCount++] = slot;
    }

    private int stray(int commandId, int slot, int queue) {
        if (slot < slots && queue == id && commandIds[slot] == (commandId | ABANDONED)) {
            release(slot, commandId);
        }
        strays++;
        return STRAY;
    }

    /** Status of the completion that {@link #reap} took: the field without the phase bit, 0 = success. */
    int status() {
        return status;
    }

    /** Doubleword 0 of the completion that {@link #reap} took. */
    int result() {
        return completions.getInt(taken);
    }

    /**
     * Gives entries that were taken back to the controller. With room to spare in the completion queue most calls do nothing: a
     * doorbell is a store across the bus, or an exit of the virtual machine.
     *
     * @param now whether to do it in any case
     */
    void releaseCompletions(boolean now) {
        if (unreleased > releaseLag >> 1 || (now && unreleased > 0)) {
            unreleased = 0;
            if (completionDoorbell != null) {
                INT.setRelease(completionDoorbell, 0, completionHead);
            } else {
                registers.write32(completionDoorbellOffset, completionHead);
            }
        }
    }

    /** How many slots are taken, those of abandoned commands included. */
    int taken() {
        return slots - freeCount;
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

    /**
     * Whether a command is overdue. The clock is not read when a command is submitted, which would cost more than all the rest:
     * a command's time counts from the first look at the clock after its submission. So it is never called overdue too early.
     *
     * @param slot any slot
     * @param now {@link System#nanoTime}
     */
    boolean overdue(int slot, long now, long deadlineNanos) {
        if (!inFlight(slot)) {
            return false;
        }
        if (since[slot] == 0) {
            since[slot] = now == 0 ? 1 : now;
            return false;
        }
        return now - since[slot] > deadlineNanos;
    }

    boolean inFlight(int slot) {
        return commandIds[slot] >= 0 && commandIds[slot] < ABANDONED;
    }

    /** Gives a command up. Its slot stays taken, and its memory in the controller's reach, until its completion comes. */
    void abandon(int slot) {
        commandIds[slot] |= ABANDONED;
    }

    @Override
    public String toString() {
        return "queue pair " + id + ", " + taken() + " of " + slots + " slots taken, tail " + submissionTail + ", head "
                + completionHead + ", ids " + Arrays.hashCode(commandIds);
    }
}
