package io.sluice.uring;

import java.util.Arrays;

/**
 * Which slots are taken. A slot is not used again before the kernel has answered its operation, so an answer is always that of the present
 * one. One thread at a time.
 */
final class Slots {
    private static final byte FREE = 0;
    private static final byte TAKEN = 1;
    /** Its operation was given up: the answer frees the slot and reports nothing. */
    private static final byte ABANDONED = 2;

    private final byte[] states;
    private final int[] free;
    private int freeCount;
    private int abandoned;

    Slots(int count) {
        states = new byte[count];
        free = new int[count];
        Arrays.setAll(free, i -> count - 1 - i);
        freeCount = count;
    }

    int count() {
        return states.length;
    }

    /** Takes a slot; negative when all are taken. */
    int acquire() {
        if (freeCount == 0) {
            return -1;
        }
        int slot = free[--freeCount];
        states[slot] = TAKEN;
        return slot;
    }

    /** Frees a slot whose operation was answered, or never sent. */
    void release(int slot) {
        if (states[slot] == ABANDONED) {
            abandoned--;
        }
        states[slot] = FREE;
        free[freeCount++] = slot;
    }

    /** Gives an operation up. */
    void abandon(int slot) {
        states[slot] = ABANDONED;
        abandoned++;
    }

    /** Whether a number is that of a slot whose operation was not answered yet. */
    boolean isSent(long number) {
        return number >= 0 && number < states.length && states[(int) number] != FREE;
    }

    boolean isTaken(int slot) {
        return states[slot] == TAKEN;
    }

    /** Operations in flight that were not given up. */
    int inFlight() {
        return states.length - freeCount - abandoned;
    }

    /** Operations that were given up and are still with the kernel. */
    int abandoned() {
        return abandoned;
    }
}
