package io.sluice.uring;

import io.sluice.block.Operation;
import io.sluice.block.driver.SlotFacts;
import io.sluice.block.driver.Window;
import jnr.constants.platform.Errno;

/**
 * How far the operation in each slot has come: sends it, and sends again what is left of one that came back too early, the other way where there is one. Flat. One
 * thread at a time; nothing here allocates but the constructor.
 */
final class Headway {
    private static final int EINTR = -Errno.EINTR.intValue();
    private static final int EAGAIN = -Errno.EAGAIN.intValue();

    private final Commands commands;
    private final ScatteredTransfers scattered;
    private final SlotFacts facts;
    private final Window window;
    private final long bufferAddress;
    private final int blockShift;
    /** Where in the session's buffer the data of each slot begins, and how much of it was moved. */
    private final int[] offsets;

    private final int[] moved;
    /** Which operations are on their second way. */
    private final boolean[] otherWay;

    Headway(
            Commands commands,
            ScatteredTransfers scattered,
            SlotFacts facts,
            Window window,
            long bufferAddress,
            int slots) {
        this.commands = commands;
        this.scattered = scattered;
        this.facts = facts;
        this.window = window;
        this.bufferAddress = bufferAddress;
        this.blockShift = window.geometry().blockShift();
        this.offsets = new int[slots];
        this.moved = new int[slots];
        this.otherWay = new boolean[slots];
    }

    /** An operation takes a slot, of which nothing is done. */
    void begin(int slot) {
        moved[slot] = 0;
        otherWay[slot] = false;
    }

    /** The data of a slot's transfer begins here in the session's buffer. */
    void buffer(int slot, long offset) {
        offsets[slot] = (int) offset;
    }

    /** How many bytes of a slot's transfer were moved before the answer that comes next. */
    int moved(int slot) {
        return moved[slot];
    }

    /** How many bytes that answer is to be about. */
    long rest(int slot) {
        return facts.operation(slot).transfers() ? (facts.count(slot) << blockShift) - moved[slot] : 0;
    }

    /**
     * Sends what is left of an operation that came back too early, where that makes sense.
     *
     * @param result what the kernel answered
     * @param done how many bytes were moved, fewer than {@link #rest}; negative when it failed
     * @return whether it was sent
     */
    boolean goesOn(int slot, int result, long done) {
        Operation operation = facts.operation(slot);
        if (done > 0) {
            // Whole blocks count: direct I/O goes on at none but the beginning of one.
            int whole = (int) (moved[slot] + done) & -(1 << blockShift);
            if (whole <= moved[slot]) {
                return false;
            }
            moved[slot] = whole;
        } else if (result != EAGAIN && result != EINTR) {
            if (otherWay[slot] || !commands.hasOtherWay(operation, result)) {
                return false;
            }
            otherWay[slot] = true;
        }
        send(slot, operation);
        return true;
    }

    /** Puts the operation of a slot, or the rest of it, into a ring. */
    void send(int slot, Operation operation) {
        long block = window.onDevice(facts.block(slot));
        long count = facts.count(slot);
        if (facts.attached(slot)) {
            scattered.send(slot, operation, block, count, moved[slot]);
        } else {
            commands.send(slot, operation, block, count, moved[slot], bufferAddress + offsets[slot]);
        }
    }
}
